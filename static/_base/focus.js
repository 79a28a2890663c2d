/* Puts focus where the page asks for it: the summary of errors after a rejected form. */

document.querySelector("[data-focus]")?.focus();

// A link in the summary leads to the field itself, with its label in view.
for (const link of document.querySelectorAll(".error-summary a")) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus({ preventScroll: true });
    (field.closest(".field, .field-group") ?? field).scrollIntoView({ block: "center" });
  });
}
