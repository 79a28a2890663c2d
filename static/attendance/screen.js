/* The screen at the door: draws the square of each half minute and tells how many are here. Everything it draws is
   fetched ahead, so that it goes on without a network; time is the server's, as last heard of. */

import { keepPage } from "./kept.js";

const COUNT_EVERY = 5000;
const OFFSET = "clock-offset";

class Screen {
  constructor(element) {
    this.element = element;
    this.data = element.dataset;
    this.squares = new Map();
    this.offset = Number(localStorage.getItem(OFFSET) ?? this.data.now - Date.now());
    this.place = element.querySelector("[data-qr]");
    this.fetchAhead();
    this.count();
    this.draw();
    document.addEventListener("visibilitychange", () => document.hidden || this.count());
    this.offerFullScreen();
  }

  get now() {
    return Date.now() + this.offset;
  }

  // The half hour that is on first, then what comes, then what has been: a clock may have been wrong.
  async fetchAhead() {
    const packs = JSON.parse(this.data.packs);
    const steps = this.data.last - this.data.first + 1;
    const at = Math.floor(((Math.floor(this.now / this.data.step) - this.data.first) / steps) * packs.length);
    const from = Math.min(Math.max(at, 0), packs.length - 1);
    for (const pack of [...packs.slice(from), ...packs.slice(0, from)]) {
      try {
        const told = await (await fetch(pack)).json();
        told.squares.forEach((square, n) => this.squares.set(told.first + n, square));
        this.draw();
      } catch {
        this.again = setTimeout(() => this.fetchAhead(), 30000);
        return;
      }
    }
    keepPage();
  }

  draw() {
    clearTimeout(this.timer);
    const step = Math.floor(this.now / this.data.step);
    const square = this.squares.get(step);
    const isShut = step < Number(this.data.first) || step > Number(this.data.last);
    this.element.querySelector("[data-shut]").hidden = !isShut;
    this.place.hidden = isShut;
    if (square) this.place.replaceChildren(picture(square));
    this.place.dataset.shown = square ? step : "";
    this.timer = setTimeout(() => this.draw(), this.data.step - (this.now % this.data.step) + 20);
  }

  async count() {
    clearTimeout(this.counting);
    const known = this.element.querySelector("[data-known]");
    try {
      const answer = await fetch(this.data.count);
      if (!answer.ok) throw new Error(answer.status);
      const told = await answer.json();
      this.element.querySelector("[data-here]").textContent = told.text;
      known.textContent = told.last_known;
      known.hidden = !answer.headers.has("X-Kept");
      if (known.hidden) this.hear(told.now);
    } catch {
      known.hidden = !known.textContent;
    }
    if (!document.hidden) this.counting = setTimeout(() => this.count(), COUNT_EVERY);
  }

  hear(now) {
    this.offset = now - Date.now();
    localStorage.setItem(OFFSET, this.offset);
    this.draw();
  }

  offerFullScreen() {
    const button = document.querySelector("[data-full]");
    if (!this.element.requestFullscreen) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await this.element.requestFullscreen();
      await navigator.wakeLock?.request("screen").catch(() => null);
    });
  }
}

// Each row's black runs as one path: sharp at any size.
function picture({ side, bits }) {
  const bytes = Uint8Array.from(atob(bits), (letter) => letter.charCodeAt(0));
  const isBlack = (n) => (bytes[n >> 3] >> (7 - (n & 7))) & 1;
  let path = "";
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let run = 0;
      while (column + run < side && isBlack(row * side + column + run)) run++;
      if (run) path += `M${column + 2} ${row + 2}h${run}v1h-${run}z`;
      column += run;
    }
  }
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${side + 4} ${side + 4}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  const shape = svg.appendChild(document.createElementNS(svg.namespaceURI, "path"));
  shape.setAttribute("d", path);
  return svg;
}

const element = document.querySelector("[data-screen]");
if (element) new Screen(element);
