/**
 * One exercise of each kind, by the keyboard alone: a known mistake first, which gets its message, then the reference.
 * Each form of answer is filled in as a learner would who has no mouse.
 */
import type { Locator, Page } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { expect, reach, Sandbox, test } from './fixtures';

interface Question {
  kind?: string;
  reference?: string;
  setting?: { pick?: string; options?: Record<string, string> };
  misconceptions?: { query?: string; answer?: string; message: string }[];
}

interface ExerciseFile extends Question {
  id: string;
  steps?: Question[];
}

const root = join(import.meta.dirname, '../..');
/** The lesson that shows an exercise, by the exercise's id. */
const lessonOf = new Map<string, string>();
for (const name of readdirSync(join(root, 'course'), { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.mdx')) continue;
  const text = readFileSync(join(root, 'course', name), 'utf8');
  for (const [, id] of text.matchAll(/<Exercise id="([^"]+)"/g)) lessonOf.set(id!, name);
}

/** The first of each kind, in the order of the files. */
const firstOfKind = new Map<string, ExerciseFile>();
for (const name of readdirSync(join(root, 'exercises'), { recursive: true, encoding: 'utf8' }).sort()) {
  if (!name.endsWith('.yaml')) continue;
  const file = parse(readFileSync(join(root, 'exercises', name), 'utf8')) as ExerciseFile;
  const kind = file.steps ? 'multi-step' : (file.kind ?? 'promql');
  const pick = kind === 'choice' ? ` ${file.setting?.pick ?? 'one'}` : '';
  if (!firstOfKind.has(kind + pick) && lessonOf.has(file.id)) firstOfKind.set(kind + pick, file);
}

for (const [kind, file] of firstOfKind) {
  test(`${kind}: ${file.id} by keyboard alone`, async ({ page }) => {
    test.slow();
    const [, module, lesson] = /^\d+-(.*)\/\d+-(.*)\.mdx$/.exec(lessonOf.get(file.id)!)!;
    await page.goto(`/course/${module}/${lesson}/#exercise-${file.id}`);
    const exercise = page.locator(`promenade-exercise[data-id="${file.id}"]`);
    await exercise.scrollIntoViewIfNeeded();
    await expect(exercise).toHaveAttribute('data-ready', '');
    const questions = file.steps ?? [file];
    const fields = exercise.locator('promenade-sandbox, promenade-answer:not([data-form="steps"])');
    await expect(fields).toHaveCount(questions.length);

    const answer = async (texts: string[]) => {
      await focusHeading(page, file.id);
      for (const [index, text] of texts.entries())
        await fill(page, fields.nth(index), text, questions[index]!);
      await pressTabTo(page, exercise.getByRole('button', { name: 'Check answer' }));
      await page.keyboard.press('Enter');
    };
    const { query, answer: wrong, message } = questions[0]!.misconceptions![0]!;
    const references = questions.map(({ reference }) => reference!);
    const verdict = exercise.locator('[data-part="verdict"]');
    const headline = (text: string) => verdict.getByText(text, { exact: true });

    await answer([(query ?? wrong)!, ...references.slice(1)]);
    await expect(verdict).toContainText('Not yet.');
    await expect(verdict).toContainText(partOf(message));
    await expect(headline('Not yet.')).toBeInViewport();
    await expect(exercise.getByRole('status').filter({ hasText: 'Not yet.' })).not.toHaveCount(0);

    await answer(references);
    await expect(verdict).toContainText('Right.');
    await expect(headline('Right.')).toBeInViewport();
  });
}

/** A part of a message without marks, long enough to be of no other. */
function partOf(message: string): string {
  const parts = message.replaceAll(/\s+/g, ' ').split(/`[^`]*`|\*/);
  return parts
    .sort((a, b) => b.length - a.length)[0]!
    .trim()
    .slice(0, 40);
}

async function focusHeading(page: Page, id: string): Promise<void> {
  await page.evaluate((heading) => {
    const target = document.getElementById(heading)!;
    target.tabIndex = -1;
    target.focus();
  }, `exercise-${id}`);
}

async function pressTabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeAttached();
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((each) => each === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

async function fill(page: Page, field: Locator, text: string, question: Question): Promise<void> {
  switch (await field.getAttribute('data-form')) {
    case 'choice':
      await (question.setting?.pick === 'order' ? putInOrder : choose)(page, field, text);
      return;
    case 'types':
      for (const [, name, type] of text.matchAll(/([\w:]+): (\w+)/g)) {
        await pressTabTo(page, field.locator(`select[name="${name!}"]`));
        await page.keyboard.type(type!);
      }
      return;
    case 'board': {
      const tab = field.getByRole('tab', { selected: true });
      await pressTabTo(page, tab);
      await page.keyboard.press('End');
      break;
    }
  }
  await pressTabTo(page, field.getByRole('textbox').first());
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text.trimEnd());
  // Completions, where there are any, are no part of the answer.
  if ((await field.getAttribute('data-form')) === null) await page.keyboard.press('Escape');
}

async function choose(page: Page, field: Locator, text: string): Promise<void> {
  const keys = text.split(/[\s,]+/).filter((key) => key !== '');
  const inputs = field.locator('input');
  if ((await inputs.first().getAttribute('type')) === 'radio') {
    const values = await inputs.evaluateAll((all) => all.map((input) => (input as HTMLInputElement).value));
    const focusable = (await field.locator('input:checked').count()) > 0 ? 'input:checked' : 'input';
    await pressTabTo(page, field.locator(focusable).first());
    await page.keyboard.press('Space');
    for (let presses = 0; presses < values.length; presses++) {
      if (await field.locator(`input[value="${keys[0]!}"]`).isChecked()) return;
      await page.keyboard.press('ArrowDown');
    }
    return;
  }
  for (const input of await inputs.all()) {
    await pressTabTo(page, input);
    if ((await input.isChecked()) !== keys.includes((await input.getAttribute('value'))!)) {
      await page.keyboard.press('Space');
    }
  }
}

async function putInOrder(page: Page, field: Locator, text: string): Promise<void> {
  const keys = text.split(/[\s,]+/).filter((key) => key !== '');
  for (const [place, key] of keys.entries()) {
    const item = field.locator(`li[data-key="${key}"]`);
    const place0 = () => item.evaluate((each) => [...each.parentElement!.children].indexOf(each));
    if ((await place0()) === place) continue;
    // Earlier items have their places: it can only be below.
    await item.getByRole('button', { name: /^Move up/ }).focus();
    while ((await place0()) > place) await page.keyboard.press('Enter');
  }
  await expect(field.getByRole('status')).toContainText(/^Now \d of \d/);
}

test('an order is changed by dragging, and each move is announced', async ({ page }) => {
  await page.goto('/course/promql-basics/selectors/');
  await page.evaluate(() => {
    const field = document.createElement('promenade-answer');
    field.dataset['form'] = 'choice';
    const list = document.createElement('ol');
    list.className = 'order';
    for (const key of ['a', 'b', 'c']) {
      const item = document.createElement('li');
      item.dataset['key'] = key;
      const text = document.createElement('span');
      text.textContent = `Step ${key}`;
      item.append(text);
      list.append(item);
    }
    field.append(list);
    document.querySelector('.sl-markdown-content')!.prepend(field);
  });
  const field = page.locator('promenade-answer[data-form="choice"]').first();
  await expect(field).toHaveAttribute('data-ready', '');
  const keys = () =>
    field.locator('li').evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset['key']));
  const handle = await field.locator('li[data-key="c"] .handle').boundingBox();
  const first = await field.locator('li[data-key="a"]').boundingBox();
  await page.mouse.move(handle!.x + 4, handle!.y + 4);
  await page.mouse.down();
  await page.mouse.move(handle!.x + 4, first!.y + 2, { steps: 8 });
  await page.mouse.up();
  expect(await keys()).toEqual(['c', 'a', 'b']);
  await expect(field.getByRole('status')).toHaveText('Now 1 of 3.');
  await field.getByRole('button', { name: 'Move down: Step c' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  expect(await keys()).toEqual(['a', 'b', 'c']);
  await expect(field.getByRole('button', { name: 'Move down: Step c' })).toBeFocused();
});

for (const [type, keys, chosen] of [
  ['radio', ['Space', 'ArrowDown'], 'b'],
  ['checkbox', ['Space', 'Tab', 'Tab', 'Space'], 'a, c'],
] as const) {
  test(`what is chosen by ${type} is the answer`, async ({ page }) => {
    await page.goto('/course/promql-basics/selectors/');
    await page.evaluate((kind) => {
      const field = document.createElement('promenade-answer');
      field.dataset['form'] = 'choice';
      for (const key of ['a', 'b', 'c']) {
        const label = document.createElement('label');
        const input = document.createElement('input');
        Object.assign(input, { type: kind, name: 'choice', value: key });
        label.append(input, ` Option ${key}`);
        field.append(label);
      }
      field.addEventListener('sandbox-change', (event) => {
        field.title = (event as CustomEvent<string>).detail;
      });
      document.querySelector('.sl-markdown-content')!.prepend(field);
    }, type);
    const field = page.locator('promenade-answer[data-form="choice"]').first();
    await expect(field).toHaveAttribute('data-ready', '');
    await field.getByLabel('Option a').focus();
    for (const key of keys) await page.keyboard.press(key);
    await expect(field).toHaveAttribute('title', chosen);
  });
}

test('on a phone the verdict comes into view', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 700 });
  await page.goto('/course/promql-basics/selectors/');
  await reach(page, 'promenade-exercise[data-id="3.2-E1"]');
  const exercise = page.getByRole('region', { name: /Exercise 3.2-E1/ });
  await exercise.getByRole('textbox').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText('http_requests_total');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  await expect(exercise.locator('[data-part="verdict"]').getByText('Not yet.')).toBeInViewport();
});

test('remarks that might be the answer are not made in an exercise', async ({ page }) => {
  await page.goto('/course/promql-basics/selectors/');
  await reach(page, 'promenade-exercise[data-id="3.2-E1"]');
  const exercise = page.getByRole('region', { name: /Exercise 3.2-E1/ });
  await exercise.getByRole('textbox').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText('count(up) == 0');
  await expect(exercise.locator('.status')).toHaveText('Empty result');
  // A lesson's own sandbox makes the remark; the exercise, which was asked before, would have made it by now.
  const sandbox = new Sandbox(page, 'Two matchers');
  await sandbox.type('count(up) == 0');
  await expect(sandbox.root.locator('.remark-token')).not.toHaveCount(0);
  await expect(exercise.locator('.remark-token')).toHaveCount(0);
});
