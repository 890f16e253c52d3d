/* Keeps the app's files of one version; the platform's data goes through. */
const NAME = "field-{{ version }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}",{% endfor %}];
const PICTURES = "field-pictures";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("field-") && ![NAME, PICTURES].includes(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
    if (old.length) (await self.clients.matchAll()).forEach((client) => client.postMessage("updated"));
  })());
});

const pageFirstFromLine = async (request) => {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) (await caches.open(NAME)).put(FILES[0], answer.clone());
    return answer;
  } catch {
    return caches.match(FILES[0]);
  }
};
const kept = async (request, name) => {
  const known = await caches.match(request, { ignoreSearch: name === NAME });
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(name)).put(request, answer.clone());
  return answer;
};
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === FILES[0]) event.respondWith(pageFirstFromLine(request));
  else if (FILES.includes(pathname)) event.respondWith(kept(request, NAME));
  else if (pathname.startsWith("/files/")) event.respondWith(kept(request, PICTURES));
});
