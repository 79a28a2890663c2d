// A search field over a long list of checkboxes: hides what does not fit. Without script the list is simply whole.

function connect(root) {
  const field = root.querySelector("[data-filter-field]");
  const words = root.querySelector("[data-filter-words]");
  const status = root.querySelector("[data-filter-status]");
  const groups = [...root.querySelectorAll("[data-filter-group]")];

  function narrow() {
    const wanted = words.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of groups) {
      let inGroup = 0;
      for (const item of group.querySelectorAll("[data-filter-item]")) {
        const fits = wanted.every((word) => item.dataset.filterItem.includes(word));
        item.hidden = !fits;
        inGroup += fits ? 1 : 0;
      }
      group.hidden = inGroup === 0;
      shown += inGroup;
    }
    status.textContent = shown ? "" : status.dataset.none;
    status.classList.toggle("visually-hidden", shown > 0);
  }

  field.hidden = false;
  words.addEventListener("input", narrow);
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // Enter searches here; it must not send the form
  });
}

for (const root of document.querySelectorAll("[data-filter]")) connect(root);
