/* The facilitator's camera reads participants' own codes, one after another, where the browser can. Elsewhere the photo
   is sent as soon as it is taken, and read on the server. */

import { uuid } from "./uuid.js";

const LOOK_EVERY = 200;
const SAME_AGAIN = 4000; // a code that stays before the camera is one code

class Camera {
  constructor(element) {
    this.element = element;
    this.video = element.querySelector("video");
    this.told = element.querySelector("[data-told]");
    this.add = element.querySelector("[data-add]");
    this.seen = new Map();
    this.detector = new BarcodeDetector({ formats: ["qr_code"] });
    element.hidden = false;
    element.querySelector("[data-start]").addEventListener("click", (event) => this.start(event.target));
    this.add.addEventListener("click", () => this.send({ ...this.last, walk_in: true }));
  }

  async start(button) {
    try {
      this.video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      this.video.hidden = false;
      await this.video.play();
    } catch {
      this.tell("refused", this.element.dataset.denied);
      return;
    }
    button.hidden = true;
    this.look();
  }

  async look() {
    if (!document.hidden && !this.busy) {
      const codes = await this.detector.detect(this.video).catch(() => []);
      const code = codes.map((found) => found.rawValue).find((text) => this.isNew(text));
      if (code) await this.send({ code, id: uuid() });
    }
    setTimeout(() => this.look(), LOOK_EVERY);
  }

  isNew(text) {
    const before = this.seen.get(text) ?? 0;
    this.seen.set(text, Date.now());
    return Date.now() - before > SAME_AGAIN;
  }

  async send(scan) {
    this.busy = true;
    this.last = scan;
    try {
      const answer = await fetch(this.element.dataset.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.element.dataset.token },
        body: JSON.stringify(scan),
      });
      const told = await answer.json();
      this.tell(told.state, told.message);
    } catch {
      this.seen.delete(scan.code);
      this.tell("refused", this.element.dataset.offline);
    }
    this.busy = false;
  }

  tell(state, message) {
    this.told.textContent = message;
    this.told.dataset.tone = state;
    this.add.hidden = state !== "unexpected";
    navigator.vibrate?.(state === "here" ? 60 : [60, 60, 60]);
  }
}

const camera = document.querySelector("[data-camera]");
if (camera && "BarcodeDetector" in window && navigator.mediaDevices) new Camera(camera);

const form = document.querySelector("[data-photo]");
form?.elements.photo.addEventListener("change", () => form.elements.photo.files.length && form.requestSubmit());
