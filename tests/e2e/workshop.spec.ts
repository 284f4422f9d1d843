import { expect, test } from './fixtures';

test.setTimeout(60_000);

test('rules and routes of one’s own are lived through, from alert to notification', async ({ page }) => {
  await page.goto('/workshop/');
  await page.getByRole('button', { name: 'Start with these files' }).click();
  const said = page.locator('promenade-workshop .said');
  await expect(said).toContainText('of 2 alerting rules', { timeout: 30_000 });
  await page.getByRole('tab', { name: 'Rules' }).click();
  await expect(page.getByRole('row', { name: /job:requests:rate5m/ })).toContainText('ok');
  await page.getByRole('tab', { name: 'Targets' }).click();
  await expect(said).toContainText('targets up.');
  await page.getByRole('tab', { name: 'Inbox' }).click();
  const rows = page.getByRole('group', { name: 'Notifications' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('[');
  await page.getByRole('tab', { name: 'Life-line' }).click();
  await expect(page.getByRole('img', { name: /Life-line of/ })).toBeVisible();
  await expect(page.locator('.events')).toContainText('pending.');
  await page.getByRole('tab', { name: 'Inbox' }).click();
  const before = await said.innerText();
  await page.getByRole('button', { name: '+1 h' }).click();
  await expect(said).toContainText('notifications so far', { timeout: 20_000 });
  expect(await said.innerText()).not.toBe(before);
});

test('what is wrong with a file is said with its place, and the place is selected', async ({ page }) => {
  await page.goto('/workshop/');
  const rules = page.getByRole('textbox', { name: 'rules.yml' });
  await rules.fill('groups:\n  - name: a\n    rules:\n      - alert: X\n        exprr: up\n');
  await page.getByRole('button', { name: 'Start with these files' }).click();
  await expect(page.locator('promenade-workshop .problem')).toContainText('rules.yml:5:9: ', {
    timeout: 30_000,
  });
  await expect(rules).toBeFocused();
  const selected = await rules.evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  );
  expect(selected).toBe('exprr');
});

test('prometheus.yml is the learner’s, too, and its mistakes have their place', async ({ page }) => {
  await page.goto('/workshop/');
  const configuration = page.getByRole('textbox', { name: 'prometheus.yml' });
  await configuration.fill((await configuration.inputValue()).replace('scrape_interval', 'scrape_intervall'));
  await page.getByRole('button', { name: 'Start with these files' }).click();
  await expect(page.locator('promenade-workshop > .problem')).toContainText(
    'did you mean "scrape_interval"?',
    { timeout: 30_000 },
  );
  await expect(configuration).toBeFocused();
});

test('a page of metrics is read by the engine, and its style is judged', async ({ page }) => {
  await page.goto('/workshop/');
  const metrics = page.getByRole('textbox', { name: 'metrics.txt' });
  const check = page.getByRole('button', { name: 'Check this page' });
  await check.click();
  await expect(page.locator('.page-said')).toContainText('It can be read', { timeout: 30_000 });
  await metrics.fill('# TYPE orders counter\norders 1\n');
  await check.click();
  await expect(page.locator('.page-said')).toContainText('counter metrics should have "_total" suffix');
  await metrics.fill('orders{status=201} 7\n');
  await check.click();
  await expect(page.locator('.page-said .problem')).toContainText('expected label value');
  await expect(metrics).toHaveAttribute('aria-invalid');
});
