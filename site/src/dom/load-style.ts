/**
 * Adds a style sheet that only one part of the page needs, once that part is needed: the build would otherwise link
 * it on every page. Resolves when it is there, or has failed to load: the part then looks plain, and works.
 */
const loaded = new Map<string, Promise<void>>();

export function loadStyle(address: string): Promise<void> {
  const known = loaded.get(address);
  if (known) return known;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = address;
  const ready = new Promise<void>((resolve) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => resolve());
  });
  document.head.append(link);
  loaded.set(address, ready);
  return ready;
}
