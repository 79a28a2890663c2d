/* A link with data-back goes back in the browser's history, where the form still holds what was typed. */

for (const link of document.querySelectorAll("a[data-back]")) {
  link.addEventListener("click", (event) => {
    if (history.length < 2) return; // opened in a tab of its own: follow the link
    event.preventDefault();
    history.back();
  });
}
