/* Somebody who walks in while there is no network: a name is enough, and it arrives with the marks. */

export class WalkIns {
  constructor(roster) {
    this.roster = roster;
    this.dialog = document.getElementById("walk-in-dialog");
    this.list = roster.form.querySelector("[data-walk-ins]");
    this.link = document.querySelector("[data-walk-in]");
    this.link.addEventListener("click", (event) => {
      if (navigator.onLine && !roster.isCut) return; // the page of walk-ins can find people, too
      event.preventDefault();
      this.dialog.showModal();
    });
    this.dialog.querySelector("form").addEventListener("submit", () => this.add());
    this.dialog.querySelector("[data-close]").addEventListener("click", () => this.dialog.close());
  }

  async add() {
    const fields = this.dialog.querySelector("form").elements;
    const value = (name) => fields[name]?.value.trim() ?? "";
    const item = await this.roster.queue.put(0, "", {
      name: value("name"), email: value("email"), company: value("company"), place: value("place"), verdict: "present",
    });
    this.dialog.querySelector("form").reset();
    this.show(item);
    this.roster.flush(true);
  }

  show(item) {
    const line = this.roster.words.querySelector("[data-walk-in-line]").cloneNode(true);
    line.dataset.entry = item.id;
    line.querySelector("[data-name]").textContent = item.name;
    this.list.append(line);
    if (item.state !== "waiting") this.refused(item, item.told.message);
    return null;
  }

  line(item) {
    return this.list.querySelector(`[data-entry="${item.id}"]`);
  }

  arrived(item, told) {
    this.line(item)?.querySelector("[data-told]").replaceChildren(told.standing.line);
  }

  refused(item, message) {
    const line = this.line(item);
    if (!line) return;
    line.querySelector("[data-told]").textContent = message;
    const leave = this.roster.words.querySelector("[data-leave]").cloneNode(true);
    leave.onclick = async () => {
      await this.roster.queue.remove(item);
      line.remove();
      this.roster.settle();
    };
    line.append(leave);
  }
}
