/* The service worker of the page for visits: keeps the page itself and its own static files, and nothing else.
   SHELL and VERSION stand before these lines (desk/views/phone.py). What is sent goes past it. */
"use strict";

const NAME = `shuoshi-visits-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    for (const address of SHELL) {
      const answer = await fetch(address, { cache: "reload", credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`); // signed out: another time
      await cache.put(address, answer);
    }
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("shuoshi-visits-") && name !== NAME) await caches.delete(name);
    await self.clients.claim();
  })());
});
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin || !SHELL.includes(address.pathname)) return;
  event.respondWith((async () => (await (await caches.open(NAME)).match(address.pathname)) || fetch(event.request))());
});
