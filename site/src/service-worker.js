/**
 * Keeps the site for when there is no network. Files whose names hold their hash never change: they are answered
 * from the cache. Pages are asked for first, so that a visitor with a network sees the newest; the cache answers
 * when the network doesn't. Nothing else is touched: a server's API is never cached.
 */
const version = '%version%';
const files = ['%files%'];

const cacheName = `promenade-${version}`;
const root = new URL('./', self.location.href);
const kept = new Set(files.map((file) => new URL(file, root).href));
/** Kept compressed: a third of the room. Fonts and pictures are compressed by themselves. */
const packable = /\/$|\.(?:html|js|mjs|css|json|svg|wasm|pf_\w+|pagefind)$/;
const packedBy = 'gzip';

/** Few at a time, so that the page's own requests come first. */
const atOnce = 4;

self.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const address = keptAddress(request.url);
  if (address === undefined) return;
  event.respondWith(isUnchanging(address) ? cacheFirst(address, request) : networkFirst(address, request));
});

/** Fills this version's cache; what an older version has under the same name with a hash is copied, not fetched. */
async function fill() {
  const cache = await caches.open(cacheName);
  const waiting = [...kept];
  const work = async () => {
    for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
      const known = isUnchanging(address) ? await caches.match(address) : undefined;
      const response = known ?? (await fetch(address, { cache: 'no-cache' }));
      if (!response.ok) throw new Error(`${address} answered ${response.status}.`);
      await cache.put(address, pack(address, response));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** The response as it is kept. */
function pack(address, response) {
  if (!packable.test(address) || response.headers.has('X-Packed') || !('CompressionStream' in self))
    return response;
  const headers = { 'Content-Type': response.headers.get('Content-Type') ?? '', 'X-Packed': packedBy };
  return new Response(response.body.pipeThrough(new CompressionStream(packedBy)), { headers });
}

/** What the cache has of an address, as it came. */
async function fromCache(address) {
  const response = await caches.match(address);
  if (!response?.headers.has('X-Packed')) return response;
  const headers = { 'Content-Type': response.headers.get('Content-Type') };
  return new Response(response.body.pipeThrough(new DecompressionStream(packedBy)), { headers });
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('promenade-') && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The address that a request is kept under, without query and fragment; a page also without its slash. */
function keptAddress(url) {
  const { origin, pathname } = new URL(url);
  const address = origin + pathname;
  if (kept.has(address)) return address;
  return kept.has(`${address}/`) ? `${address}/` : undefined;
}

function isUnchanging(address) {
  return address.startsWith(new URL('_astro/', root).href);
}

async function cacheFirst(address, request) {
  return (await fromCache(address)) ?? fetch(request);
}

async function networkFirst(address, request) {
  try {
    const response = await fetch(request);
    if (response.ok) return response;
  } catch {
    // No network: the cache answers.
  }
  return (await fromCache(address)) ?? Response.error();
}
