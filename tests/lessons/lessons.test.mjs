// What the lessons say is so in the world that their sandboxes show: every query in a sandbox is valid and
// has an answer, in the table or in the graph, unless claims.yaml says that it is refused or empty on
// purpose; and every claim of claims.yaml, a query that has to find something, finds something.
//
// PROMENADE_WASM names the engine if it is not that of the wasm preset.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

import { hasElements, loadEngine } from './engine.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const wasm = process.env.PROMENADE_WASM ?? join(root, 'build/wasm/wasm/promenade_whole.wasm');
const claims = parse(readFileSync(join(here, 'claims.yaml'), 'utf8'));
const engine = loadEngine(wasm);
const rules = ['operations', 'http'].map((name) => [
  `rules/${name}.yml`,
  readFileSync(join(root, 'course/rules', `${name}.yml`), 'utf8'),
]);
const withoutRules = engine.openWorld(claims.world);
const withRules = engine.openWorld({ ...claims.world, files: Object.fromEntries(rules) });

const lessons = Object.keys(claims.lessons);

const textOf = (lesson) => readFileSync(join(root, 'course', `${lesson}.mdx`), 'utf8');

/** Whether the sandboxes of a lesson have rules: all, or none, or a page would have two worlds. */
function hasRules(lesson) {
  const sandboxes = [...textOf(lesson).matchAll(/<Sandbox(\s+rules)?\s/g)];
  const marked = sandboxes.filter(([, mark]) => mark !== undefined);
  assert.ok(
    marked.length === 0 || marked.length === sandboxes.length,
    `${lesson}: mark all of its sandboxes with rules, or none`,
  );
  return marked.length > 0;
}

/** The queries of a lesson's sandboxes, without the empty ones that wait for the learner, and of its dashboards. */
function queriesOf(lesson) {
  const text = textOf(lesson);
  const sandboxes = [...text.matchAll(/<Sandbox\s[^>]*?query=(?:"([^"]*)"|'([^']*)'|\{`([^`]*)`\})/g)];
  const panels = [...text.matchAll(/\bexpr:\s+'((?:[^'\\]|\\.)*)'/g)];
  return [
    ...sandboxes.map(([, double, single, braces]) => double ?? single ?? braces),
    ...panels.map(([, query]) => filledIn(query.replaceAll('\\n', '\n'))),
  ].filter((query) => query !== '');
}

/** A panel's query as the page asks it: over an hour, with everything chosen above. */
const filledIn = (query) => query.replaceAll('$__rate_interval', '60s').replace(/\$\w+/g, '.+');

/** Texts in a YAML file are folded, so only the words count. */
const words = (text) => text.trim().replace(/\s+/g, ' ');

for (const lesson of lessons) {
  const { refused = [], empty = [], claims: said = [] } = claims.lessons[lesson];
  const world = hasRules(lesson) ? withRules : withoutRules;

  test(`${lesson}: its queries have answers`, () => {
    const queries = queriesOf(lesson).map(words);
    for (const listed of [...refused, ...empty].map(words)) {
      assert.ok(
        queries.includes(listed),
        `claims.yaml lists a query that the lesson does not have: ${listed}`,
      );
    }
    for (const query of queries) {
      const table = world.table(query);
      const graph = world.graph(query);
      if (refused.map(words).includes(query)) {
        assert.ok(table.status === 'error' || graph.status === 'error', `it should be refused: ${query}`);
        continue;
      }
      // A range vector has no graph, and one that the lesson draws is listed as refused.
      assert.equal(table.status, 'success', `${query}: ${table.error}`);
      assert.equal(
        hasElements(table) || hasElements(graph),
        !empty.map(words).includes(query),
        `it should ${empty.map(words).includes(query) ? 'be empty' : 'find something'}: ${query}`,
      );
    }
  });

  for (const { says, query } of said) {
    test(`${lesson}: ${says}`, () => {
      const answer = world.table(query);
      assert.equal(answer.status, 'success', answer.error);
      assert.ok(hasElements(answer), `it isn't so in this world: ${query}`);
    });
  }
}

test('the shop of the lessons has the services of the web shop', () => {
  const shop = (name) => {
    const { troubles, values, services } = parse(
      readFileSync(join(root, 'course/worlds', `${name}.yaml`), 'utf8'),
    );
    return { troubles, values, services };
  };
  assert.deepEqual(shop('lesson-shop'), shop('web-shop'), 'change both files in course/worlds alike');
});

test('every lesson of a module that claims.yaml knows is in it', () => {
  for (const module of new Set(lessons.map((lesson) => dirname(lesson)))) {
    for (const file of readdirSync(join(root, 'course', module)).filter((name) => name.endsWith('.mdx'))) {
      const lesson = `${module}/${file.replace(/\.mdx$/, '')}`;
      assert.ok(lesson in claims.lessons, `${lesson}: add it to tests/lessons/claims.yaml`);
    }
  }
});
