import { expect, test } from './fixtures';

const lesson = '/course/promql-basics/http-api/';

test.setTimeout(60_000);

test('a lesson’s commands run in the page, and what is typed is answered by the engine', async ({ page }) => {
  await page.goto(lesson);
  const shell = page.getByRole('group', { name: 'One question, one address' });
  await shell.scrollIntoViewIfNeeded();
  const log = shell.getByRole('region', { name: 'What the shell answered' });
  await shell.getByRole('button', { name: /job: \.metric\.job/ }).click();
  await expect(log).toContainText('"job": "payments"', { timeout: 30_000 });
  const line = shell.getByRole('textbox', { name: 'Command' });
  await line.fill(
    "curl -sG localhost:9090/api/v1/query --data-urlencode 'query=count(up)' | jq -r '.data.result[0].value[1]'",
  );
  await line.press('Enter');
  await expect(shell.getByRole('status')).toHaveText('12');
});

test('the shell is used by keyboard: completion, history, and a way out', async ({ page }) => {
  await page.goto(lesson);
  const shell = page.getByRole('group', { name: 'One question, one address' });
  await shell.scrollIntoViewIfNeeded();
  const line = shell.getByRole('textbox', { name: 'Command' });
  await line.focus();
  await page.keyboard.type('promt');
  await page.keyboard.press('Tab');
  await expect(line).toHaveValue('promtool ');
  await page.keyboard.type('check rules rules/h');
  await page.keyboard.press('Tab');
  await expect(line).toHaveValue('promtool check rules rules/http.yml ');
  await page.keyboard.press('Enter');
  await expect(shell.getByRole('status')).toContainText('SUCCESS: 3 rules found', { timeout: 30_000 });
  await page.keyboard.press('ArrowUp');
  await expect(line).toHaveValue('promtool check rules rules/http.yml ');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(shell.getByRole('button', { name: 'Run', exact: true })).toBeFocused();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the commands are there to be read', async ({ page }) => {
    await page.goto(lesson);
    const shell = page.getByRole('group', { name: 'Other addresses' });
    await expect(shell.getByText('curl -s http://127.0.0.1:9090/api/v1/label/job/values')).toBeVisible();
  });
});
