/* One go: the steps that the chosen cohort lacks are ticked, and the button says how many sessions it places. */

const form = document.querySelector("form[data-placed]");
const button = form?.querySelector("[data-count]");

function tickMissing() {
  const has = JSON.parse(form.dataset.placed)[form.elements.cohort_id.value] ?? [];
  for (const box of form.querySelectorAll("input[name=step_ids]")) box.checked = !has.includes(Number(box.value));
}

function count() {
  const n = form.querySelectorAll("input[name^=rows-][name$=-keep]:checked").length;
  button.textContent = n === 1 ? button.dataset.one : button.dataset.many.replace("{n}", n);
}

form?.addEventListener("change", (event) => {
  if (event.target.name === "cohort_id" && !button) tickMissing();
  if (button && event.target.name.endsWith("-keep")) count();
});
