/* Saves each tap at once. A tap is kept on the device, with a number of its own, until the server has said that it
   has it: without a network it arrives later, and however often it is sent it counts once. */

import { uuid } from "./uuid.js";

const form = document.querySelector("[data-roster]");

class Queue {
  // One per session and account: somebody else who borrows the device must not send these marks as theirs.
  constructor(name) {
    this.name = name;
    try {
      this.items = JSON.parse(localStorage.getItem(name)) ?? [];
    } catch {
      this.items = [];
    }
  }

  save() {
    try {
      if (this.items.length) localStorage.setItem(this.name, JSON.stringify(this.items));
      else localStorage.removeItem(this.name);
    } catch {
      // A private window may refuse to store: the marks then live as long as the page.
    }
  }

  of(person) {
    return this.items.filter((item) => item.person === person);
  }

  // A tap over one that was never sent replaces it; over one that may have arrived it comes after it.
  put(person, seen, said) {
    const last = this.of(person).at(-1);
    if (last && (!last.tried || last.state !== "waiting")) {
      Object.assign(last, said, { at: Date.now(), state: "waiting" });
    } else {
      this.items.push({ id: uuid(), person, seen: last ? last.id : seen, at: Date.now(), state: "waiting", ...said });
    }
    this.save();
  }

  next() {
    const blocked = new Set(this.items.filter((item) => item.state !== "waiting").map((item) => item.person));
    return this.items.find((item) => item.state === "waiting" && !blocked.has(item.person));
  }

  done(item, standing) {
    this.items = this.items.filter((other) => other !== item);
    for (const other of this.items) if (other.seen === item.id) other.seen = standing.id;
    this.save();
  }

  drop(person) {
    this.items = this.items.filter((item) => item.person !== person);
    this.save();
  }
}

