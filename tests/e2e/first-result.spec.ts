import { expect, test } from './fixtures';

// Recording a trace costs more than what is measured here.
test.use({ trace: 'off' });

test('the home page shows a result within 1.5 seconds of navigation', async ({ browser, baseURL }) => {
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
  console.log(`navigation to first result: ${times.map((time) => time.toFixed(0)).join(', ')} ms`);
  expect(least).toBeLessThanOrEqual(1500);
});
