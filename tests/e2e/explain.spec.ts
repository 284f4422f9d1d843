import type { Locator, Page } from '@playwright/test';

import { expect, Sandbox, test } from './fixtures';

async function explain(page: Page, query: string): Promise<Sandbox> {
  await page.goto('/sandbox/');
  const sandbox = new Sandbox(page, 'PromQL query over the web shop');
  await expect(sandbox.root.getByRole('treeitem').first()).toBeVisible({ timeout: 20_000 });
  await sandbox.type(query);
  await expect(sandbox.root.locator('.result')).toHaveAttribute('data-state', 'fresh');
  return sandbox;
}

const step = (page: Page, title: string): Locator =>
  page.locator('.steps li').filter({ has: page.getByText(title, { exact: true }) });

test('the tree is read and walked with the keyboard, and a part becomes the root', async ({ page }) => {
  const { root } = await explain(page, 'sum by (job) (rate(http_requests_total[5m]))');
  const items = root.getByRole('treeitem');
  await expect(items).toHaveCount(3);
  await expect(items.nth(0)).toContainText('4 series');
  await expect(items.nth(1)).toContainText('The per-second rate of increase');
  await items.nth(0).focus();
  await page.keyboard.press('ArrowDown');
  await expect(items.nth(1)).toBeFocused();
  await expect(items.nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(root.locator('.chosen-part').first()).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(items).toHaveCount(2);
  await expect(items.nth(1)).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('End');
  await expect(items.nth(2)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(items).toHaveCount(2);
  await expect(items.nth(0)).toHaveAttribute('aria-level', '1');
  await root.getByRole('button', { name: 'Whole query' }).click();
  await expect(items).toHaveCount(3);
});

test('the rate microscope’s numbers give the shown result', async ({ page }) => {
  const sandbox = await explain(
    page,
    'rate(http_requests_total{instance="frontend-2:8080", handler="/", status="200"}[5m])',
  );
  await sandbox.root.getByRole('treeitem').first().click();
  await expect(sandbox.root.getByRole('heading', { name: 'Rate microscope' })).toBeVisible();
  const numbers = async (title: string) =>
    (await step(page, title).locator('code').innerText()).match(/[\d.]+/g)!.map(Number);
  const [last, first, raw] = (await numbers('Last less first')) as [number, number, number];
  expect(raw).toBe(last - first);
  const [sampled, toStart, toEnd] = (await numbers('To the edges of the window')) as [number, number, number];
  const [divisor] = (await numbers('Per second')) as [number];
  const [result] = (await numbers('rate')) as [number];
  expect((raw * ((sampled + toStart + toEnd) / sampled)) / divisor).toBeCloseTo(result, 3);
});

test('another moment has other numbers', async ({ page }) => {
  const { root } = await explain(
    page,
    'rate(http_requests_total{instance="frontend-2:8080", handler="/", status="200"}[5m])',
  );
  await expect(root.getByRole('heading', { name: 'At 02:00:00' })).toBeVisible();
  const moment = root.getByRole('slider', { name: 'Moment to look at' });
  await moment.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(root.getByRole('heading', { name: 'At 01:59:45' })).toBeVisible();
});

test('vectors that do not meet say why, and a fix that was tried is one click away', async ({ page }) => {
  const sandbox = await explain(page, 'http_requests_total / on (job) up');
  const { root, editor } = sandbox;
  await expect(root.getByRole('treeitem').first()).toContainText('failed');
  await expect(root.getByRole('heading', { name: 'Who met whom' })).toBeVisible();
  await expect(root.locator('.whys')).not.toBeEmpty();
  await root.getByRole('button', { name: 'Use it' }).click();
  await expect(editor).not.toHaveText('http_requests_total / on (job) up');
  await expect(root.getByRole('treeitem').first()).not.toContainText('failed');
});

test('a quantile shows its bucket and the way through it', async ({ page }) => {
  const sandbox = await explain(
    page,
    'histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))',
  );
  await sandbox.root.getByRole('treeitem').first().click();
  await expect(sandbox.root.getByRole('heading', { name: 'In the buckets' })).toBeVisible();
  await expect(step(page, 'Its bucket').locator('code')).toHaveText('0.05 to 0.1');
  await expect(sandbox.root.getByRole('img', { name: /Cumulative counts/ })).toBeVisible();
});

test('a vector’s samples have an age', async ({ page }) => {
  const { root } = await explain(page, 'up');
  await expect(root.getByText('The newest sample of each series is')).toBeVisible();
});
