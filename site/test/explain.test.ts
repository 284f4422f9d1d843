import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, test } from 'vitest';

import { explanationSchema } from '../src/engine/explain';

/** Real answers of the engine, which its own tests keep up to date. */
const golden = readFileSync(resolve(import.meta.dirname, '../../tests/unit/api/explain.golden'), 'utf8');
const answers = golden
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const end = section.indexOf('\n');
    return { request: section.slice(0, end), body: JSON.parse(section.slice(end)) as { data: unknown } };
  });

describe('explanationSchema', () => {
  test('there are answers to try it on', () => expect(answers.length).toBeGreaterThan(10));

  test.each(answers)('reads the answer to $request, and nothing is lost', ({ body }) => {
    expect(explanationSchema.parse(body.data)).toEqual(body.data);
  });

  test('tells the kinds of nodes apart', () => {
    const statuses = answers.flatMap(({ body }) =>
      explanationSchema.parse(body.data).nodes.map((node) => node.status),
    );
    expect(new Set(statuses)).toEqual(new Set(['evaluated', 'failed', 'blocked', 'skipped']));
  });

  test('refuses what is no explanation', () => {
    expect(explanationSchema.safeParse({ nodes: [] }).success).toBe(false);
    expect(explanationSchema.safeParse({ nodes: [{ id: 0, status: 'evaluated' }] }).success).toBe(false);
  });
});
