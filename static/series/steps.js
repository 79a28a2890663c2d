// Drag a step to another place. The buttons "Move up" and "Move down" do the same without a script.
const list = document.querySelector("[data-reorder]");

function placeUnder(y) {
  return [...list.children].find((item) => {
    const box = item.getBoundingClientRect();
    return !item.classList.contains("is-dragged") && y < box.top + box.height / 2;
  });
}

async function save(item) {
  const to = [...list.children].indexOf(item) + 1;
  const body = new URLSearchParams({ to, csrf_token: list.dataset.csrf });
  const headers = { "X-Requested-With": "fetch" };
  try {
    await fetch(item.dataset.move, { method: "POST", body, headers });
  } finally {
    window.location.reload();
  }
}

if (list) {
  for (const item of list.children) {
    item.draggable = true;
    item.addEventListener("dragstart", () => item.classList.add("is-dragged"));
    item.addEventListener("dragend", () => {
      item.classList.remove("is-dragged");
      save(item);
    });
  }
  list.addEventListener("dragover", (event) => {
    event.preventDefault();
    const dragged = list.querySelector(".is-dragged");
    if (dragged) list.insertBefore(dragged, placeUnder(event.clientY) ?? null);
  });
}
