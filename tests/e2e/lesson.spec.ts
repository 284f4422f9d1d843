import { Exercise, expect, lessons, Sandbox, test } from './fixtures';

const lab = 'Query in the lab';

test.describe('text and lab', () => {
  test('stand side by side on a wide page, and a query of the text opens in the lab', async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(lessons.rates);
    const aside = page.getByRole('complementary', { name: 'Lab' });
    const start = page.getByRole('button', { name: 'Start the lab' });
    await expect(start).toBeVisible();
    const [text, box] = await Promise.all([page.locator('.main-pane').boundingBox(), aside.boundingBox()]);
    expect(box!.x).toBeGreaterThanOrEqual(text!.x + text!.width);
    const link = page.getByRole('link', { name: 'sum by (job) (rate(http_requests_total[5m]))' }).first();
    await link.focus();
    await page.keyboard.press('Enter');
    const sandbox = new Sandbox(page, lab);
    await expect(sandbox.editor).toHaveText('sum by (job) (rate(http_requests_total[5m]))');
    await expect(sandbox.editor).toBeFocused();
    await expect(sandbox.status).toHaveText('instant vector: 4 series');
  });

  test('change places on a narrow page, and keep their state', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(lessons.rates);
    const toggle = page.getByRole('navigation', { name: 'Text or lab' });
    await expect(page.getByRole('complementary', { name: 'Lab' })).toBeHidden();
    await page.evaluate(() => scrollTo(0, 1200));
    await toggle.getByRole('button', { name: 'Lab' }).click();
    await expect(page.getByRole('heading', { name: 'A window of samples' })).toBeHidden();
    await page.getByRole('button', { name: 'Start the lab' }).click();
    const sandbox = new Sandbox(page, lab);
    await expect(sandbox.status).toHaveText(/instant vector: \d+ series/);
    await sandbox.type('up == 0');
    await toggle.getByRole('button', { name: 'Text' }).click();
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(1200);
    await toggle.getByRole('button', { name: 'Lab' }).click();
    await expect(sandbox.editor).toHaveText('up == 0');
  });
});

test('a word of the glossary explains itself on hover and by keyboard, and Escape closes it', async ({
  page,
}) => {
  await page.goto(lessons.rates);
  const word = page.getByRole('link', { name: 'gauge', exact: true });
  const tooltip = page.getByRole('tooltip').filter({ hasText: 'may rise and fall' });
  await expect(tooltip).toBeHidden();
  await word.focus();
  await expect(tooltip).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tooltip).toBeHidden();
  // Queries that come to life above may move the word away from the pointer.
  await expect(async () => {
    await word.hover();
    await expect(tooltip).toBeVisible({ timeout: 1000 });
  }).toPass();
  await word.click();
  await expect(page).toHaveURL(/\/glossary\/#gauge$/);
});

test('objectives lead to their exercises, and prerequisites to their lessons', async ({ page }) => {
  await page.goto(lessons.rates);
  await page.getByRole('link', { name: 'Exercise 3.3-E4' }).click();
  await expect(page).toHaveURL(/#exercise-3\.3-E4$/);
  await page.getByRole('link', { name: '3.2 Selectors and matchers' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Selectors and matchers');
});

test('the search finds lessons by a word, and words of the glossary', async ({ page }) => {
  await page.goto('/course/');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.locator('dialog input').fill('subquery');
  await expect(
    page
      .locator('dialog')
      .getByRole('link', { name: /Glossary/ })
      .first(),
  ).toBeVisible();
});

test('the dashboard tells what is solved, due and worth watching, and travels as a file', async ({
  page,
}) => {
  await page.addInitScript(() => {
    if (localStorage.getItem('promenade.progress')) return;
    const entry = { answer: 'up', solved: true, hints: 2, attempts: 3, due: 1, box: 0 };
    const met = { MC19: { name: 'regexes match substrings', count: 2 } };
    const exercises = { '3.2-E1': { ...entry, met }, '3.2-E2': { ...entry, due: 9e15, box: 1 } };
    localStorage.setItem('promenade.progress', JSON.stringify({ version: 1, exercises }));
  });
  await page.goto('/progress/');
  const due = page.getByRole('region', { name: 'Due again' });
  await expect(due.getByRole('link')).toHaveText(['Exactly 500']);
  await expect(page.getByRole('row', { name: /Exactly 500/ })).toContainText('solved');
  await expect(page.getByRole('row', { name: /POST to checkout/ })).toContainText('mastered');
  // The idea that answers showed most stands first.
  const idea = page.locator('[data-idea]').first();
  await expect(idea).toHaveAttribute('data-idea', 'MC19');
  await expect(idea.getByRole('cell')).toContainText(['due again', '2', '3.2-E1']);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save progress' }).click();
  const file = await (await download).path();
  await page.evaluate(() => localStorage.setItem('promenade.progress', '{}'));
  await page.reload();
  await expect(page.getByRole('row', { name: /Exactly 500/ })).toContainText('not begun');
  await page.getByLabel('Load progress').setInputFiles(file);
  await expect(page.getByText('Loaded 2 exercises.')).toBeVisible();
  await expect(page.getByRole('row', { name: /Exactly 500/ })).toContainText('solved');
});

test('the solution is the last step of the ladder, and is remembered', async ({ page }) => {
  await page.goto(lessons.selectors);
  const exercise = new Exercise(page, '3.2-E1');
  await exercise.open();
  const reveal = exercise.root.getByRole('button', { name: 'Show the solution' });
  await expect(reveal).toBeHidden();
  for (const step of [1, 2, 3, 4, 5]) await exercise.root.getByText(`Hint ${step} of 5`).click();
  await reveal.click();
  await expect(exercise.root.getByText('The reference answer:')).toBeVisible();
  await page.goto('/progress/');
  await expect(page.getByRole('row', { name: /Exactly 500/ })).toContainText('solution seen');
});
