/* While a session is filled in: the day in words and what it would clash with, asked from the server.
   Without script the same is shown when the form is sent. */

const form = document.querySelector("form[data-check]");
const place = form?.querySelector("[data-clashes]");
const reason = form?.querySelector("[data-reason]");
const note = form?.querySelector("[data-day-note]");
let waiting;
let asked = 0;

async function look() {
  const turn = ++asked;
  let answer;
  try {
    const response = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) });
    if (!response.ok) return;
    answer = await response.json();
  } catch {
    return; // no network: the clashes are shown when the form is sent
  }
  if (turn !== asked) return; // an older answer than the newest question
  if (note && note.textContent !== answer.day) note.textContent = answer.day;
  if (form.elements.seen.value !== answer.seen || place.childElementCount === 0) place.innerHTML = answer.clashes;
  form.elements.seen.value = answer.seen;
  reason.hidden = answer.count === 0;
}

form?.addEventListener("input", (event) => {
  if (event.target.name === "clash_reason" || event.target.name === "note") return;
  clearTimeout(waiting);
  waiting = setTimeout(look, 300);
});
