/* Saves each tap. A tap is kept on the device, with a number of its own, until the server has said that it has it:
   without a network it arrives later, also after the tab was closed, and however often it is sent it counts once. */

import { giveHands } from "./hands.js";
import { keepPage } from "./kept.js";
import { Queue } from "./queue.js";
import { WalkIns } from "./walk_ins.js";

const SECOND_THOUGHT = 2500; // so long a tap can be taken back without a trace

class Roster {
  constructor(element, queue) {
    this.form = element;
    this.queue = queue;
    this.state = element.querySelector("[data-state]");
    this.words = document.getElementById("roster-words").content;
    this.undoButton = element.querySelector("[data-undo]");
    this.token = element.elements.csrf_token.value;
    this.wait = 3000;
    element.querySelector("[data-save-all]").hidden = true;
    for (const part of element.querySelectorAll("[data-with-script]")) part.hidden = false;
    this.walkIns = new WalkIns(this);
    this.showKept();
    element.addEventListener("change", (event) => this.changed(event));
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.flush(true);
    });
    this.undoButton.addEventListener("click", () => this.undo());
    giveHands(element, element.querySelector("[data-search]"), () => this.undo());
    window.addEventListener("online", () => this.flush(true));
    window.addEventListener("pagehide", () => this.flush(true));
    document.addEventListener("visibilitychange", () => this.flush(true));
    this.flush(true);
  }

  row(person) {
    return this.form.querySelector(`[data-person="${person}"]`);
  }

  // A page from the device is older than what was said since; and what is still on the device is shown as tapped.
  async showKept() {
    const made = Number(this.form.dataset.made);
    for (const { person, standing } of this.queue.known) {
      const row = this.row(person);
      if (row && standing.received > made) this.stands(row, standing, true);
    }
    for (const item of this.queue.items) this.show(item);
    await this.queue.forgetBefore(made);
  }

  show(item) {
    const row = item.person ? this.row(item.person) : this.walkIns.show(item);
    if (!item.person || !row) return;
    if (item.state === "conflict" && this.seen(row) === item.told.standing.id) {
      this.ask(row, item);
      return;
    }
    for (const name of ["verdict", "place", "minutes", "reason"]) {
      this.form.elements[`${name}-${item.person}`].value = item[name];
    }
    item.state = "waiting"; // ask the server once more: things may have changed
    item.due = 0;
    this.note(row, this.form.dataset.notSent);
  }

  seen(row) {
    return row.querySelector("[data-seen]").value;
  }

  async changed(event) {
    const row = event.target.closest("[data-person]");
    const said = row && this.read(row);
    if (!said || !said.verdict) return;
    const person = Number(row.dataset.person);
    if (event.target.name.startsWith("reason-") && !this.queue.of(person).length) return;
    await this.take(row, person, said);
  }

  async take(row, person, said) {
    this.clear(row);
    this.tell("saving");
    const before = row.dataset.before;
    for (const item of this.queue.of(person)) if (item.state === "conflict") await this.queue.remove(item);
    const item = await this.queue.put(person, this.seen(row), said, SECOND_THOUGHT);
    this.last = { row, person, item, before: before ? JSON.parse(before) : null };
    this.undoButton.hidden = false;
    this.flush();
  }

  // The last tap is taken back: without a trace while it is here, by a mark that says what stood before once it is not.
  async undo() {
    const last = this.last;
    if (!last || this.undoButton.hidden) return;
    this.last = null;
    this.undoButton.hidden = true;
    if (!last.item.tried) {
      await this.queue.remove(last.item);
      this.set(last.row, last.before ?? { verdict: "", place: last.item.place, minutes: "", reason: "" });
      this.clear(last.row);
      this.settle();
    } else if (last.before) {
      this.set(last.row, last.before);
      await this.take(last.row, last.person, { ...last.before, reason: "" });
      this.last = null;
      this.undoButton.hidden = true;
    }
  }

  set(row, said) {
    for (const name of ["verdict", "place", "minutes"]) {
      const field = this.form.elements[`${name}-${row.dataset.person}`];
      if (name === "verdict" && !said.verdict) for (const radio of field) radio.checked = false;
      else field.value = said[name];
    }
  }

  read(row) {
    const person = row.dataset.person;
    const value = (name) => this.form.elements[`${name}-${person}`].value.trim();
    return { verdict: value("verdict"), place: value("place"), minutes: value("minutes"), reason: value("reason") };
  }

  async flush(atOnce = false) {
    if (this.busy) return;
    clearTimeout(this.timer);
    this.busy = true;
    let item;
    while ((item = this.queue.next(atOnce ? Infinity : Date.now()))) {
      this.tell("saving");
      if (!(await this.send(item))) break;
    }
    this.busy = false;
    this.settle();
    const due = this.queue.items.filter((one) => one.state === "waiting" && one.due > Date.now()).map((one) => one.due);
    if (!item && due.length) this.timer = setTimeout(() => this.flush(), Math.min(...due) - Date.now() + 10);
  }

  // Whether the next one may be sent.
  async send(item) {
    item.tried = true;
    await this.queue.save(item);
    if (this.last?.item === item && !this.last.before) this.undoButton.hidden = true;
    let answer, told;
    try {
      answer = await this.post(item);
      if (answer.status === 400 && (await this.renew())) answer = await this.post(item);
      told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    } catch {
      this.isCut = true;
      this.later(item);
      return false;
    }
    if (!told) {
      // A page instead of an answer: signed out, or the site is being restarted. The mark stays here.
      this.needsReload = answer.status < 500 && answer.status !== 429;
      if (!this.needsReload) this.later(item);
      return false;
    }
    this.wait = 3000;
    this.needsReload = this.isCut = false;
    await this.answered(item, told);
    return true;
  }

  post(item) {
    const { queue, order, due, told, ...said } = item;
    return fetch(this.form.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ ...said, waited: Math.max(0, Date.now() - item.at) }),
      keepalive: true, // the tab may be on its way out
      redirect: "manual", // to sign in
    });
  }

  // A page from the device may carry the token of an earlier stay; whether there is a new one.
  async renew() {
    const page = await fetch(location.pathname, { redirect: "manual" });
    if (!page.ok) return false;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrf_token]")?.value;
    const isNew = Boolean(fresh) && fresh !== this.token;
    this.token = fresh ?? this.token;
    return isNew;
  }

  async answered(item, told) {
    const row = item.person ? this.row(item.person) : null;
    if (told.state === "saved" || told.state === "kept") {
      await this.queue.arrived(item, told.standing);
      if (!item.person) this.walkIns.arrived(item, told);
      else if (row) this.stands(row, told.standing, this.queue.of(item.person).length === 0);
      return;
    }
    item.state = told.state;
    item.told = told;
    await this.queue.save(item);
    if (!item.person) this.walkIns.refused(item, told.message);
    if (!row) return;
    if (told.state === "conflict") {
      this.stands(row, told.standing, true);
      this.ask(row, item);
      return;
    }
    this.note(row, told.message);
    if (told.state === "reason") this.askReason(row);
    if (told.state === "refused") row.querySelector("details").open = true;
  }

  word(row, said) {
    const verdict = row.querySelector(`input[value="${said.verdict}"]`).parentElement.textContent.trim();
    return `${verdict} · ${said.sum}`;
  }

  // Show what the ledger says. Controls are left alone while a newer tap is on its way.
  stands(row, standing, quiet) {
    row.querySelector("[data-seen]").value = standing.id;
    row.querySelector("[data-sum]").textContent = standing.sum;
    row.querySelector("[data-by]").textContent = standing.line;
    row.dataset.before = JSON.stringify({ verdict: standing.verdict, place: standing.place, minutes: standing.typed });
    if (!quiet) return;
    this.clear(row);
    const person = row.dataset.person;
    this.form.elements[`verdict-${person}`].value = standing.verdict;
    this.form.elements[`place-${person}`].value = standing.place;
    this.form.elements[`reason-${person}`].value = "";
  }

  // Two marks met, and both are in the ledger: which is right, only people know.
  ask(row, item) {
    const { theirs, mine, standing, message } = item.told;
    this.note(row, `${message} ${this.word(row, theirs)} / ${this.word(row, mine)}`);
    const actions = this.actions(row, "keep", "again");
    for (const [name, chosen] of [["keep", theirs], ["again", mine]]) {
      actions.querySelector(`[data-${name}]`).onclick = async () => {
        await this.queue.drop(item.person);
        this.clear(row);
        this.stands(row, standing, true);
        if (chosen.id !== standing.id) {
          const said = { verdict: chosen.verdict, place: chosen.place, minutes: chosen.typed };
          await this.queue.put(item.person, standing.id, { ...said, reason: this.form.dataset.chosen });
        }
        this.flush(true);
      };
    }
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

  later(item) {
    const row = item.person && this.row(item.person);
    if (row) this.note(row, this.form.dataset.notSent);
    this.timer = setTimeout(() => this.flush(true), this.wait);
    this.wait = Math.min(this.wait * 2, 60000);
  }

  settle() {
    const waiting = this.queue.items.filter((item) => item.state === "waiting").length;
    const isThinking = this.queue.items.some((item) => item.state === "waiting" && item.due > Date.now());
    if (this.needsReload) this.tell("reload");
    else if (this.queue.items.length > waiting) this.tell("attention");
    else if (isThinking && !this.isCut) this.tell("saving");
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

const form = document.querySelector("[data-roster]");
if (form) {
  // The store takes a moment to open: what is tapped meanwhile is taken then.
  const early = [];
  const keep = (event) => early.push(event);
  form.addEventListener("change", keep);
  const queue = await Queue.open(`roster:${form.dataset.roster}:${form.dataset.owner}`);
  form.removeEventListener("change", keep);
  const roster = new Roster(form, queue);
  for (const event of early) await roster.changed(event);
}
await keepPage();
