/* The plan board by keyboard: one stop for Tab, arrows move between chips, Home and End to a row's ends. */

function rowsOf(board) {
  return [...board.querySelectorAll("tr")]
    .map((row) => [...row.querySelectorAll(".chip")])
    .filter((chips) => chips.length > 0);
}

const columnOf = (chip) => chip.closest("td").cellIndex;

function nearest(chips, column) {
  return chips.reduce((best, chip) =>
    Math.abs(columnOf(chip) - column) < Math.abs(columnOf(best) - column) ? chip : best);
}

function target(rows, chip, key) {
  const rowIndex = rows.findIndex((chips) => chips.includes(chip));
  const row = rows[rowIndex];
  const place = row.indexOf(chip);
  switch (key) {
    case "ArrowRight": return row[place + 1];
    case "ArrowLeft": return row[place - 1];
    case "ArrowDown": return rows[rowIndex + 1] && nearest(rows[rowIndex + 1], columnOf(chip));
    case "ArrowUp": return rows[rowIndex - 1] && nearest(rows[rowIndex - 1], columnOf(chip));
    case "Home": return row[0];
    case "End": return row.at(-1);
    default: return undefined;
  }
}

function showNow(region) {
  const now = region.querySelector("thead .is-now");
  if (!now) return;
  const first = region.querySelector(".board-corner").offsetWidth;
  // A little of what has been stays in view, but never so much that a phone shows only that.
  const before = Math.min(now.offsetWidth * 2, (region.clientWidth - first) / 5);
  region.scrollLeft = Math.max(0, now.offsetLeft - first - before);
}

function setUp(board) {
  const rows = rowsOf(board);
  const chips = rows.flat();
  if (chips.length === 0) return;
  const now = board.querySelector("thead .is-now");
  let current = now ? nearest(chips, now.cellIndex + 1) : chips[0];
  for (const chip of chips) chip.tabIndex = chip === current ? 0 : -1;
  const choose = (chip) => {
    current.tabIndex = -1;
    current = chip;
    current.tabIndex = 0;
  };
  board.addEventListener("focusin", (event) => {
    if (event.target.matches(".chip")) choose(event.target);
  });
  board.addEventListener("keydown", (event) => {
    if (!event.target.matches(".chip") || event.altKey || event.ctrlKey || event.metaKey) return;
    const chip = target(rows, event.target, event.key);
    if (!chip) return;
    event.preventDefault();
    chip.focus({ preventScroll: true });
    chip.scrollIntoView({ block: "nearest", inline: "nearest" }); // minds the headings that stay in view; focus does not
  });
}

for (const board of document.querySelectorAll("[data-board]")) {
  setUp(board);
  showNow(board.querySelector(".board-scroll"));
}
