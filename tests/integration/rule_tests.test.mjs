// `promenade test rules` beside Debian's promtool (2.42): the same judgement of every test in
// rules/unit_tests.txt, and the same tests within it found wanting.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cleanup, Program, promenadeBinary, temporaryFolder, writeFiles } from './lib/processes.mjs';

const folder = fileURLToPath(new URL('rules', import.meta.url));

function readCases() {
  const text = readFileSync(join(folder, 'unit_tests.txt'), 'utf8');
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      const body = part.slice(end + 1);
      return [
        part.slice(0, end),
        /^rule_files:/m.test(body) ? body : `rule_files: [under_test.yml]\n${body}`,
      ];
    });
}

/** What a program says of each file: whether it succeeded, and what in it failed. */
async function judge(program, files) {
  const { output, code } = await new Program('/bin/sh', [
    '-c', '"$0" test rules "$@" 2>&1', program, ...files,
  ]).ended; // prettier-ignore
  const parts = output.split('Unit Testing:  ').slice(1);
  assert.equal(parts.length, files.length, output);
  return {
    code,
    verdicts: parts.map((text) => ({
      succeeded: /^ {2}SUCCESS$/m.test(text) && !/^ {2}FAILED:$/m.test(text),
      failures: [...text.matchAll(/(alertname: \S+, time: \S+|expr: ".*", time: \S+|rule: \S+,)/g)]
        .map(([what]) => what)
        .sort(),
    })),
  };
}

const cases = readCases();

describe('test rules agrees with promtool', () => {
  const finish = cleanup();
  after(() => finish.run());
  let mine, theirs;

  before(async () => {
    const place = await temporaryFolder(finish);
    for (const name of ['under_test.yml', 'failing.yml', 'broken.yml']) {
      copyFileSync(join(folder, name), join(place, name));
    }
    await writeFiles(place, Object.fromEntries(cases.map(([, text], index) => [`${index}.yml`, text])));
    const files = cases.map((_, index) => join(place, `${index}.yml`));
    [mine, theirs] = await Promise.all([judge(promenadeBinary, files), judge('promtool', files)]);
  });

  test('there are at least 60 of them, right and wrong ones', (t) => {
    const right = theirs.verdicts.filter(({ succeeded }) => succeeded).length;
    t.diagnostic(`${cases.length} files, ${right} of them succeed`);
    assert.ok(cases.length >= 60);
    assert.ok(right >= 25 && cases.length - right >= 25, `${right} of ${cases.length} succeed`);
    assert.deepEqual([mine.code, theirs.code], [1, 1]);
  });

  cases.forEach(([name], index) => {
    test(name, () => {
      if (name.includes("labels that can't be parsed")) {
        // Found before anything runs, so that it is about the file and not about one of its tests.
        return assert.equal(mine.verdicts[index].succeeded, theirs.verdicts[index].succeeded);
      }
      if (!name.startsWith('new: ')) return assert.deepEqual(mine.verdicts[index], theirs.verdicts[index]);
      assert.deepEqual(mine.verdicts[index], { succeeded: true, failures: [] });
      assert.ok(!theirs.verdicts[index].succeeded, 'not new: promtool 2.42 knows it, too');
    });
  });
});

describe('test rules', () => {
  test('tells where, what and why', async (t) => {
    const place = await temporaryFolder(t.after.bind(t));
    copyFileSync(join(folder, 'under_test.yml'), join(place, 'under_test.yml'));
    const byName = new Map(cases);
    await writeFiles(place, {
      'pending.yml': byName.get('an alert that has not fired yet'),
      'name.yml': byName.get('an alert that no rule has'),
      'label.yml': byName.get('a wrong label'),
      'value.yml': byName.get('a recorded series with another value'),
    });
    const run = async (name) =>
      (await new Program(promenadeBinary, ['test', 'rules', join(place, name)]).ended).output;
    assert.match(await run('pending.yml'), /pending\.yml:7:9: alertname: Down, time: 3m,\n.*exp: \[/);
    assert.match(await run('pending.yml'), /why: \{.*instance="a".*\} is only pending, since 2m/);
    assert.match(await run('name.yml'), /why: no alerting rule is called "Dwon"; did you mean "Down"\?/);
    assert.match(await run('label.yml'), /why: in alert 0, the label instance is "a", expected "b"/);
    assert.match(await run('value.yml'), /why: job:requests:rate5m\{job="web"\} is 1, expected 3/);
  });

  test('native histograms are compared by their notation', async (t) => {
    const place = await temporaryFolder(t.after.bind(t));
    await writeFiles(place, {
      'h.yml': [
        'tests:',
        '  - interval: 1m',
        "    input_series: [{series: h, values: '{{schema:0 count:3 sum:5 buckets:[1 2]}}'}]",
        '    promql_expr_test:',
        '      - expr: h',
        '        eval_time: 0s',
        "        exp_samples: [{labels: h, histogram: '{{count:3 sum:5 schema:0 buckets:[1 2]}}'}]",
      ].join('\n'),
    });
    const run = new Program(promenadeBinary, ['test', 'rules', join(place, 'h.yml')]);
    const { code, output } = await run.ended;
    assert.equal(code, 0, output);
  });
});
