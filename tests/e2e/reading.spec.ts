import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

import { expect, lessons, reach, test } from './fixtures';

const pages = [
  '/',
  '/course/',
  '/sandbox/',
  '/progress/',
  '/glossary/',
  '/functions/',
  '/misconceptions/',
  '/workshop/',
  '/rules/',
  '/alerts/',
  '/query/',
  '/targets/',
  ...Object.values(lessons),
];

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a lesson has its prose, queries, tasks and hints', async ({ page }) => {
    await page.goto(lessons.selectors);
    await expect(page.getByRole('heading', { name: 'Selectors and matchers' })).toBeVisible();
    await expect(page.getByText('A series is chosen when all matchers agree')).toBeVisible();
    await expect(
      page.locator('pre').filter({ hasText: 'http_requests_total{job="payments", method="POST"}' }),
    ).toBeVisible();
    const exercise = page.getByRole('region', { name: /Exercise 3.2-E1/ });
    await expect(exercise.locator('.task')).toContainText('exactly 500');
    await expect(exercise.getByRole('button')).toHaveCount(0);
    await exercise.getByText('Hint 5 of 5').click();
    await expect(exercise.locator('details[open]')).not.toBeEmpty();
  });
});

for (const width of [320, 390, 768, 1440]) {
  test(`no page scrolls sideways at ${width} pixels`, async ({ page, quietPage }) => {
    quietPage.allowed.push(/404 \(Not Found\)/);
    await page.setViewportSize({ width, height: 844 });
    for (const path of pages) {
      await page.goto(path);
      if (path === '/' || path.startsWith('/course/promql')) await reach(page, 'promenade-sandbox >> nth=0');
      await expect(page.locator('promenade-sandbox [data-state="waiting"]')).toHaveCount(0);
      const { scroll, client } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        client: document.documentElement.clientWidth,
      }));
      expect(scroll, path).toBeLessThanOrEqual(client);
    }
  });
}

test('every link inside the site leads somewhere', async ({ page, quietPage, request }) => {
  quietPage.allowed.push(/404 \(Not Found\)/);
  const addresses = new Set<string>();
  for (const path of pages) {
    await page.goto(path);
    const found = await page
      .locator('a[href]')
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
    for (const address of found) addresses.add(address.replace(/#.*/, ''));
  }
  for (const address of [...addresses].filter((each) => !each.includes('/api/v1/'))) {
    expect((await request.get(address)).status(), address).toBe(200);
  }
});

/** The files that a lesson needs to be read, compressed as a host would: not the editor and the engine. */
test('a lesson weighs at most 60 kB without its engine', () => {
  const dist = fileURLToPath(new URL('../../site/dist/', import.meta.url));
  const weigh = (file: string) => brotliCompressSync(readFileSync(join(dist, file))).length;
  const html = readFileSync(join(dist, lessons.selectors, 'index.html'), 'utf8');
  const linked = [...html.matchAll(/(?:src|href)="(\/_astro\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file!);
  const scripts = withStaticImports(
    dist,
    linked.filter((file) => file.endsWith('.js')),
  );
  const styles = [...new Set(linked.filter((file) => file.endsWith('.css')))].filter(
    (file) => !file.includes('print'),
  );
  const sizes = {
    html: weigh(join(lessons.selectors, 'index.html')),
    css: styles.reduce((sum, file) => sum + weigh(file), 0),
    js: scripts.reduce((sum, file) => sum + weigh(file), 0),
  };
  console.log(`lesson page, brotli: ${JSON.stringify(sizes)}`);
  expect(readdirSync(join(dist, '_astro')).length).toBeGreaterThan(0);
  expect(sizes.html + sizes.css + sizes.js).toBeLessThanOrEqual(60_000);
});

function withStaticImports(dist: string, entries: string[]): string[] {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = readFileSync(join(dist, file), 'utf8');
    for (const [, imported] of source.matchAll(/(?:from|^import|;import)\s*"\.\/([^"]+\.js)"/g))
      visit(`/_astro/${imported}`);
  };
  entries.forEach(visit);
  return [...seen];
}
