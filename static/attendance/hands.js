/* Ways to the same taps: keys, swipes, and finding somebody in a long list. */

const VERDICTS = { p: "present", l: "late", e: "excused", a: "absent" };
const FAR = 70; // pixels that are no tap any longer

export function giveHands(form, search, undo) {
  const rows = () => [...form.querySelectorAll("[data-person]")].filter((row) => !row.hidden);
  form.addEventListener("keydown", (event) => key(event, rows, search, undo));
  let start = null;
  form.addEventListener("touchstart", (event) => (start = event.touches.length === 1 ? event.touches[0] : null), { passive: true });
  form.addEventListener("touchend", (event) => start && swipe(start, event.changedTouches[0]), { passive: true });
  search.addEventListener("input", () => find(form, search.value));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    focus(rows()[0]);
  });
}

// Only while a row has the focus: elsewhere letters are letters.
function key(event, rows, search, undo) {
  const row = event.target.closest("[data-person]");
  const isText = event.target.matches("input:not([type=radio]), textarea, select");
  if (!row || isText || event.ctrlKey || event.metaKey || event.altKey) return;
  const pressed = event.key.toLowerCase();
  const list = rows();
  const acts = {
    arrowdown: () => focus(list[list.indexOf(row) + 1]),
    arrowup: () => focus(list[list.indexOf(row) - 1]),
    "/": () => search.focus(),
    z: undo,
  };
  const act = VERDICTS[pressed] ? () => tap(row, VERDICTS[pressed]) : acts[pressed];
  if (!act) return;
  event.preventDefault();
  act();
}

function swipe(from, to) {
  const row = from.target.closest?.("[data-person]");
  const [across, down] = [to.clientX - from.clientX, to.clientY - from.clientY];
  if (row && Math.abs(across) > FAR && Math.abs(across) > 2 * Math.abs(down)) tap(row, across > 0 ? "present" : "absent");
}

function tap(row, verdict) {
  const input = row.querySelector(`input[name^="verdict-"][value="${verdict}"]`);
  input.checked = true;
  input.focus();
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function focus(row) {
  row?.querySelector('input[name^="verdict-"]:checked, input[name^="verdict-"]').focus();
}

function find(form, words) {
  const wanted = words.toLowerCase().split(/\s+/);
  let found = 0;
  for (const row of form.querySelectorAll("[data-person]")) {
    const text = row.querySelector(".roster-who").textContent.toLowerCase();
    row.hidden = !wanted.every((word) => text.includes(word));
    found += !row.hidden;
  }
  form.querySelector("[data-nobody]").hidden = found > 0;
}
