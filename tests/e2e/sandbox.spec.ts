import { expect, lessons, reach, Sandbox, test } from './fixtures';

test.describe('a sandbox in a lesson', () => {
  test('answers the query that the text begins with, then the learner’s', async ({ page }) => {
    await page.goto(lessons.browser);
    const sandbox = new Sandbox(page, 'First query: up');
    await expect(sandbox.status).toHaveText(/instant vector: \d+ series/);
    await expect(sandbox.root.getByRole('columnheader', { name: 'instance' })).toBeVisible();
    await sandbox.type('up{job="catalog"}');
    await expect(sandbox.status).toHaveText('instant vector: 2 series');
    await expect(sandbox.root.getByRole('row')).toHaveCount(3);
  });

  test('shows the graph with its summary and the same numbers as a table', async ({ page }) => {
    await page.goto(lessons.browser);
    const sandbox = new Sandbox(page, 'First query: up');
    await sandbox.type('sum by (job) (rate(http_requests_total[5m]))');
    await sandbox.show('Graph');
    await expect(sandbox.root.getByRole('slider')).toBeVisible();
    await expect(sandbox.root.locator('canvas')).toBeVisible();
    await expect(sandbox.root.locator('figcaption')).toHaveText(/series from .* Highest .* lowest/);
    await sandbox.root.getByText('The numbers as a table').click();
    await expect(
      sandbox.root.getByRole('group', { name: 'Numbers of the graph' }).getByRole('row'),
    ).toHaveCount(242);
  });

  test('moves the graph’s cursor by keyboard', async ({ page }) => {
    await page.goto(lessons.browser);
    const sandbox = new Sandbox(page, 'First query: up');
    await sandbox.show('Graph');
    const graph = sandbox.root.getByRole('slider');
    await graph.focus();
    const last = Number(await graph.getAttribute('aria-valuenow'));
    await page.keyboard.press('ArrowLeft');
    await expect(graph).toHaveAttribute('aria-valuenow', String(last - 1));
    await page.keyboard.press('Home');
    await expect(graph).toHaveAttribute('aria-valuenow', '0');
    const first = await graph.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowDown');
    await expect(graph).not.toHaveAttribute('aria-valuetext', first!);
  });

  test('marks a mistake at its token and keeps the last good result', async ({ page }) => {
    await page.goto(lessons.browser);
    const sandbox = new Sandbox(page, 'First query: up');
    await expect(sandbox.status).toHaveText(/\d+ series/);
    await sandbox.type('sum by job (up)');
    await expect(sandbox.root.locator('.problem-token')).toHaveText('job');
    await expect(sandbox.root.locator('.problem-message')).toContainText(/unexpected/i);
    await expect(sandbox.root.getByText('This is the result of the previous query.')).toBeVisible();
    await expect(sandbox.root.getByRole('row')).not.toHaveCount(0);
  });

  test('finds the token behind signs of several bytes', async ({ page }) => {
    await page.goto(lessons.browser);
    const sandbox = new Sandbox(page, 'First query: up');
    await sandbox.type('up{job="é€😀"} )');
    await expect(sandbox.root.locator('.problem-token')).toHaveText(')');
  });

  test('says what an empty result may mean', async ({ page }) => {
    await page.goto(lessons.browser);
    const sandbox = new Sandbox(page, 'First query: up');
    await sandbox.type('no_such_metric');
    await expect(sandbox.status).toHaveText('Empty result');
    await expect(sandbox.root.getByText('no series matches it')).toBeVisible();
  });

  test('completes names from the world', async ({ page }) => {
    await page.goto(lessons.browser);
    const sandbox = new Sandbox(page, 'First query: up');
    await sandbox.type('');
    await page.keyboard.type('process_res');
    await page.getByRole('option', { name: /process_resident_memory_bytes/ }).click();
    await expect(sandbox.editor).toContainText('process_resident_memory_bytes');
    await expect(sandbox.status).toHaveText(/\d+ series/);
  });

  test('waits for Run where the learner should predict first', async ({ page }) => {
    await page.goto(lessons.browser);
    await reach(page, 'promenade-sandbox[data-label="A range vector in the Graph tab"]');
    const sandbox = new Sandbox(page, 'A range vector in the Graph tab');
    await expect(sandbox.root.getByRole('tabpanel')).toHaveText('Predict, then press Run.');
    await sandbox.root.getByRole('button', { name: 'Run' }).click();
    await expect(sandbox.root.getByRole('alert')).toContainText('must be');
  });

  test('lets a minute pass', async ({ page }) => {
    await page.goto(lessons.browser);
    const sandbox = new Sandbox(page, 'First query: up');
    const clock = sandbox.root.locator('.clock .face');
    await expect(clock).toHaveText('02:00:00 UTC');
    await sandbox.root.getByRole('button', { name: 'Let one minute pass in this world' }).click();
    await expect(clock).toHaveText('02:01:00 UTC');
  });
});

test('the home page’s suggestions change the query', async ({ page }) => {
  await page.goto('/');
  const sandbox = new Sandbox(page, 'PromQL query over the web shop');
  await expect(sandbox.status).toHaveText(/4 series/);
  await page.getByRole('button', { name: 'by instance' }).click();
  await expect(sandbox.editor).toContainText('sum by (instance)');
  await expect(sandbox.status).toHaveText(/11 series/);
});
