import { Exercise, expect, lessons, test } from './fixtures';

test('a wrong answer gets the hint of its misconception', async ({ page }) => {
  await page.goto(lessons.selectors);
  const exercise = new Exercise(page, '3.2-E3');
  await exercise.open();
  await exercise.answer('http_requests_total{handler=~"cart"}');
  await expect(exercise.verdict).toContainText('Not yet.');
  await expect(exercise.verdict).toContainText('A pattern has to match the whole value');
  await expect(exercise.root.locator('[data-part="solution"]')).toBeHidden();
});

test('an answer that does not parse is marked where it fails', async ({ page }) => {
  await page.goto(lessons.selectors);
  const exercise = new Exercise(page, '3.2-E1');
  await exercise.open();
  await exercise.answer('http_requests_total{status="500"');
  await expect(exercise.verdict).toContainText('This does not run yet.');
  await expect(exercise.root.locator('.problem-message')).toBeVisible();
});

for (const query of [
  'http_requests_total{status="500"}',
  '{status=~"500", __name__="http_requests_total", job=~".+"}',
]) {
  test(`${query} passes, and is kept over a reload`, async ({ page }) => {
    await page.goto(lessons.selectors);
    const exercise = new Exercise(page, '3.2-E1');
    await exercise.open();
    await expect(page.getByText(/^0 of \d solved/)).toBeVisible();
    await exercise.answer(query);
    await expect(exercise.verdict).toContainText('Right.');
    await expect(exercise.root.getByText('The reference answer:')).toBeVisible();
    await expect(page.getByText(/^1 of \d solved/)).toBeVisible();

    await page.reload();
    await expect(page.getByText(/^1 of \d solved/)).toBeVisible();
    await exercise.open();
    await expect(exercise.root.getByText('Solved', { exact: true })).toBeVisible();
    await expect(exercise.sandbox.editor).toHaveText(query);

    await page.goto('/course/');
    await expect(page.getByText(/^1 of \d solved/)).toBeVisible();
  });
}

test('an unfinished answer is kept, and Start over brings the starter back', async ({ page }) => {
  await page.goto(lessons.selectors);
  const exercise = new Exercise(page, '3.2-E1');
  await exercise.open();
  const starter = await exercise.sandbox.editor.innerText();
  await exercise.sandbox.type('http_requests_total{status="5"}');
  await page.reload();
  await exercise.open();
  await expect(exercise.sandbox.editor).toHaveText('http_requests_total{status="5"}');
  await exercise.root.getByRole('button', { name: 'Start over' }).click();
  await expect(exercise.sandbox.editor).toHaveText(starter);
});

test('hints come one at a time', async ({ page }) => {
  await page.goto(lessons.selectors);
  const exercise = new Exercise(page, '3.2-E1');
  await exercise.open();
  const hints = exercise.root.locator('summary').filter({ hasText: /^\s*Hint/ });
  await expect(hints.filter({ visible: true })).toHaveCount(1);
  await hints.first().click();
  await expect(hints.filter({ visible: true })).toHaveCount(2);
  await page.reload();
  await exercise.open();
  await expect(hints.filter({ visible: true })).toHaveCount(2);
});

test('stored progress that makes no sense means a fresh start', async ({ page }) => {
  await page.addInitScript(() => {
    localStorage.setItem('promenade.progress', '{"version":7,"exercises":"all"}');
  });
  await page.goto(lessons.selectors);
  await expect(page.getByText(/^0 of \d solved/)).toBeVisible();
});

test('an exercise can be solved with the keyboard alone', async ({ page }) => {
  await page.goto(`${lessons.selectors}#exercise-3.2-E1`);
  const exercise = new Exercise(page, '3.2-E1');
  await exercise.open();
  // From the exercise's heading on, Tab alone has to reach the editor.
  await page.evaluate(() => {
    const heading = document.getElementById('exercise-3.2-E1')!;
    heading.tabIndex = -1;
    heading.focus();
  });
  await page.keyboard.press('Tab');
  await expect(exercise.sandbox.editor).toBeFocused();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('http_requests_total{status="200"');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  await expect(exercise.verdict).toContainText('Not yet.');
  // Tab leaves the editor: nothing traps it.
  const check = exercise.root.getByRole('button', { name: 'Check answer' });
  for (
    let presses = 0;
    presses < 30 && !(await check.evaluate((button) => button === document.activeElement));
    presses++
  ) {
    await page.keyboard.press('Tab');
  }
  await expect(check).toBeFocused();
  const hint = exercise.root.getByText('Hint 1 of');
  for (
    let presses = 0;
    presses < 5 && !(await hint.evaluate((summary) => summary === document.activeElement));
    presses++
  ) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(exercise.root.getByText('Hint 2 of')).toBeVisible();
  for (let presses = 0; presses < 40; presses++) {
    if (await exercise.sandbox.editor.evaluate((editor) => editor === document.activeElement)) break;
    await page.keyboard.press('Shift+Tab');
  }
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('http_requests_total{status="500"');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  await expect(exercise.verdict).toContainText('Right.');
});

test('what is due again is asked anew, in a world with other numbers', async ({ page }) => {
  await page.addInitScript(() => {
    const solved = { answer: 'http_requests_total{status="500"}', solved: true, hints: 0, box: 1, due: 1 };
    localStorage.setItem(
      'promenade.progress',
      JSON.stringify({ version: 1, exercises: { '3.2-E1': solved } }),
    );
  });
  await page.goto('/progress/');
  await expect(page.locator('[data-part="due"] a')).toHaveCount(1);
  await expect(page.locator('[data-idea][data-state="due again"]').first()).toBeVisible();
  await page.locator('[data-part="due"] a').click();
  const exercise = new Exercise(page, '3.2-E1');
  await exercise.open();
  await expect(exercise.root.getByText('Due again')).toBeVisible();
  await expect(exercise.sandbox.editor).not.toHaveText('http_requests_total{status="500"}');
  await expect(exercise.root.locator('[data-part="solution"]')).toBeHidden();
  await expect(exercise.root.locator('promenade-sandbox')).toHaveAttribute('data-seed', '3');
  await exercise.answer('http_requests_total{status="500"}');
  await expect(exercise.verdict).toContainText('Right.');
  await expect(exercise.root.getByText('Due again')).toBeHidden();
  await page.goto('/progress/');
  await expect(page.locator('tr[data-exercise="3.2-E1"] [data-part="state"]')).toHaveText('mastered');
});
