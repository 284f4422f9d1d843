import type { Download, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';

import { expect, test } from './fixtures';

async function open(page: Page) {
  await page.goto('/dashboards/');
  const panel = (title: string) => page.getByRole('region', { name: title });
  await expect(panel('Requests per second, by service').getByRole('slider')).toBeVisible({ timeout: 20_000 });
  return panel;
}

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8');
}

test('every form shows the world, in words as well', async ({ page }) => {
  const panel = await open(page);
  await expect(panel('Share of errors')).toContainText(/[\d.]+ %/);
  await expect(panel('Share of errors')).toContainText(/below 1 %|at or above/);
  await expect(panel('Answer times')).toContainText(/Most: [\d.]+ req\/s in the row up to/);
  await expect(panel('Processes reached')).toContainText(/[\d.]+ %\s*of 0 % to 100 %/);
  await expect(panel('Memory of each process').getByRole('listitem')).toHaveCount(5);
  await expect(panel('Memory of each process')).toContainText('MiB');
  await expect(panel('The slowest handlers').getByRole('columnheader', { name: 'handler' })).toBeVisible();
});

test('a panel is built by keyboard, and the dashboard taken away and brought back', async ({ page }) => {
  const panel = await open(page);
  await page.getByRole('button', { name: 'Add a panel' }).focus();
  await page.keyboard.press('Enter');
  const added = () => page.getByRole('region', { name: /^(New panel|Queue)$/ });
  await expect(added().getByRole('textbox', { name: 'Title' })).toBeFocused();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('Queue');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Stat');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('5 1');
  for (let presses = 0; presses < 4; presses++) await page.keyboard.press('Tab');
  await expect(added().getByRole('textbox', { name: /^Query 1/ })).toBeFocused();
  await page.keyboard.insertText('sum(order_queue_length{env="prod"})');
  await expect(panel('Queue').locator('.figure')).toHaveText(/^\d/);
  await expect(panel('Queue')).toContainText(/below 1|at or above/);

  await page.getByText('Take it to Grafana').click();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save dashboard.json' }).click(),
  ]);
  const json = await textOf(saved);
  expect((JSON.parse(json) as { panels: unknown[] }).panels.at(-1)).toMatchObject({
    type: 'stat',
    title: 'Queue',
    datasource: { type: 'prometheus', uid: 'prometheus' },
    targets: [{ refId: 'A', expr: 'sum(order_queue_length{env="prod"})', instant: true }],
    fieldConfig: { defaults: { thresholds: { steps: [{ value: null }, { value: 1 }, { value: 5 }] } } },
  });
  const [source] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save datasource.yml' }).click(),
  ]);
  expect(await textOf(source)).toContain('uid: prometheus');

  await page.reload();
  await open(page);
  await expect(panel('Queue')).toBeVisible();
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect(panel('Queue')).toHaveCount(0);
  await page.getByText('Take it to Grafana').click();
  await page.getByLabel('Bring a dashboard’s JSON').setInputFiles({
    name: 'dashboard.json',
    mimeType: 'application/json',
    buffer: Buffer.from(json),
  });
  await expect(panel('Queue').locator('.figure')).toHaveText(/^\d/);
});

test('a variable chooses what is shown; what is no dashboard is refused with its reason', async ({
  page,
}) => {
  const panel = await open(page);
  const lines = panel('Requests per second, by service').locator('.legend li');
  const before = await lines.count();
  expect(before).toBeGreaterThan(2);
  await page.getByRole('group', { name: '$job' }).getByRole('checkbox').first().uncheck();
  await expect(lines).toHaveCount(before - 1);
  await page.getByText('Take it to Grafana').click();
  await page.getByLabel('Bring a dashboard’s JSON').setInputFiles({
    name: 'x.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"panels": 1}'),
  });
  await expect(page.getByText('The dashboard has no panels')).toBeVisible();
  await expect(lines).toHaveCount(before - 1);
});

test('it fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await open(page);
  await page.getByRole('button', { name: 'Edit' }).first().click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
