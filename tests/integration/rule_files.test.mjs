// `promenade check rules` beside Debian's promtool (2.42): the same judgement of the same files. The files
// are those in rules/good, and what lib/rule_mutations.mjs makes of them.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { variants } from './lib/rule_mutations.mjs';
import { cleanup, Program, promenadeBinary, temporaryFolder, writeFiles } from './lib/processes.mjs';

const folder = fileURLToPath(new URL('rules/good', import.meta.url));
const good = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
);

// Right in Prometheus 3 and wrong in 2.42, or the other way round: [what, file].
const rules = (lines) => `groups:\n- name: g\n  rules:\n  - ${lines.join('\n    ')}\n`;
const newer = [
  ['names with any characters', rules(['record: job-http.rate', 'expr: sum(up)'])],
  ['label names with any characters', rules(['alert: A', 'expr: up', 'labels: {a-b: c}'])],
  ['quoted names', rules(['record: a', 'expr: \'{"http.requests"}\''])],
  ['labels of a group', 'groups: [{name: g, labels: {a: b}, rules: []}]'],
  ['query_offset', 'groups: [{name: g, query_offset: 1m, rules: []}]'],
  ['new functions', rules(['record: a', 'expr: histogram_avg(b)'])],
];

/** What a program says of each file: `SUCCESS: 3 rules found`, or undefined where it finds fault. */
async function judge(program, files) {
  const { output, code } = await new Program('/bin/sh', [
    '-c', '"$0" check rules "$@" 2>/dev/null', program, ...files,
  ]).ended; // prettier-ignore
  const verdicts = output.split('Checking ').slice(1);
  assert.equal(verdicts.length, files.length, output);
  return { code, verdicts: verdicts.map((text) => /SUCCESS: \d+ rules found/.exec(text)?.[0]) };
}

describe('check rules agrees with promtool', () => {
  const finish = cleanup();
  after(() => finish.run());
  let cases, mine, theirs;

  before(async () => {
    cases = variants(good);
    const place = await temporaryFolder(finish);
    const names = cases.map((_, index) => `${String(index).padStart(3, '0')}.yml`);
    await writeFiles(place, Object.fromEntries(cases.map(([, text], index) => [names[index], text])));
    const files = names.map((name) => join(place, name));
    [mine, theirs] = await Promise.all([judge(promenadeBinary, files), judge('promtool', files)]);
  });

  test('on at least 300 files, right and wrong ones', (t) => {
    const right = theirs.verdicts.filter(Boolean).length;
    t.diagnostic(`${cases.length} files, ${right} of them valid`);
    assert.ok(cases.length >= 300, `only ${cases.length} files`);
    assert.ok(right >= 80 && cases.length - right >= 150, `${right} of ${cases.length} are valid`);
    const different = cases
      .map(([name], index) => `${name}: ${mine.verdicts[index]} here, ${theirs.verdicts[index]} there`)
      .filter((_, index) => mine.verdicts[index] !== theirs.verdicts[index]);
    assert.deepEqual(different, []);
  });

  test('and exits alike', () => assert.deepEqual([mine.code, theirs.code], [1, 1]));

  test('what is new in Prometheus 3 is accepted', async (t) => {
    const place = await temporaryFolder(t.after.bind(t));
    await writeFiles(place, Object.fromEntries(newer.map(([, text], i) => [`${i}.yml`, text])));
    const files = newer.map((_, index) => join(place, `${index}.yml`));
    const [here, there] = await Promise.all([judge(promenadeBinary, files), judge('promtool', files)]);
    newer.forEach(([what], index) => {
      assert.ok(here.verdicts[index], what);
      assert.equal(there.verdicts[index], undefined, `${what} is not new: move it to rules/good`);
    });
    assert.equal(here.code, 0);
  });
});

describe('check rules', () => {
  const check = (...args) => new Program(promenadeBinary, ['check', 'rules', ...args]).ended;

  test('names the place, the reason and what to do, for every mistake', async (t) => {
    const place = await temporaryFolder(t.after.bind(t));
    await writeFiles(place, {
      'bad.yml': [
        'groups:',
        '- name: g',
        '  rules:',
        '  - record: a',
        '    expr: |',
        '      sum by (job) (',
        '        rat(b[5m])',
        '      )',
        '  - alert: A',
        '    expr: up == 0',
        '    fro: 5m',
      ].join('\n'),
    });
    const { code, output } = await check(join(place, 'bad.yml'));
    assert.equal(code, 1);
    assert.match(
      output,
      /bad\.yml:7:9: group "g", rule 1, "a": could not parse expression: 2:3: .*unknown function.*rat/,
    );
    assert.match(output, /bad\.yml:11:5: found the unknown key "fro" in a rule; did you mean "for"\?/);
  });

  test('warns of duplicates and is content', async (t) => {
    const place = await temporaryFolder(t.after.bind(t));
    await writeFiles(place, {
      'twice.yml': 'groups: [{name: g, rules: [{record: a, expr: 1}, {record: a, expr: 2}]}]',
    });
    const { code, output } = await check(join(place, 'twice.yml'));
    assert.equal(code, 0);
    assert.match(output, /1 duplicate rule\(s\) found\.\nMetric: a\n/);
  });

  test('reads standard input when no file is named', async () => {
    const shell = new Program('/bin/sh', [
      '-c',
      'echo "groups: [{name: g}]" | "$0" check rules',
      promenadeBinary,
    ]);
    const { code, output } = await shell.ended;
    assert.equal(code, 0, output);
    assert.match(output, /SUCCESS: 0 rules found/);
  });

  test('a missing file is a failure', async () => {
    const { code, output } = await check('/nonexistent.yml');
    assert.equal(code, 1);
    assert.match(output, /nonexistent\.yml: no such file/);
  });
});
