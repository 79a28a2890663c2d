// Follows a job: moves the bar, and shows the page anew when there is a file (or a reason why not).

const box = document.querySelector("[data-job]");
const bar = box.querySelector("progress");
const words = bar.previousElementSibling;
const told = box.querySelector("[data-job-told]");
const LONGEST = 8000;
let wait = 1000;
let quarter = 0;

async function look() {
  try {
    const answer = await fetch(box.dataset.job, { headers: { Accept: "application/json" } });
    if (!answer.ok) return location.reload();
    show(await answer.json());
    wait = 1000;
  } catch {
    wait = Math.min(wait * 2, LONGEST); // the network is away: it may come back
  }
  setTimeout(look, wait);
}

function show(state) {
  if (state.status !== "waiting") location.reload();
  bar.max = state.total || 1;
  bar.value = state.done;
  words.textContent = state.words;
  const now = state.total ? Math.floor((4 * state.done) / state.total) : 0;
  if (now > quarter) told.textContent = state.words; // read aloud four times, not a hundred
  quarter = now;
}

setTimeout(look, wait);
