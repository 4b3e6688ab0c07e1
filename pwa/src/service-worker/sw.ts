/** The shell without a network: every file of one build, kept together under that build's version. */
declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: [path: string, revision: string][];
declare const __VERSION__: string;

const CACHE = `shell-${__VERSION__}`;
const PATHS = new Set<string>();
for (const [path] of __PRECACHE__) PATHS.add(path);
/** Answered by the server only: data, documents and health are never taken from a cache. */
const SERVER_PATHS = ["/api/", "/schema/", "/healthz"];

/** The link of a card: the server knows where it leads. */
const CARDS = "/n/";

self.addEventListener("install", (event) => {
  event.waitUntil(precache());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (SERVER_PATHS.some((path) => url.pathname.startsWith(path))) return;
  if (url.pathname.startsWith(CARDS)) return event.respondWith(fromCard(event.request));
  const path = event.request.mode === "navigate" ? "/" : url.pathname;
  if (PATHS.has(path)) event.respondWith(fromShell(path, event.request));
});

// A new build waits until a page that is just opening asks for it: an open one may still need an old chunk.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") event.waitUntil(self.skipWaiting());
});

/** A notice for a phone whose page is shut: what kind of thing and its number, no value (`bot/cards.py`). */
interface Notice {
  title: string;
  body: string;
  link: string;
}

self.addEventListener("push", (event) => {
  const notice = event.data?.json() as Notice | undefined;
  if (notice !== undefined) event.waitUntil(show(notice));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(new URL((event.notification.data as Notice).link)));
});

function show(notice: Notice): Promise<void> {
  // The same matter told again takes the place of what was said of it.
  return self.registration.showNotification(notice.title, {
    body: notice.body,
    data: notice,
    icon: "/icons/lotgate.svg",
    tag: notice.link,
  });
}

/** Where the notice leads, in a page that is open already if there is one. Its address is ours, whoever sent it. */
async function open({ pathname, hash }: URL): Promise<void> {
  const address = new URL(pathname + hash, self.location.origin).href;
  const [page] = await self.clients.matchAll({ type: "window" });
  if (page === undefined) await self.clients.openWindow(address);
  else await Promise.allSettled([page.focus(), page.navigate(address)]);
}

async function precache(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: a shell must never mix the files of two builds.
  await cache.addAll([...PATHS].map((path) => new Request(path, { cache: "reload" })));
}

async function dropOldShells(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("shell-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** Without a network, to the notices that are on the phone. */
async function fromCard(request: Request): Promise<Response> {
  return fetch(request).catch(() => Response.redirect("/#/notices"));
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const cached = await caches.match(path, { cacheName: CACHE });
  return cached ?? fetch(request);
}

export {};
