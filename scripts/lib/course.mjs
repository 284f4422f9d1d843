// The course as its files tell it: modules, lessons, exercises, and what of the guides' rows they cover.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';

import { filesUnder } from './build.mjs';

const read = (path) => readFileSync(path, 'utf8');

/** The modules in order, each with its lessons. */
export function courseModules(root) {
  return readdirSync(join(root, 'course'))
    .sort()
    .filter((folder) => existsSync(join(root, 'course', folder, 'module.yaml')))
    .map((folder) => ({
      folder,
      ...parse(read(join(root, 'course', folder, 'module.yaml'))),
      lessons: filesUnder(join(root, 'course', folder))
        .filter((path) => path.endsWith('.mdx'))
        .map(readLesson),
    }));
}

function readLesson(path) {
  const [, head, text] = /^---\n([^]*?)\n---\n([^]*)$/.exec(read(path));
  const { number, title, objectives } = parse(head);
  const count = (pattern) => [...text.matchAll(pattern)].length;
  return {
    file: `${basename(dirname(path))}/${basename(path, '.mdx')}`,
    number,
    title,
    objectives,
    exercises: [...text.matchAll(/<Exercise\s+id="([^"]+)"/g)].map(([, id]) => id),
    live: count(/<Sandbox\s[^>]*?query=(?!"")/g),
    predictions: count(/<Predict\s/g),
    shellCommands: [...text.matchAll(/<Shell\s[^]*?commands=\{(\[[^]*?\])\}/g)].flatMap(([, list]) => list.match(/(["'`])(?:\\.|(?!\1)[^])*\1/g)).length,
    blocks: [...text.matchAll(/^[ \t]*```(\w+)/gm)].map(([, language]) => language),
  };
}

/** Every exercise file: id, lesson and kind. */
export function courseExercises(root) {
  return filesUnder(join(root, 'exercises'))
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => {
      const { id, lesson, kind = 'promql' } = parse(read(path));
      return { id, lesson, kind };
    });
}

/** The rows of course/coverage.yaml: id, about, lessons, exercises. */
export function coverageRows(root) {
  const { rows } = parse(read(join(root, 'course/coverage.yaml')));
  return Object.entries(rows).map(([id, row]) => ({ id, ...row }));
}

/** The exercises that rows name and nobody has written yet. */
export function missingExercises(root) {
  const known = new Set(courseExercises(root).map(({ id }) => id));
  return [...new Set(coverageRows(root).flatMap(({ exercises }) => exercises))].filter((id) => !known.has(id)).sort();
}

export const countBy = (values) => {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
};
