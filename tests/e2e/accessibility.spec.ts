import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { Exercise, expect, lessons, Sandbox, serverHasScraped, test } from './fixtures';

async function expectNoViolations(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(found, state).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`axe finds nothing on ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('home, with its graph and its table', async ({ page }) => {
      await page.goto('/');
      const sandbox = new Sandbox(page, 'PromQL query over the web shop');
      await expect(sandbox.root.getByRole('slider')).toBeVisible();
      await expectNoViolations(page, 'graph');
      await sandbox.show('Table');
      await expect(sandbox.root.getByRole('table')).toBeVisible();
      await expectNoViolations(page, 'table');
    });

    test('course', async ({ page }) => {
      await page.goto('/course/');
      await expectNoViolations(page, 'course');
    });

    test('a lesson, with an error, completion, hints and verdicts', async ({ page }) => {
      await page.goto(lessons.selectors);
      const sandbox = new Sandbox(page, 'Two matchers');
      await sandbox.type('http_requests_total{status=500}');
      await expect(sandbox.root.locator('.problem-token')).toBeVisible();
      await expectNoViolations(page, 'error');
      const exercise = new Exercise(page, '3.2-E1');
      await exercise.open();
      await exercise.root.getByText('Hint 1 of').click();
      await exercise.answer('http_requests_total{status=~"5.."}');
      await expect(exercise.verdict).toContainText('Not yet.');
      await expectNoViolations(page, 'wrong');
      await exercise.answer('http_requests_total{status="500"}');
      await expect(exercise.verdict).toContainText('Right.');
      await expectNoViolations(page, 'pass');
    });

    test('query, with result, graph and error', async ({ page, quietPage }) => {
      quietPage.allowed.push(/400 \(Bad Request\)/);
      await serverHasScraped(page);
      await page.goto('/query/');
      const sandbox = new Sandbox(page, 'PromQL query');
      await expect(sandbox.status).toHaveText('instant vector: 2 series');
      await expectNoViolations(page, 'result');
      await sandbox.show('Graph');
      await expect(sandbox.root.getByRole('slider')).toBeVisible();
      await expectNoViolations(page, 'graph');
      await sandbox.type('sum(');
      await expect(sandbox.root.locator('.problem-token')).toBeVisible();
      await expectNoViolations(page, 'error');
    });

    test('a shell, with output and an error, and the search', async ({ page }) => {
      await page.goto('/course/promql-basics/http-api/');
      const shell = page.getByRole('group', { name: 'One question, one address' });
      await shell.scrollIntoViewIfNeeded();
      const line = shell.getByRole('textbox', { name: 'Command' });
      for (const command of ['curl -s localhost:9090/-/ready', 'nosuch']) {
        await line.fill(command);
        await line.press('Enter');
      }
      await expect(shell.getByRole('region')).toContainText('command not found', { timeout: 30_000 });
      await expectNoViolations(page, 'shell');
      await page.keyboard.press('ControlOrMeta+k');
      await page.locator('dialog input').fill('rate');
      await expect(page.locator('dialog').getByRole('link').first()).toBeVisible();
      await expectNoViolations(page, 'search');
    });

    test('sandbox, with an explanation', async ({ page }) => {
      await page.goto('/sandbox/');
      const sandbox = new Sandbox(page, 'PromQL query over the web shop');
      const items = sandbox.root.getByRole('treeitem');
      await items.nth(1).click({ timeout: 20_000 });
      await expect(sandbox.root.getByRole('heading', { name: 'Rate microscope' })).toBeVisible();
      await sandbox.root.getByRole('button', { name: /World time/ }).click();
      await expectNoViolations(page, 'rate microscope and time line');
      await sandbox.type('http_requests_total / on (job) up');
      await expect(sandbox.root.getByRole('heading', { name: 'Who met whom' })).toBeVisible();
      // The completions of the last word.
      await page.keyboard.press('Escape');
      await expectNoViolations(page, 'matching');
      await sandbox.type('histogram_quantile(0.9, rate(http_request_duration_seconds_bucket[5m]))');
      await page.keyboard.press('Escape');
      await items.first().click();
      await expect(sandbox.root.getByRole('heading', { name: 'In the buckets' })).toBeVisible();
      await expectNoViolations(page, 'quantile');
    });

    for (const path of [
      '/progress/',
      '/glossary/',
      '/functions/',
      '/misconceptions/',
      '/workshop/',
      '/dashboards/',
      '/rules/',
      '/alerts/',
    ]) {
      test(path, async ({ page }) => {
        await serverHasScraped(page);
        await page.goto(path);
        await expect(page.getByText('Asking the server')).toHaveCount(0);
        await expectNoViolations(page, path);
      });
    }

    test('targets', async ({ page }) => {
      await serverHasScraped(page);
      await page.goto('/targets/');
      await expect(page.getByRole('status')).toHaveText('1 of 2 targets up.');
      await expectNoViolations(page, 'targets');
    });
  });
}
