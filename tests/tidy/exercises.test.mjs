// An exercise that no lesson shows is lost on every reader: each stands in its lesson, once, and each
// that a lesson shows has a file.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const foldersBelow = (path) =>
  readdirSync(join(root, path), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

const exercises = foldersBelow('exercises').flatMap((module) =>
  readdirSync(join(root, 'exercises', module)).map((name) => {
    const text = readFileSync(join(root, 'exercises', module, name), 'utf8');
    return { path: `exercises/${module}/${name}`, module, id: /^id: (.+)$/m.exec(text)?.[1], lesson: /^lesson: (.+)$/m.exec(text)?.[1] };
  }),
);

/** The ids of the exercises that a lesson shows, in its order. */
function shownIn(lesson) {
  return [...readFileSync(join(root, 'course', `${lesson}.mdx`), 'utf8').matchAll(/<Exercise id="([^"]+)"/g)].map(([, id]) => id);
}

describe('exercises and lessons', () => {
  for (const { path, module, id, lesson } of exercises) {
    test(`${path} stands in its lesson, once`, () => {
      assert.ok(lesson?.startsWith(`${module}/`), `lesson: ${lesson} is not of the module ${module}`);
      assert.ok(existsSync(join(root, 'course', `${lesson}.mdx`)), `lesson: there is no course/${lesson}.mdx`);
      assert.equal(shownIn(lesson).filter((shown) => shown === id).length, 1, `course/${lesson}.mdx: <Exercise id="${id}" />`);
    });
  }

  test('lessons show exercises that exist', () => {
    const known = new Set(exercises.map(({ id }) => id));
    for (const module of foldersBelow('course').filter((name) => /^\d/.test(name))) {
      for (const file of readdirSync(join(root, 'course', module)).filter((name) => name.endsWith('.mdx'))) {
        const lesson = `${module}/${file.slice(0, -4)}`;
        assert.deepEqual(shownIn(lesson).filter((id) => !known.has(id)), [], `course/${lesson}.mdx`);
      }
    }
  });
});
