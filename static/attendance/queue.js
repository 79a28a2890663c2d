/* Marks that the server has not confirmed, kept in the browser's own database: they outlive the page, the tab and the
   network. Each has a number of its own, so however often it is sent it counts once. */

import { uuid } from "./uuid.js";

const NAME = "attendance";
const MARKS = "marks"; // what is not sent yet, by its number
const KNOWN = "known"; // what the server last said of each person, newer than a page that was kept

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(MARKS, { keyPath: "id" });
      asked.result.createObjectStore(KNOWN, { keyPath: ["queue", "person"] });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

function all(store) {
  return new Promise((resolve, reject) => {
    const asked = store.getAll();
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

export class Queue {
  // One per session and account: somebody else who borrows the device must not send these marks as theirs.
  static async open(name) {
    const queue = new Queue();
    queue.name = name;
    queue.items = [];
    queue.known = [];
    try {
      queue.base = await opened();
      await queue.takeOver();
      const reading = queue.base.transaction([MARKS, KNOWN]);
      const [marks, known] = await Promise.all([all(reading.objectStore(MARKS)), all(reading.objectStore(KNOWN))]);
      queue.items = marks.filter((item) => item.queue === name).sort((a, b) => a.order - b.order);
      queue.known = known.filter((item) => item.queue === name);
    } catch {
      queue.base = null; // a private window may refuse to store: the marks then live as long as the page
    }
    return queue;
  }

  // An earlier version kept the marks elsewhere.
  async takeOver() {
    const old = JSON.parse(localStorage.getItem(this.name) ?? "[]");
    if (!old.length) return;
    const writing = this.base.transaction(MARKS, "readwrite");
    old.forEach((item, n) => writing.objectStore(MARKS).put({ ...item, queue: this.name, order: item.at + n / 1000 }));
    await done(writing);
    localStorage.removeItem(this.name);
  }

  async write(store, change) {
    if (!this.base) return;
    const writing = this.base.transaction(store, "readwrite");
    change(writing.objectStore(store));
    await done(writing).catch(() => null);
  }

  save(item) {
    return this.write(MARKS, (store) => store.put(item));
  }

  of(person) {
    return this.items.filter((item) => item.person === person);
  }

  // A tap over one that was never sent replaces it; over one that may have arrived it comes after it.
  async put(person, seen, said, wait = 0) {
    const last = person ? this.of(person).at(-1) : null; // 0: somebody new, whom nobody was marked before
    const at = Date.now();
    if (last && (!last.tried || last.state === "reason" || last.state === "refused")) {
      Object.assign(last, said, { at, due: at + wait, state: "waiting", told: null });
      await this.save(last);
      return last;
    }
    const order = Math.max(at, (this.items.at(-1)?.order ?? 0) + 0.001);
    const item = {
      id: uuid(), queue: this.name, order, person, at, due: at + wait, state: "waiting", ...said,
      seen: last ? last.id : seen,
    };
    this.items.push(item);
    await this.save(item);
    return item;
  }

  // The first that may go: nothing overtakes an earlier mark of the same person.
  next(now) {
    const blocked = new Set();
    for (const item of this.items) {
      if (item.person && blocked.has(item.person)) continue;
      if (item.state === "waiting" && item.due <= now) return item;
      blocked.add(item.person);
    }
    return null;
  }

  async remove(item) {
    this.items = this.items.filter((other) => other !== item);
    await this.write(MARKS, (store) => store.delete(item.id));
  }

  async drop(person) {
    for (const item of this.of(person)) await this.remove(item);
  }

  async arrived(item, standing) {
    for (const other of this.items) if (other.seen === item.id) other.seen = standing.id;
    for (const other of this.of(item.person)) if (other !== item) await this.save(other);
    if (item.person) await this.write(KNOWN, (store) => store.put({ queue: this.name, person: item.person, standing }));
    await this.remove(item);
  }

  // What the page itself says by now need not be remembered.
  async forgetBefore(made) {
    const old = this.known.filter((item) => item.standing.received <= made);
    this.known = this.known.filter((item) => item.standing.received > made);
    await this.write(KNOWN, (store) => old.forEach((item) => store.delete([item.queue, item.person])));
  }
}
