/* While a mail's words are typed the preview follows. Without script the buttons below the form show it. */

const form = document.querySelector("form[data-preview]");
const shown = ["subject", "body", "csrf_token"];
let kind = "html";
let waiting;

function look() {
  const old = document.querySelector("iframe[name^=preview]");
  // A frame of its own each time: its first page leaves no trace in the browser's history.
  const next = old.cloneNode();
  next.removeAttribute("src");
  next.name = `preview${Date.now()}`;
  next.hidden = true;
  old.after(next);
  next.addEventListener("load", () => {
    for (const frame of document.querySelectorAll("iframe[name^=preview]")) if (frame !== next) frame.remove();
    next.hidden = false;
  });
  const asked = document.createElement("form");
  Object.assign(asked, { method: "post", action: form.dataset.preview, target: next.name, hidden: true });
  for (const [name, value] of [...shown.map((each) => [each, form.elements[each].value]), ["as", kind]]) {
    const field = document.createElement("textarea");
    Object.assign(field, { name, value });
    asked.append(field);
  }
  document.body.append(asked);
  asked.submit();
  asked.remove();
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 400);
});

for (const button of form?.querySelectorAll("button[formtarget]") ?? []) {
  button.addEventListener("click", (event) => {
    event.preventDefault(); // sending the form itself would say that what was typed has been saved
    kind = button.value;
    look();
  });
}
