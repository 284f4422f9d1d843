// npm run screenshots: the pictures of the README, taken from the built site in site/screenshots. It wants `npm test --
// native wasm site` first. The world is the same each time, so only what was changed looks different.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

import { browserFlags, startServer } from './lib/browser.mjs';
import { entry, root } from './lib/task.mjs';

/** Wide on paper, narrow at night: with four pictures of everything the repository would be all pictures. */
const views = [
  { name: 'wide', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
];
const folder = join(root, 'site/screenshots');

/** What each picture shows, and what is done before it is taken. */
const pictures = [
  {
    name: 'home',
    path: '/',
    async prepare(page) {
      await page.locator('promenade-sandbox figcaption').first().waitFor();
    },
  },
  {
    name: 'lesson',
    path: '/course/promql-basics/rates/',
    async prepare(page, view) {
      if (view !== 'wide') return;
      await page.getByRole('button', { name: 'Start the lab' }).click();
      await page.locator('promenade-lab [data-state="fresh"]').waitFor();
    },
  },
  {
    name: 'explain',
    path: '/sandbox/',
    async prepare(page) {
      await page.getByRole('treeitem').nth(1).click({ timeout: 60_000 });
      await page.getByRole('heading', { name: 'Rate microscope' }).waitFor();
    },
  },
  {
    name: 'wrong-answer',
    path: '/course/promql-basics/selectors/',
    async prepare(page) {
      const exercise = page.getByRole('region', { name: /Exercise 3.2-E1/ });
      await exercise.scrollIntoViewIfNeeded();
      const editor = exercise.getByRole('textbox');
      await editor.click({ timeout: 60_000 });
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText('http_requests_total{status=~"5.."}');
      await exercise.getByRole('button', { name: 'Check answer' }).click();
      await exercise.getByText('Not yet.', { exact: true }).waitFor({ timeout: 60_000 });
      await page.waitForTimeout(500);
      await exercise.locator('[data-part="verdict"]').evaluate((element) => element.scrollIntoView({ block: 'center' }));
    },
  },
  {
    name: 'life-line',
    path: '/workshop/',
    async prepare(page) {
      await page.getByRole('button', { name: 'Start with these files' }).click();
      await page.getByRole('tab', { name: 'Life-line' }).click();
      await page.getByRole('img', { name: /Life-line of/ }).waitFor({ timeout: 60_000 });
      await page.locator('.life-line').evaluate((element) => element.scrollIntoView({ block: 'center' }));
    },
  },
  {
    name: 'shell',
    path: '/course/promql-basics/http-api/',
    async prepare(page) {
      const shell = page.getByRole('group', { name: 'One question, one address' });
      await shell.scrollIntoViewIfNeeded();
      await shell.getByRole('button', { name: /job: \.metric\.job/ }).click();
      await shell.getByRole('region', { name: 'What the shell answered' }).getByText('"payments"').first().waitFor({ timeout: 60_000 });
      await shell.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    },
  },
];

async function main() {
  const chosen = process.argv.slice(2);
  mkdirSync(folder, { recursive: true });
  const server = await startServer();
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: browserFlags });
  try {
    for (const { name, path, prepare } of pictures) {
      if (chosen.length > 0 && !chosen.includes(name)) continue;
      for (const { name: view, viewport, colorScheme } of views) {
        const page = await browser.newPage({ viewport, colorScheme, locale: 'en-GB', reducedMotion: 'reduce' });
        await page.goto(`http://127.0.0.1:${server.port}${path}`);
        await prepare(page, view);
        await page.waitForTimeout(300);
        await page.screenshot({ path: join(folder, `${name}-${view}.png`) });
        await page.close();
      }
      console.log(name);
    }
  } finally {
    await browser.close();
    server.stop();
  }
}

await entry(main);
