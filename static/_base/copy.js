/* A button with data-copy="text" or data-copy-from="#field" copies it and says so, in its own words (data-copied). */

const status = document.getElementById("live-status");

function textOf(button) {
  if (button.dataset.copy) return button.dataset.copy;
  const source = document.querySelector(button.dataset.copyFrom);
  return source.value ?? source.textContent.trim();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const label = button.querySelector("[data-label-text]") ?? button;
  const before = label.textContent;
  const done = button.dataset.copied || before;
  try {
    await navigator.clipboard.writeText(textOf(button));
  } catch {
    // No clipboard without https: select the text, so that it can be copied by hand.
    document.querySelector(button.dataset.copyFrom)?.select?.();
    return;
  }
  label.textContent = done;
  if (status) status.textContent = done;
  setTimeout(() => { label.textContent = before; }, 2500);
});

for (const button of document.querySelectorAll("[data-copy], [data-copy-from]")) button.hidden = false;
