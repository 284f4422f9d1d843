import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';

import { expect, lessons, Sandbox, test } from './fixtures';

/** What a static host sends of each file that the page has asked for, in bytes: text and WebAssembly after brotli. */
async function transferred(page: Page): Promise<Map<string, number>> {
  const addresses = await page.evaluate(() => [
    location.href,
    ...performance.getEntriesByType('resource').map(({ name }) => name),
  ]);
  const sizes = new Map<string, number>();
  for (const address of new Set(addresses)) {
    const { pathname } = new URL(address);
    if (pathname.startsWith('/api/')) continue;
    const file = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    const content = await readFile(new URL(`../../site/dist${file}`, import.meta.url)).catch(() => undefined);
    if (content) sizes.set(pathname, brotliCompressSync(content).length);
  }
  return sizes;
}

function total(sizes: Map<string, number>): number {
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

test('a lesson without its lab is at most 60 kB', async ({ page }) => {
  // No engine is asked for while nothing live is near.
  await page.addInitScript(() => {
    Object.defineProperty(window, 'IntersectionObserver', {
      value: class {
        observe() {}
        unobserve() {}
        disconnect() {}
      },
    });
  });
  await page.goto(lessons.rates, { waitUntil: 'networkidle' });
  const sizes = await transferred(page);
  console.log(`lesson without lab: ${total(sizes)} bytes in ${sizes.size} files`);
  expect([...sizes.keys()].filter((name) => name.endsWith('.wasm'))).toEqual([]);
  expect(total(sizes), JSON.stringify([...sizes])).toBeLessThanOrEqual(60_000);
});

test('the page with its lab, its first result shown, is at most 700 kB', async ({ page }) => {
  await page.goto('/');
  await expect(new Sandbox(page, 'PromQL query over the web shop').root.getByRole('slider')).toBeVisible();
  const sizes = await transferred(page);
  // The worker's own requests are not in the page's list.
  const engine = await page.evaluate(async () => (await fetch('/sw.js')).text());
  const wasm = [...engine.matchAll(/_astro\/promenade[.-][^"]*\.wasm/g)].map(([name]) => `/${name}`);
  for (const name of wasm.filter((each) => !each.includes('deferred'))) {
    const content = await readFile(new URL(`../../site/dist${name}`, import.meta.url));
    sizes.set(name, brotliCompressSync(content).length);
  }
  console.log(`home with its first result: ${total(sizes)} bytes in ${sizes.size} files`);
  expect(wasm.length).toBeGreaterThan(0);
  expect(total(sizes), JSON.stringify([...sizes])).toBeLessThanOrEqual(700_000);
});
