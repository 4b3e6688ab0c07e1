/** The shell without a network: every file of one build, kept together under that build's version. */
declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: [path: string, revision: string][];
declare const __VERSION__: string;

const CACHE = `shell-${__VERSION__}`;
const PATHS = new Set<string>();
for (const [path] of __PRECACHE__) PATHS.add(path);
/** Answered by the server only: data, documents and health are never taken from a cache. */
const SERVER_PATHS = ["/api/", "/schema/", "/healthz"];

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
  const path = event.request.mode === "navigate" ? "/" : url.pathname;
  if (PATHS.has(path)) event.respondWith(fromShell(path, event.request));
});

// A new build waits until a page that is just opening asks for it: an open one may still need an old chunk.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") event.waitUntil(self.skipWaiting());
});

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

async function fromShell(path: string, request: Request): Promise<Response> {
  const cached = await caches.match(path, { cacheName: CACHE });
  return cached ?? fetch(request);
}

export {};
