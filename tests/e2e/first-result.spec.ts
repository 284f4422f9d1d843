import { expect, test } from './fixtures';

// Recording a trace costs more than what is measured here.
test.use({ trace: 'off' });

/** The bar, on two idle cores. A machine that does other things as well may take twice as long before this fails. */
const firstResultMsBar = 1500;

test('the home page shows a result soon after navigation', async ({ browser, baseURL }) => {
  const times: number[] = [];
  for (let visit = 0; visit < 3; visit++) {
    // A fresh context has nothing in its cache.
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(baseURL!, { waitUntil: 'commit' });
    await page.locator('promenade-sandbox figcaption').waitFor();
    times.push(await page.evaluate(() => performance.now()));
    await context.close();
  }
  // The least of three: whatever else the machine does can only add to it.
  const least = Math.min(...times);
  console.log(
    `navigation to first result: ${times.map((time) => time.toFixed(0)).join(', ')} ms (bar ${firstResultMsBar})`,
  );
  expect(least).toBeLessThanOrEqual(2 * firstResultMsBar);
});
