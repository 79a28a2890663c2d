/* Keeps this page on the device, with all it needs, for when there is no network. The service worker does it. */

const ASSET = /\/static\/|\/check-in\/(squares|count)$/;

export async function keepPage() {
  const place = document.querySelector("[data-worker]");
  if (!place || location.search || !("serviceWorker" in navigator)) return;
  const root = place.dataset.worker.replace(/offline\.js$/, "");
  const isLink = location.pathname.startsWith(`${root}r/`);
  try {
    const registration = await navigator.serviceWorker.register(place.dataset.worker, {
      scope: root + (isLink ? "r/" : "sessions/"),
    });
    const worker = registration.active ?? (await navigator.serviceWorker.ready).active;
    const assets = performance
      .getEntriesByType("resource")
      .map((entry) => new URL(entry.name))
      .filter((url) => url.origin === location.origin && ASSET.test(url.pathname))
      .map((url) => url.pathname + url.search);
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => {
      place.hidden = !event.data.kept;
    };
    worker.postMessage({ path: location.pathname, assets }, [channel.port2]);
  } catch {
    // Without it the page works as long as it is open.
  }
}
