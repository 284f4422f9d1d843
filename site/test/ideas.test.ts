import { expect, test } from 'vitest';

import { ideas, readIdeas } from '../src/content/ideas';

test('a row is a belief and what is true instead', () => {
  const row = '| `MC05` | "A counter’s `value` says it." | It is a total \\| since the start. |';
  expect(readIdeas(`| code | belief |\n|---|---|\n${row}`)).toEqual([
    { code: 'MC05', belief: 'A counter’s `value` says it.', truth: 'It is a total | since the start.' },
  ]);
});

test('every row of the table is read', () => {
  expect(ideas.length).toBeGreaterThan(30);
  expect(new Set(ideas.map(({ code }) => code)).size).toBe(ideas.length);
});
