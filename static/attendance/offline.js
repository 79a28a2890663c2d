/* The service worker of the roster and of the screen at the door: keeps each of these pages with what it needs, and gives
   them when there is no network. It touches no other page. What it keeps of an account is gone when that account signs
   out (_base/forget.js), or when the site no longer shows the page. */

const ROOT = self.location.pathname.replace(/offline\.js$/, "");
const PAGE = /^(sessions\/\d+\/(attendance|check-in)|r\/[^/]+(\/check-in)?)$/;
const PATIENCE = 8000;
const LONGEST = 14 * 24 * 3600 * 1000;

const isPage = (path) => path.startsWith(ROOT) && PAGE.test(path.slice(ROOT.length));
const shelf = (path) => caches.open(`kept:${path}`);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { path, assets } = event.data;
  const port = event.ports[0];
  event.waitUntil(
    keep(path, assets).then(
      () => port.postMessage({ kept: true }),
      () => port.postMessage({ kept: false }),
    ),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (isPage(url.pathname)) event.respondWith(page(event.request, url));
  } else if (event.clientId) {
    event.respondWith(part(event));
  }
});

// The page and all it needs, as one: nothing of another version stays beside it.
async function keep(path, assets) {
  if (!isPage(path)) throw new Error(path);
  const kept = await shelf(path);
  if (!(await kept.match(path))) {
    const answer = await fetch(path, { redirect: "manual" });
    if (!answer.ok) throw new Error(path);
    await kept.put(path, answer);
  }
  for (const asset of assets) {
    if (!(await kept.match(asset))) await kept.add(asset);
  }
  const wanted = new Set([path, ...assets]);
  for (const request of await kept.keys()) {
    const { pathname, search } = new URL(request.url);
    if (pathname.includes("/static/") && !wanted.has(pathname + search)) await kept.delete(request);
  }
  await clearOld();
}

async function clearOld() {
  for (const name of await caches.keys()) {
    if (!name.startsWith("kept:")) continue;
    const answer = await (await caches.open(name)).match(name.slice("kept:".length));
    const made = Date.parse(answer?.headers.get("Date") ?? "");
    if (Date.now() - made > LONGEST) await caches.delete(name);
  }
}

async function page(request, { pathname: path, search }) {
  const answer = await inTime(fetch(request)).catch(() => null);
  if (answer && answer.status < 500) {
    if (answer.ok && search) return answer; // the list in another use, as for a sheet: the plain one is kept
    if (answer.ok) await (await shelf(path)).put(path, answer.clone());
    else await caches.delete(`kept:${path}`); // signed out, or no longer this person's to see
    return answer;
  }
  const kept = await (await shelf(path)).match(path);
  return kept ?? answer ?? Response.error();
}

async function part(event) {
  const client = await self.clients.get(event.clientId);
  const path = client ? new URL(client.url).pathname : "";
  if (!isPage(path)) return fetch(event.request);
  const kept = await shelf(path);
  const known = await kept.match(event.request);
  if (known && new URL(event.request.url).searchParams.has("v")) return known; // its address changes when it does
  const answer = await inTime(fetch(event.request)).catch(() => null);
  if (answer && answer.status < 500) {
    if (answer.ok && known) await kept.put(event.request, answer.clone());
    return answer;
  }
  return known ? marked(known) : (answer ?? Response.error());
}

// So that the page knows that it is not news.
function marked(answer) {
  const headers = new Headers(answer.headers);
  headers.set("X-Kept", "1");
  return new Response(answer.body, { status: answer.status, headers });
}

// A network that is there and answers nothing is none.
function inTime(promise) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(reject, PATIENCE))]);
}