class Roster {
  constructor(element) {
    this.form = element;
    this.queue = new Queue(`roster:${element.dataset.roster}:${element.dataset.owner}`);
    this.state = element.querySelector("[data-state]");
    this.words = document.getElementById("roster-words").content;
    this.wait = 3000;
    element.querySelector("[data-save-all]").hidden = true;
    for (const item of this.queue.items) this.show(item);
    element.addEventListener("change", (event) => this.changed(event));
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.flush();
    });
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
    this.flush();
  }

  row(person) {
    return this.form.querySelector(`[data-person="${person}"]`);
  }

  changed(event) {
    const row = event.target.closest("[data-person]");
    const said = row && this.read(row);
    if (!said || !said.verdict) return;
    if (event.target.name.startsWith("reason-") && !this.queue.of(Number(row.dataset.person)).length) return;
    this.queue.put(Number(row.dataset.person), row.querySelector("[data-seen]").value, said);
    this.clear(row);
    this.flush();
  }

  read(row) {
    const person = row.dataset.person;
    const value = (name) => this.form.elements[`${name}-${person}`].value.trim();
    return { verdict: value("verdict"), place: value("place"), minutes: value("minutes"), reason: value("reason") };
  }

  // A mark that is still on the device is shown as tapped, also after the page was closed and opened again.
  show(item) {
    if (!this.row(item.person)) return;
    for (const name of ["verdict", "place", "minutes", "reason"]) {
      this.form.elements[`${name}-${item.person}`].value = item[name];
    }
    if (item.state !== "waiting") item.state = "waiting"; // ask the server once more: things may have changed
  }

  async flush() {
    if (this.busy) return;
    clearTimeout(this.timer);
    this.busy = true;
    let item;
    while ((item = this.queue.next())) {
      this.tell("saving");
      if (!(await this.send(item))) break;
    }
    this.busy = false;
    this.settle();
  }

  // Whether the next one may be sent.
  async send(item) {
    item.tried = true;
    this.queue.save();
    let answer, told;
    try {
      answer = await fetch(this.form.dataset.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.form.elements.csrf_token.value },
        body: JSON.stringify({ ...item, waited: Date.now() - item.at }),
      });
      told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    } catch {
      this.later();
      return false;
    }
    if (!told) {
      // A page instead of an answer: signed out, or the site is being restarted. The mark stays here.
      this.needsReload = answer.status < 500 && answer.status !== 429;
      if (!this.needsReload) this.later();
      return false;
    }
    this.wait = 3000;
    this.needsReload = false;
    this.answered(item, told);
    return true;
  }

  answered(item, told) {
    const row = this.row(item.person);
    if (told.state === "saved" || told.state === "kept") {
      this.queue.done(item, told.standing);
      if (row) this.stands(row, told.standing, this.queue.of(item.person).length === 0);
      return;
    }
    item.state = told.state;
    this.queue.save();
    if (!row) return;
    this.note(row, told.message + (told.standing ? ` ${this.word(row, told.standing.verdict)} · ${told.standing.sum}` : ""));
    if (told.state === "conflict") this.choose(row, item, told.standing);
    if (told.state === "reason") this.askReason(row);
    if (told.state === "refused") row.querySelector("details").open = true;
  }

  word(row, verdict) {
    return row.querySelector(`input[value="${verdict}"]`).parentElement.textContent.trim();
  }

  // Show what the ledger says. Controls are left alone while a newer tap is on its way.
  stands(row, standing, quiet) {
    row.querySelector("[data-seen]").value = standing.id;
    row.querySelector("[data-sum]").textContent = standing.sum;
    row.querySelector("[data-by]").textContent = standing.line;
    if (!quiet) return;
    this.clear(row);
    const person = row.dataset.person;
    this.form.elements[`verdict-${person}`].value = standing.verdict;
    this.form.elements[`place-${person}`].value = standing.place;
    this.form.elements[`reason-${person}`].value = "";
  }

  choose(row, item, standing) {
    const actions = this.actions(row, "keep", "again");
    actions.querySelector("[data-keep]").onclick = () => {
      this.queue.drop(item.person);
      this.stands(row, standing, true);
      this.settle();
    };
    actions.querySelector("[data-again]").onclick = () => {
      Object.assign(item, { seen: standing.id, state: "waiting" });
      this.queue.save();
      this.clear(row);
      this.flush();
    };
  }

  askReason(row) {
    row.querySelector("details").open = true;
    const field = this.form.elements[`reason-${row.dataset.person}`];
    field.focus();
    this.actions(row, "send").querySelector("[data-send]").onclick = () => {
      if (!field.value.trim()) field.focus();
      else this.changed({ target: field });
    };
  }

  actions(row, ...names) {
    const place = row.querySelector("[data-actions]");
    place.replaceChildren(...names.map((name) => this.words.querySelector(`[data-${name}]`).cloneNode(true)));
    place.hidden = false;
    return place;
  }

  note(row, text) {
    const note = row.querySelector("[data-note]");
    note.textContent = text;
    note.hidden = false;
  }

  clear(row) {
    row.querySelector("[data-note]").hidden = true;
    row.querySelector("[data-actions]").hidden = true;
    row.classList.remove("has-error");
  }

  later() {
    this.timer = setTimeout(() => this.flush(), this.wait);
    this.wait = Math.min(this.wait * 2, 60000);
  }

  settle() {
    const waiting = this.queue.items.filter((item) => item.state === "waiting").length;
    if (this.needsReload) this.tell("reload");
    else if (this.queue.items.length > waiting) this.tell("attention");
    else this.tell(waiting ? "waiting" : "saved", waiting);
  }

  tell(tone, count = 0) {
    const text = (count > 1 ? `${count}: ` : "") + this.state.dataset[tone];
    if (this.state.textContent !== text) this.state.textContent = text;
    this.state.dataset.tone = tone;
    const marked = this.form.querySelectorAll('input[name^="verdict-"]:checked').length;
    this.form.querySelector("[data-marked]").textContent = marked;
  }
}

if (form) new Roster(form);
