/* A button with data-confirm="Question" asks first. Without script the form is sent at once,
   so what cannot be undone must also be asked on a page of its own. Words come from the layout's template. */

const template = document.getElementById("confirm-dialog");

function ask(question, label) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  dialog.querySelector("[data-question]").textContent = question;
  dialog.querySelector("button[value=yes]").textContent = label;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-confirm]");
  if (!button || !template || button.dataset.confirmed) return;
  event.preventDefault();
  const label = button.dataset.confirmLabel || button.textContent.trim();
  if (!(await ask(button.dataset.confirm, label))) return;
  button.dataset.confirmed = "yes";
  button.click();
  delete button.dataset.confirmed;
});
