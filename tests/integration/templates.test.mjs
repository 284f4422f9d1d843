// The tables of tests/unit/template against the real programs: promtool expands an alert's annotations, amtool
// renders a notification. The unit test runs the same tables through our engine.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { cleanup, repository, temporaryFolder, writeFiles } from './lib/processes.mjs';

const run = promisify(execFile);
const folder = join(repository, 'tests/unit/template');
const amtoolTemplates = '/usr/share/prometheus/alertmanager/*.tmpl';

/** Paragraphs of "> template", "= output" or "! error" lines; "~" keeps a case from the real program. */
function parseCases(text) {
  return text.split(/\n\n+/).map((paragraph) => {
    const lines = paragraph.replace(/\n$/, '').split('\n');
    const marked = (mark) => lines.filter((line) => line[0] === mark).map((line) => line.slice(2));
    const template = marked('>');
    return {
      paragraph,
      lines,
      template: template.length > 0 ? template.join('\n') : undefined,
      isOurs: lines.some((line) => line[0] === '~'),
      output: lines.some((line) => line[0] === '=') ? marked('=').join('\n') : undefined,
      error: lines.some((line) => line[0] === '!') ? marked('!').join('\n') : undefined,
    };
  });
}

function printCase({ lines, template, isOurs }, result) {
  if (template === undefined || isOurs) return lines.join('\n');
  const kept = lines.filter((line) => /^[>#]/.test(line));
  const mark = result.error === undefined ? '=' : '!';
  const expected = (result.error ?? result.output).split('\n');
  return [...kept, ...expected.map((line) => (line ? `${mark} ${line}` : mark))].join('\n');
}

/** A text as Go's %q prints it, back to what it was. */
function unquoteGo(text) {
  const simple = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };
  const parts = text.split(/(\\x..|\\u....|\\U........|\\.)/s).map((part) => {
    if (part[0] !== '\\') return Buffer.from(part);
    if (part[1] === 'x') return Buffer.from([parseInt(part.slice(2), 16)]);
    if (/[uU]/.test(part[1])) return Buffer.from(String.fromCodePoint(parseInt(part.slice(2), 16)));
    return part[1] in simple ? Buffer.from([simple[part[1]]]) : Buffer.from(part[1]);
  });
  return Buffer.concat(parts).toString();
}

/** Output of a program, whether it succeeds or not. */
async function outputOf(command, args, options = {}) {
  const big = { maxBuffer: 1 << 26, ...options };
  const { stdout, stderr } = await run(command, args, big).catch((failure) => failure);
  return { stdout, stderr };
}

const idOf = (index) => `c${String(index).padStart(4, '0')}`;

const ruleFile = (templates) => `groups:
- name: g
  rules:
  - alert: Case
    expr: disk_free_bytes > 0
    annotations:
${templates.map(([id, template]) => `      ${id}: ${JSON.stringify(template)}`).join('\n')}
`;

const ruleTest = `rule_files: [rules.yml]
evaluation_interval: 1m
tests:
- interval: 1m
  external_labels: {cluster: eu, replica: a}
  external_url: http://prometheus.example.com:9090/prom
  input_series:
  - series: 'up{instance="web-1.example.com:9100",job="node"}'
    values: '1 1'
  - series: 'up{instance="db-2:9100",job="node"}'
    values: '0 0'
  - series: 'up{instance="[::1]:8080",job="web"}'
    values: '1 1'
  - series: 'disk_free_bytes{device="/dev/sda1",instance="web-1.example.com:9100"}'
    values: '1234567.891 1234567.891'
  alert_rule_test:
  - {eval_time: 1m, alertname: Case, exp_alerts: []}
`;

/** promtool takes the series of a test in the order of a Go map, another one in each run. */
const orderTemplate = '{{ range query "up" }}{{ .Labels.instance }};{{ end }}';
const order = 'order="web-1.example.com:9100;db-2:9100;[::1]:8080;"';

/** The alert's annotations as promtool prints them, from a run that took the series in the order they are written in. */
async function annotationsInOrder(directory) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { stdout, stderr } = await outputOf('promtool', ['test', 'rules', 'test.yml'], { cwd: directory });
    const annotations = /Annotations:\{(.*)\}/s.exec(stdout + stderr)?.[1] ?? '';
    if (annotations.includes(order)) return annotations;
  }
  throw new Error('promtool never took the series in the order they are written in.');
}

