// The engine's second part (wasm/CMakeLists.txt) on good, slow and dead lines. quantile_over_time is there:
// no first lesson needs it.
import { expect, lessons, Sandbox, test } from './fixtures';

const deferred = /promenade\.deferred.*\.wasm$/;
const query = 'quantile_over_time(0.9, http_requests_in_flight[10m])';

test('a query that needs the engine’s second part gets its answer', async ({ page, context }) => {
  const fetched: string[] = [];
  context.on('request', (request) => {
    if (deferred.test(request.url())) fetched.push(request.url());
  });
  await page.goto(lessons.browser);
  const sandbox = new Sandbox(page, 'First query: up');
  await expect(sandbox.status).toHaveText(/\d+ series/);
  await sandbox.type(query);
  await expect(sandbox.status).toHaveText('instant vector: 11 series');
  expect(fetched.length).toBeGreaterThan(0);
});

test('typing on while the second part comes over a slow line keeps the engine', async ({ page, context }) => {
  await context.route(deferred, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await route.continue();
  });
  await page.goto(lessons.browser);
  const sandbox = new Sandbox(page, 'First query: up');
  await expect(sandbox.status).toHaveText(/\d+ series/);
  await sandbox.type(query);
  await page.waitForTimeout(600);
  await sandbox.type(`max(${query})`);
  await page.waitForTimeout(600);
  await sandbox.type(`count(${query})`);
  await expect(sandbox.status).toHaveText('instant vector: 1 series');
});

test('a dead line is said, and the next query works', async ({ page, context, quietPage }) => {
  quietPage.allowed.push(/Failed to load resource|ERR_FAILED/);
  await context.route(deferred, (route) => route.abort());
  await page.goto(lessons.browser);
  const sandbox = new Sandbox(page, 'First query: up');
  await expect(sandbox.status).toHaveText(/\d+ series/);
  await sandbox.type(query);
  await expect(sandbox.root.getByText('its second part could not be loaded')).toBeVisible();
  await sandbox.type('up == 1');
  await expect(sandbox.status).toHaveText(/instant vector: \d+ series/);
});
