// The worker of the site: pages come from the network, always; without signal comes one page that holds nothing of
// anybody, and shows what the phone keeps. Styles and scripts of that page are kept under their version.
"use strict";
const { version, shell, files } = self.KEPT;
const CACHE = `crm-${version}`;
const KEPT_FILES = new Set(files.map((address) => new URL(address, location.origin).pathname));
const OPENS_WITHOUT = /^\/(log\/|customers\/(\d+\/)?)?$/;
const PATIENCE = 12000;

self.addEventListener("install", (event) => {
  const page = new Request(shell, { cache: "reload", credentials: "omit" });
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...files, page])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("crm-") && name !== CACHE) await caches.delete(name);
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  })());
});

const withoutSignal = async () => (await caches.match(shell, { ignoreVary: true })) || Response.error();

const page = async (event, path) => {
  const asked = (async () => (await event.preloadResponse) || fetch(event.request))();
  const limit = OPENS_WITHOUT.test(path) && new Promise((_, late) => { setTimeout(late, PATIENCE, new Error("late")); });
  try {
    return await (limit ? Promise.race([asked, limit]) : asked);
  } catch {
    asked.catch(() => {});
    return withoutSignal();
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url.pathname));
  else if (KEPT_FILES.has(url.pathname)) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept || fetch(request)));
  }
});
