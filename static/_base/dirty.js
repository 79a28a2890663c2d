/* A form with data-dirty warns before the page is left with changes that are not saved. */

const dirty = new Set();

for (const form of document.querySelectorAll("form[data-dirty]")) {
  // A form that came back rejected holds changes from the start.
  if (form.querySelector(".error-summary")) dirty.add(form);
  form.addEventListener("input", () => dirty.add(form));
  form.addEventListener("submit", () => dirty.clear());
}

window.addEventListener("beforeunload", (event) => {
  if (dirty.size > 0) event.preventDefault();
});
