import { expect, Sandbox, serverHasScraped, test } from './fixtures';

test('the expression browser keeps its query in the address', async ({ page }) => {
  await serverHasScraped(page);
  await page.goto('/query/?expr=up&tab=graph&range=15m');
  const sandbox = new Sandbox(page, 'PromQL query');
  await expect(sandbox.root.getByRole('slider')).toBeVisible();
  await expect(sandbox.root.getByLabel('Range')).toHaveValue('15m');
  await sandbox.type('up == 1');
  await expect(page).toHaveURL(/expr=up\+%3D%3D\+1&tab=graph&range=15m/);
  await page.reload();
  await expect(sandbox.editor).toHaveText('up == 1');
});

test('the expression browser asks for the time that the learner chose', async ({ page }) => {
  await serverHasScraped(page);
  await page.goto('/query/');
  const sandbox = new Sandbox(page, 'PromQL query');
  await expect(sandbox.status).toHaveText(/2 series/);
  const asked = page.waitForRequest(/\/api\/v1\/query\?.*time=1767232800/);
  await sandbox.root.getByLabel(/Until/).fill('2026-01-01T02:00:00');
  await asked;
});

test('targets show health, labels and the last error', async ({ page }) => {
  await serverHasScraped(page);
  await page.goto('/targets/');
  const down = page.getByRole('row').filter({ hasText: 'connection refused' });
  await expect(down).toContainText('down');
  await expect(down).toContainText('{instance="127.0.0.1:1", job="down"}');
});

test('rules and alerts show what the server evaluates', async ({ page }) => {
  await serverHasScraped(page);
  await page.goto('/rules/');
  await expect(page.getByRole('status')).toHaveText('2 rules in 1 group.');
  await expect(page.getByRole('row', { name: /job:up:sum/ })).toContainText('ok');
  await page.goto('/alerts/');
  const alert = page.getByRole('row', { name: /alertname="Unreachable"/ });
  await expect(async () => {
    await page.reload();
    await expect(alert).toContainText('firing', { timeout: 1000 });
  }).toPass();
  await expect(alert).toContainText('127.0.0.1:1 does not answer.');
});

test('without a server both pages say what to do', async ({ page, quietPage }) => {
  quietPage.allowed.push(/404 \(Not Found\)/);
  await page.route('**/api/v1/**', (route) => route.fulfill({ status: 404, body: 'not found' }));
  await page.goto('/targets/');
  await expect(page.getByText('start it with npm start')).toBeVisible();
  await page.goto('/query/');
  await expect(page.locator('.problem-message')).toContainText('No Prometheus answers at this address');
});
