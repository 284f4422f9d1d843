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
