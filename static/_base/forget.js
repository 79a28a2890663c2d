/* Nobody is signed in: pages that were kept for an account are gone from the device. Marks not sent yet stay, without
   names, until the same account comes back. */

if ("caches" in window) {
  for (const name of await caches.keys()) {
    if (/^kept:.*\/sessions\//.test(name)) await caches.delete(name);
  }
}
