import { expect, Sandbox, test } from './fixtures';

test.beforeEach(async ({ page }) => {
  await page.goto('/sandbox/');
  await expect(page.getByRole('treeitem').first()).toBeVisible({ timeout: 20_000 });
});

const sandboxOf = (page: ConstructorParameters<typeof Sandbox>[0]) =>
  new Sandbox(page, 'PromQL query over the web shop');

test('a remark is marked in the query, and its change is one click away', async ({ page }) => {
  const sandbox = sandboxOf(page);
  const { root, editor } = sandbox;
  await sandbox.type('http_requests_total{status=~"500"}');
  const remarks = root.getByRole('list', { name: 'Remarks on the query' });
  await expect(remarks).toBeVisible();
  await expect(root.locator('.remark-token')).toBeVisible();
  await remarks.getByRole('button').first().click();
  await expect(editor).toHaveText('http_requests_total{status="500"}');
  await expect(remarks).toBeHidden();
});

test('Format sets the query well, Undo takes it back, Reset starts over', async ({ page }) => {
  const sandbox = sandboxOf(page);
  const { root, editor } = sandbox;
  await sandbox.type('sum(rate(http_requests_total[5m]))by(job)');
  await root.getByRole('button', { name: 'Format' }).click();
  await expect(editor).toHaveText('sum by (job) (rate(http_requests_total[5m]))');
  await root.getByRole('button', { name: 'Undo' }).click();
  await expect(editor).toHaveText('sum(rate(http_requests_total[5m]))by(job)');
  await page.keyboard.press('Alt+Shift+F');
  await expect(editor).toHaveText('sum by (job) (rate(http_requests_total[5m]))');
  await sandbox.type('up');
  await root.getByRole('button', { name: 'Reset' }).click();
  await expect(editor).toHaveText('sum by (job) (rate(http_requests_total[5m]))');
});

test('a link brings world, time, tab and query back', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const sandbox = sandboxOf(page);
  const { root } = sandbox;
  await root.getByRole('button', { name: /World time/ }).click();
  await root.getByRole('slider', { name: 'Moment to evaluate at' }).fill('1767230400');
  await expect(root.locator('.clock')).toContainText('01:20:00 UTC (past)');
  await root.getByRole('tab', { name: 'Table' }).click();
  await sandbox.type('up == 1');
  await expect(root.getByRole('table')).toBeVisible();
  await root.getByRole('button', { name: 'Copy link' }).click();
  await expect(root.getByText('The link is in the clipboard.')).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toMatch(/\/sandbox\/#s1\.[\w-]+$/);

  await page.goto('/course/');
  await page.goto(address);
  await expect(sandbox.editor).toHaveText('up == 1');
  await expect(root.getByRole('tab', { name: 'Table' })).toHaveAttribute('aria-selected', 'true');
  await expect(root.locator('.clock')).toContainText('01:20:00 UTC');
});

test('a link that makes no sense opens the sandbox as it is', async ({ page }) => {
  await page.goto('/course/');
  await page.goto('/sandbox/#s1.PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg');
  const sandbox = sandboxOf(page);
  await expect(sandbox.editor).toHaveText('sum by (job) (rate(http_requests_total[5m]))');
});

test('time can be looked back on, and let pass', async ({ page }) => {
  const { root } = sandboxOf(page);
  await root.getByRole('button', { name: /World time/ }).click();
  await root.getByRole('button', { name: 'Let ten minutes pass' }).click();
  await expect(root.locator('.clock .face')).toHaveText('02:10:00 UTC');
  await expect(root.getByRole('heading', { name: 'At 02:10:00' })).toBeVisible();
  const slider = root.getByRole('slider', { name: 'Moment to evaluate at' });
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(root.getByRole('heading', { name: 'At 02:09:45' })).toBeVisible();
  await root.getByRole('button', { name: 'Now', exact: true }).click();
  await expect(root.getByRole('heading', { name: 'At 02:10:00' })).toBeVisible();
});
