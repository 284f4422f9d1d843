import { Exercise, expect, lessons, Sandbox, test } from './fixtures';

// The other tests read what the server serves now; this one wants the worker.
test.use({ serviceWorkers: 'allow' });

test('after one visit a module works without a network: texts, queries, grading and search', async ({
  page,
  context,
  quietPage,
}) => {
  quietPage.allowed.push(/ERR_INTERNET_DISCONNECTED/);
  test.setTimeout(90_000);
  await page.goto('/');
  await page.evaluate(async () => {
    const { active, installing, waiting } = await navigator.serviceWorker.ready;
    if (!active && !installing && !waiting) throw new Error('There is no worker.');
  });
  await context.setOffline(true);

  await page.goto(lessons.selectors);
  await expect(page.getByRole('heading', { name: 'Selectors and matchers' })).toBeVisible();
  const sandbox = new Sandbox(page, 'Two matchers');
  await sandbox.root.scrollIntoViewIfNeeded().catch(() => undefined);
  const exercise = new Exercise(page, '3.2-E1');
  await exercise.open();
  await exercise.answer('http_requests_total{status="500"}');
  await expect(exercise.verdict).toContainText('Right.');
  await page.goto('/sandbox/');
  await expect(page.getByRole('treeitem').first()).toBeVisible({ timeout: 20_000 });
  await page.goto('/course/');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.locator('dialog input').fill('regular expression');
  await expect(page.locator('dialog').getByRole('link').first()).toBeVisible();
});
