// npm run measure:site: the site's times and scores against their bars, as a table. It wants `npm test -- native wasm
// site` first, an idle machine, and minutes. With -- NAMES only some: query, typing, lighthouse. What a
// page weighs is held by tests/e2e/budgets.spec.ts.
//
// Lines are slowed by a proxy (lib/slow-line.mjs), the processor by Chromium, which slows the page and not the worker.
// Lighthouse is no dependency of the project: it is taken from node_modules, or from the folder in LIGHTHOUSE_DIR.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';

import { browserFlags, freePort, startServer } from './lib/browser.mjs';
import { slowLine } from './lib/slow-line.mjs';
import { entry } from './lib/task.mjs';

const pages = {
  lessons: ['/course/promql-basics/rates/', '/course/architecture/pull/'],
  lab: '/sandbox/',
};
const lines = {
  '10 Mbit/s': { bitsPerSecond: 10e6, roundTripMs: 40, slowdown: 1, barMs: 800 },
  'slow-4G, 4x slower processor': { bitsPerSecond: 1.6e6, roundTripMs: 150, slowdown: 4, barMs: 3500 },
};
const visits = 3;
/** About a thousand series; a range of an hour has 241 points, and of 300 steps no range is offered. */
const typed = { query: '{job=~"frontend|catalog|checkout|payments"}', keys: 24 };

const rows = [];
const report = (what, value, unit, bar, isMost = true) => {
  const holds = isMost ? value <= bar : value >= bar;
  rows.push([what, `${Number(value.toFixed(value < 10 ? 2 : 0))} ${unit}`, `${isMost ? 'at most' : 'at least'} ${bar}`, holds ? 'holds' : 'MISSED']);
  console.log(rows.at(-1).join(' | '));
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** A page in a browser that has seen nothing before. */
async function freshly(browser, work, options = {}) {
  const context = await browser.newContext({ serviceWorkers: 'block', ...options });
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

async function measureFirstQuery({ browser, server }) {
  for (const [name, { bitsPerSecond, roundTripMs, slowdown, barMs }] of Object.entries(lines)) {
    const times = [];
    for (let visit = 0; visit < visits; visit++) {
      const line = await slowLine({ port: server.port, bitsPerSecond, roundTripMs });
      await freshly(browser, async (page) => {
        const session = await page.context().newCDPSession(page);
        await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
        await page.goto(`http://127.0.0.1:${line.port}/`, { waitUntil: 'commit' });
        await page.locator('promenade-sandbox [data-state="fresh"]').first().waitFor({ timeout: 60_000 });
        times.push(await page.evaluate(() => performance.now()));
      });
      line.close();
    }
    report(`first query, ${name} (${times.map((each) => each.toFixed(0)).join(', ')} ms)`, median(times), 'ms', barMs);
  }
}

/** From a key to the result that belongs to it, in the table of a thousand series and in their graph. */
async function measureTyping({ browser, server }) {
  for (const tab of ['Table', 'Graph']) {
    await freshly(browser, async (page) => {
      await page.goto(`http://127.0.0.1:${server.port}/sandbox/`);
      const sandbox = page.locator('promenade-sandbox').first();
      await sandbox.locator('[data-state="fresh"]').waitFor({ timeout: 60_000 });
      await sandbox.getByRole('tab', { name: tab }).click();
      await sandbox.locator('.cm-content').click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(typed.query);
      await page.waitForTimeout(2000);
      const times = [];
      for (let key = 0; key < typed.keys; key++) {
        const time = page.evaluate(
          () =>
            new Promise((resolve) => {
              const result = document.querySelector('promenade-sandbox .result');
              let since = 0;
              addEventListener('keydown', () => (since = performance.now()), { once: true, capture: true });
              const observer = new MutationObserver(() => {
                if (since === 0 || result.dataset.state !== 'fresh') return;
                observer.disconnect();
                resolve(performance.now() - since);
              });
              observer.observe(result, { attributes: true, attributeFilter: ['data-state'], childList: true, subtree: true });
            }),
        );
        await page.keyboard.press(key % 2 === 0 ? 'Space' : 'Backspace');
        times.push(await time);
        await page.waitForTimeout(150);
      }
      const p95 = [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
      const status = await sandbox.locator('.status').innerText();
      report(`key to result, ${tab}, ${status}: 95th percentile (median ${median(times).toFixed(0)})`, p95, 'ms', 50);
    });
  }
}

async function loadLighthouse() {
  const folder = process.env.LIGHTHOUSE_DIR;
  const place = folder ? pathToFileURL(join(folder, 'node_modules/lighthouse/core/index.js')).href : 'lighthouse';
  return import(place).then(({ default: lighthouse }) => lighthouse, () => undefined);
}

async function measureLighthouse({ server }) {
  const lighthouse = await loadLighthouse();
  if (!lighthouse) {
    console.log('lighthouse is not installed: npm install lighthouse in a folder, and name it in LIGHTHOUSE_DIR');
    return;
  }
  const debugPort = await freePort();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...browserFlags, `--remote-debugging-port=${debugPort}`],
  });
  const bars = { performance: 98, accessibility: 100, 'best-practices': 100, seo: 100 };
  try {
    for (const path of [...pages.lessons, pages.lab]) {
      const { lhr } = await lighthouse(`http://127.0.0.1:${server.port}${path}`, {
        port: debugPort,
        onlyCategories: Object.keys(bars),
        logLevel: 'error',
      });
      for (const [category, bar] of Object.entries(bars)) {
        const wanted = category === 'performance' && path === pages.lab ? 90 : bar;
        report(`Lighthouse ${lhr.lighthouseVersion}, ${path}, ${category}`, lhr.categories[category].score * 100, 'points', wanted, false);
        if (lhr.categories[category].score * 100 >= wanted) continue;
        for (const { id, weight } of lhr.categories[category].auditRefs) {
          const audit = lhr.audits[id];
          if (weight > 0 && audit.score !== null && audit.score < 1) console.log(`    ${audit.title}: ${audit.displayValue ?? audit.explanation ?? audit.score}`);
        }
      }
    }
  } finally {
    await browser.close();
  }
}

const measures = { query: measureFirstQuery, typing: measureTyping, lighthouse: measureLighthouse };

async function main() {
  const chosen = process.argv.slice(2);
  const unknown = chosen.find((name) => !Object.hasOwn(measures, name));
  if (unknown) throw new Error(`There is no measure ${unknown}; there are ${Object.keys(measures).join(', ')}.`);
  const server = await startServer();
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: browserFlags });
  try {
    for (const [name, measure] of Object.entries(measures)) {
      if (chosen.length === 0 || chosen.includes(name)) await measure({ browser, server });
    }
  } finally {
    await browser.close();
    server.stop();
  }
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  console.log('');
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  if (rows.some((row) => row[3] === 'MISSED')) process.exitCode = 1;
}

await entry(main);
