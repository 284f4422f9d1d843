// Every row of course/coverage.yaml leads to a lesson that is there and names an exercise. Exercises that nobody has
// written yet are counted by `npm run course:table`; here they only may not become more.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { courseModules, coverageRows, missingExercises } from '../../scripts/lib/course.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** A ratchet: write exercises, then lower it. */
const missingMax = 0;

const lessons = courseModules(root).flatMap((module) => module.lessons);
const rows = coverageRows(root);

test('every row has a lesson that is there, and an exercise', () => {
  const numbers = new Set(lessons.map(({ number }) => number));
  for (const { id, about, lessons: own, exercises } of rows) {
    assert.ok(about?.trim(), `${id}: say in a few words what it is about`);
    assert.ok(own?.length > 0 && exercises?.length > 0, `${id}: name a lesson and an exercise`);
    for (const number of own) assert.ok(numbers.has(number), `${id}: there is no lesson ${number}`);
    for (const exercise of exercises) assert.match(exercise, /^\d+\.\d+-E\d+$/, `${id}: ${exercise} is no exercise's id`);
  }
});

test('exercises that rows name and that are not there yet do not become more', () => {
  const missing = missingExercises(root);
  assert.ok(missing.length <= missingMax, `${missing.length} are missing, at most ${missingMax} may be: ${missing.join(', ')}`);
});
