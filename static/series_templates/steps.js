/* Steps change places without a round trip: by dragging the handle, by the keyboard on it (space lifts and
   drops, arrows move, Escape puts back), or by the arrow buttons. The order sent is the order on the page,
   since every step holds its own hidden "order" field. Words come from the page. */

const list = document.querySelector("[data-steps]");
const status = document.getElementById("live-status");
let lifted = null; // { step, handle, before: the step it stood in front of, byPointer }

const steps = () => [...list.children];

function say(sentence, step) {
  const values = {
    number: steps().indexOf(step) + 1,
    count: list.children.length,
    title: step.querySelector("[data-title]").textContent,
  };
  status.textContent = list.dataset[sentence].replace(/\{(\w+)\}/g, (_all, name) => values[name]);
}

function renumber() {
  steps().forEach((step, place) => {
    step.querySelector("[data-number]").textContent = place + 1;
    for (const button of step.querySelectorAll("[data-label]")) {
      button.setAttribute("aria-label", button.dataset.label.replace("{number}", place + 1));
    }
    step.querySelector('[data-move="-1"]').setAttribute("aria-disabled", place === 0);
    step.querySelector('[data-move="1"]').setAttribute("aria-disabled", place === list.children.length - 1);
  });
}

/* Moving a node takes focus from what it holds: give it back. */
function put(step, before) {
  const focused = step.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(step, before);
  focused?.focus({ preventScroll: true });
  renumber();
}

function changed() {
  list.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
}

function moveBy(step, by) {
  const target = by < 0 ? step.previousElementSibling : step.nextElementSibling;
  if (!target) return false;
  put(step, by < 0 ? target : target.nextElementSibling);
  step.scrollIntoView({ block: "nearest" });
  return true;
}

function lift(handle, byPointer) {
  const step = handle.closest("[data-step]");
  lifted = { step, handle, before: step.nextElementSibling, byPointer };
  const top = step.getBoundingClientRect().top;
  list.classList.add("is-sorting"); // closes the steps, so that they are near each other
  window.scrollBy(0, step.getBoundingClientRect().top - top);
  step.classList.add("is-lifted");
  handle.setAttribute("aria-pressed", "true");
  say("lifted", step);
}

function drop({ back = false } = {}) {
  const { step, handle, before } = lifted;
  const moved = step.nextElementSibling !== before;
  lifted = null; // first: putting it back moves focus, which would drop it again
  if (back) put(step, before);
  list.classList.remove("is-sorting");
  step.classList.remove("is-lifted");
  handle.setAttribute("aria-pressed", "false");
  step.scrollIntoView({ block: "nearest" });
  say(back ? "restored" : "dropped", step);
  if (moved && !back) changed();
}

function onKey(event) {
  const handle = event.target.closest("[data-handle]");
  if (!handle) return;
  const arrows = { ArrowUp: -1, ArrowDown: 1 };
  if (event.key === " " || event.key === "Enter") {
    if (lifted) drop();
    else lift(handle, false);
  } else if (lifted && event.key in arrows) {
    if (moveBy(lifted.step, arrows[event.key])) say("moved", lifted.step);
  } else if (lifted && event.key === "Escape") {
    drop({ back: true });
  } else return;
  event.preventDefault();
}

function onPointerMove(event) {
  if (!lifted?.byPointer) return;
  if (event.clientY < 60) window.scrollBy(0, -14);
  if (event.clientY > window.innerHeight - 90) window.scrollBy(0, 14);
  const others = steps().filter((step) => step !== lifted.step);
  const below = others.find((step) => {
    const box = step.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  if ((below ?? null) !== lifted.step.nextElementSibling) put(lifted.step, below ?? null);
}

function start() {
  for (const handle of list.querySelectorAll("[data-handle]")) {
    handle.hidden = false;
    handle.setAttribute("aria-pressed", "false");
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || lifted) return;
      event.preventDefault();
      handle.focus({ preventScroll: true });
      lift(handle, true);
    });
    handle.addEventListener("blur", () => {
      // Moving the node blurs it for a moment; leaving it for something else drops it.
      setTimeout(() => lifted && lifted.handle === handle && document.activeElement !== handle && drop());
    });
  }
  list.addEventListener("keydown", onKey);
  // On the document, since a moved node loses a captured pointer.
  document.addEventListener("pointermove", onPointerMove);
  document.addEventListener("pointerup", () => lifted?.byPointer && drop());
  document.addEventListener("pointercancel", () => lifted?.byPointer && drop({ back: true }));
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const step = button.closest("[data-step]");
    if (moveBy(step, Number(button.dataset.move))) {
      say("moved", step);
      changed();
    }
  });
  list.addEventListener("input", (event) => refreshHead(event.target));
  renumber();
  openTarget();
  window.addEventListener("hashchange", openTarget);
}

/* The head of a closed step says what was typed in it. */
function refreshHead(field) {
  const step = field.closest("[data-step]");
  if (field.name?.endsWith("-title")) {
    const title = step.querySelector("[data-title]");
    title.textContent = field.value.trim() || title.dataset.untitled;
  }
  if (field.name?.endsWith("-minutes")) {
    const minutes = Number(field.value);
    const parts = [Math.floor(minutes / 60) && `${Math.floor(minutes / 60)} h`, minutes % 60 && `${minutes % 60} min`];
    step.querySelector("[data-length]").textContent = minutes > 0 ? parts.filter(Boolean).join(" ") : "";
  }
}

/* An address or a link in the summary of errors may point into a closed step. */
function openTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const step = target && target.closest("[data-step]");
  if (!step || target === step) return;
  step.querySelector("details").open = true;
  target.focus();
}

if (list) start();