/** What promtool makes of each template: {output} or {error}. */
async function askPromtool(cases, directory) {
  const templates = cases.flatMap(({ template, isOurs }, index) =>
    template === undefined || isOurs ? [] : [[idOf(index), template]],
  );
  const results = {};
  await writeFiles(directory, { 'all.yml': ruleFile(templates), 'test.yml': ruleTest });
  const checked = await outputOf('promtool', ['check', 'rules', join(directory, 'all.yml')]);
  for (const [, id, error] of (checked.stdout + checked.stderr).matchAll(
    /annotation "(c\d+)": template: ([^\n]*(?:\n(?!\S*all\.yml:)[^\n]+)*)/g,
  )) {
    results[id] = { error: error.trimEnd() };
  }
  const sound = templates.filter(([id]) => !(id in results));
  await writeFiles(directory, { 'rules.yml': ruleFile([...sound, ['order', orderTemplate]]) });
  const annotations = await annotationsInOrder(directory);
  for (const [, id, quoted] of annotations.matchAll(/(c\d+)="((?:[^"\\]|\\.)*)"/gs)) {
    const output = unquoteGo(quoted);
    const error = /^<error expanding template: error executing template __alert_Case: template: (.*)>$/s.exec(
      output,
    );
    results[id] = error ? { error: error[1] } : { output };
  }
  // An annotation that expands to nothing is not printed.
  return cases.map((_, index) => results[idOf(index)] ?? { output: '' });
}

const notification = {
  receiver: 'team-x',
  status: 'firing',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'HighLatency', instance: 'web-1:8080', job: 'web', severity: 'page' },
      annotations: { summary: 'Latency is <high>', runbook: 'https://wiki/x?a=1&b=2' },
      startsAt: '2026-03-01T12:34:56.789Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prom:9090/graph?g0.expr=up',
      fingerprint: '0123456789abcdef',
    },
    {
      status: 'resolved',
      labels: { alertname: 'HighLatency', instance: 'web-2:8080', job: 'web', severity: 'page' },
      annotations: { summary: 'Fine again' },
      startsAt: '2026-03-01T12:00:00Z',
      endsAt: '2026-03-01T12:30:00Z',
      generatorURL: 'http://prom:9090/graph?g0.expr=down',
      fingerprint: 'fedcba9876543210',
    },
  ],
  groupLabels: { alertname: 'HighLatency' },
  commonLabels: { alertname: 'HighLatency', job: 'web', severity: 'page' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
};

/** What amtool makes of each template, one process a template. */
async function askAmtool(cases, directory, type) {
  await writeFiles(directory, { 'data.json': JSON.stringify(notification) });
  const results = [];
  for (const { template, isOurs } of cases) {
    if (template === undefined || isOurs) {
      results.push({});
      continue;
    }
    const { stdout, stderr } = await outputOf('amtool', [
      'template', 'render', `--template.type=${type}`, `--template.glob=${amtoolTemplates}`,
      `--template.data=${join(directory, 'data.json')}`, `--template.text=${template}`,
    ]); // prettier-ignore
    const error = /^amtool: error: (?:html\/)?template: ?(.*?)\n*$/s.exec(stderr ?? '')?.[1];
    // amtool hands the data over as a value, Alertmanager as a pointer.
    results.push(
      error === undefined
        ? { output: stdout }
        : { error: error.replace('in type template.Data', 'in type *template.Data') },
    );
  }
  return results;
}

for (const [file, program, ask] of [
  ['prometheus_cases.txt', 'promtool', askPromtool],
  ['alertmanager_cases.txt', 'amtool', (cases, directory) => askAmtool(cases, directory, 'text')],
  ['alertmanager_html_cases.txt', 'amtool', (cases, directory) => askAmtool(cases, directory, 'html')],
]) {
  describe(`${file} against ${program}`, () => {
    const undo = cleanup();
    let cases, results;
    after(undo.run);
    before(async () => {
      cases = parseCases(await readFile(join(folder, file), 'utf8'));
      results = await ask(cases, await temporaryFolder(undo));
      if (!process.env.UPDATE_CASES) return;
      const text = cases.map((one, index) => printCase(one, results[index])).join('\n\n');
      await writeFile(join(folder, file), `${text.trimEnd()}\n`);
      cases = parseCases(text);
    });

    test('says what the table expects', (t) => {
      const asked = cases.flatMap((one, index) =>
        one.template === undefined || one.isOurs ? [] : [[one, results[index]]],
      );
      for (const [{ template, output, error }, result] of asked) {
        assert.deepEqual(
          { template, ...result },
          { template, ...(error === undefined ? { output } : { error }) },
        );
      }
      t.diagnostic(`${asked.length} templates agree with ${program}`);
      assert.ok(asked.length > 20);
    });
  });
}
