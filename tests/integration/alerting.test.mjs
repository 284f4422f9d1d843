// The same rules over the same target in promenade and in Debian's Prometheus (2.42), each of which tells an
// Alertmanager played by this test: the same states, the same messages in the same order.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { cleanup, eventually, temporaryFolder, writeFiles } from './lib/processes.mjs';
import { startPeer, startPromenade, startTarget } from './lib/servers.mjs';

const externalUrl = 'http://prometheus.example/base';

const rules = `
groups:
  - name: recording
    interval: 1s
    rules:
      - record: m:double
        expr: m * 2
        labels: {via: rule}
      - record: m:quadruple
        expr: m:double * 2
      - record: bad
        expr: m * on () group_left () vector(1) > bool on () vector(2) and on (x) (m or m:double)
      - record: same
        expr: m
        labels: {i: same}
  - name: alerting
    interval: 1s
    rules:
      - alert: Instantly
        expr: m{i="instantly"} > 0
        labels: {severity: page, level: '{{ if gt $value 5.0 }}high{{ else }}low{{ end }}'}
        annotations:
          summary: '{{ $labels.i }} is {{ $value }} on {{ $externalLabels.replica }}'
          quadruple: '{{ with query "m:quadruple{i=''steady''}" }}{{ . | first | value }}{{ end }}'
      - alert: AfterAWhile
        expr: m{i="later"} > 0
        for: 2s
        annotations: {about: 'a < b & "c"', value: '{{ printf "%.2f" $value }}'}
      - alert: NeverLongEnough
        expr: m{i="pending"} > 0
        for: 1h
      - alert: Kept
        expr: m{i="kept"} > 0
        keep_firing_for: 3s
      - alert: BrokenTemplate
        expr: m{i="broken"} > 0
        annotations: {oops: '{{ $value | nothing }}'}
      - alert: Dropped
        expr: m{i="instantly"} > 0
        labels: {drop: me}
  - name: limited
    interval: 1s
    limit: 1
    rules:
      - alert: TooMany
        expr: m
`.replace(/ {6}- alert: BrokenTemplate\n(.*\n){2}/, ''); // Refused by promtool; see templates' own tests.

const config = (target, alertmanager, ruleFile) => `
global: {scrape_interval: 1s, scrape_timeout: 900ms, external_labels: {replica: a, i: never}}
rule_files: ['${ruleFile}']
alerting:
  alert_relabel_configs:
    - {source_labels: [drop], regex: me, action: drop}
    - {action: labeldrop, regex: replica}
  alertmanagers:
    - path_prefix: /prefix
      static_configs: [{targets: ['${alertmanager}']}]
scrape_configs:
  - {job_name: t, static_configs: [{targets: ['${target}']}]}
`;

/** What an alert is, without its times. */
const identity = ({ startsAt, endsAt, ...rest }) => rest;

/** Plays Alertmanager: keeps what it is told as [alert, 'firing' or 'resolved'], without repetitions. */
async function startReceiver(register) {
  const receiver = { requests: [], told: [], firstTimes: new Map() };
  receiver.address = await startTarget(register, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    receiver.requests.push({ url: request.url, method: request.method, headers: request.headers });
    for (const alert of JSON.parse(body)) {
      const state = Date.parse(alert.endsAt) <= Date.now() ? 'resolved' : 'firing';
      const name = alert.labels.alertname;
      if (!receiver.firstTimes.has(name)) receiver.firstTimes.set(name, alert);
      const last = receiver.told.findLast(([other]) => other.labels.alertname === name);
      if (last && last[1] === state && isDeepStrictEqual(last[0], identity(alert))) continue;
      receiver.told.push([identity(alert), state]);
    }
    response.end();
  });
  receiver.about = (name) => receiver.told.filter(([alert]) => alert.labels.alertname === name);
  return receiver;
}

/** The rules of a server without what depends on time. */
async function ruleStates(server) {
  const { groups } = await server.data('rules');
  const timeless = ({ activeAt, keepFiringSince, ...alert }) => alert;
  return groups.map(({ name, limit, interval, rules }) => ({
    name,
    limit,
    interval,
    rules: rules.map(({ evaluationTime, lastEvaluation, alerts, ...rule }) => ({
      ...rule,
      alerts: alerts?.map(timeless),
    })),
  }));
}

describe('alerts beside Prometheus', () => {
  const finish = cleanup();
  after(() => finish.run());
  const values = { instantly: 0, later: 0, pending: 0, kept: 0, steady: 3 };
  let mine, theirs, receivers;

  const both = (ask) => Promise.all([mine, theirs].map(ask));

  before(async () => {
    const target = await startTarget(finish, (_, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4');
      response.end(
        Object.entries(values)
          .map(([i, value]) => `m{i="${i}"} ${value}\n`)
          .join(''),
      );
    });
    receivers = [await startReceiver(finish), await startReceiver(finish)];
    const folder = await temporaryFolder(finish);
    await writeFiles(folder, { 'rules.yml': rules });
    const options = receivers.map(({ address }) => ({
      config: config(target, address, join(folder, 'rules.yml')),
      flags: [`--web.external-url=${externalUrl}`, '--web.route-prefix=/'],
    }));
    mine = await startPromenade(finish, options[0]);
    theirs = await startPeer(finish, options[1]);
    // Both have restored, and so write ALERTS.
    await eventually('the first evaluations', async () => {
      const counts = await both((server) => server.query('count_over_time(m:quadruple{i="kept"}[1m])'));
      return counts.every(([sample]) => Number(sample?.value[1]) >= 3);
    });
  });

  /** Waits until both servers show the same states, and `rule` shows `state`. */
  async function settle(rule, state) {
    let seen;
    await eventually(`both showing ${rule} ${state}`, async () => {
      seen = await both(ruleStates);
      const shown = seen.map((groups) =>
        groups.flatMap(({ rules }) => rules).find(({ name }) => name === rule),
      );
      return shown.every((one) => one?.state === state) && isDeepStrictEqual(...seen);
    }).catch(() => assert.deepEqual(seen[0], seen[1]));
  }

  const eventuallyTold = (name, count) =>
    eventually(`${count} messages about ${name}`, () =>
      receivers.every((receiver) => receiver.about(name).length >= count),
    );

  test('an alert fires at once, changes its labels and is resolved', async () => {
    values.instantly = 2.5;
    await settle('Instantly', 'firing');
    await eventuallyTold('Instantly', 1);
    values.instantly = 7;
    await eventuallyTold('Instantly', 3); // The old label set is resolved, the new one fires.
    values.instantly = 0;
    await settle('Instantly', 'inactive');
    await eventuallyTold('Instantly', 4);
    const [first] = receivers[0].about('Instantly');
    assert.deepEqual(first[0].labels, {
      alertname: 'Instantly', i: 'instantly', instance: first[0].labels.instance, job: 't',
      level: 'low', severity: 'page',
    }); // prettier-ignore
    assert.deepEqual(first[0].annotations, { summary: 'instantly is 2.5 on a', quadruple: '12' });
    assert.equal(
      first[0].generatorURL,
      `${externalUrl}/graph?g0.expr=m%7Bi%3D%22instantly%22%7D+%3E+0&g0.tab=1`,
    );
  });

  test('an alert waits for its time', async () => {
    values.later = 1;
    await settle('AfterAWhile', 'pending');
    await settle('AfterAWhile', 'firing');
    values.later = 0;
    await settle('AfterAWhile', 'inactive');
    await eventuallyTold('AfterAWhile', 2);
  });

  test('an alert flaps', async () => {
    for (let round = 1; round <= 2; ++round) {
      values.later = round;
      await settle('AfterAWhile', 'firing');
      values.later = 0;
      await settle('AfterAWhile', 'inactive');
      await eventuallyTold('AfterAWhile', 2 + 2 * round);
    }
  });

  test('nobody is told of an alert that was only pending', async () => {
    values.pending = 1;
    await settle('NeverLongEnough', 'pending');
    const series = await both((server) => server.query('ALERTS{alertname="NeverLongEnough"}'));
    assert.deepEqual(series[0][0].metric, series[1][0].metric);
    values.pending = 0;
    await settle('NeverLongEnough', 'inactive');
    receivers.forEach((receiver) => assert.deepEqual(receiver.about('NeverLongEnough'), []));
  });

  test('keep_firing_for keeps an alert firing', async () => {
    values.kept = 1;
    await settle('Kept', 'firing');
    await eventuallyTold('Kept', 1);
    values.kept = 0;
    const changed = Date.now();
    await settle('Kept', 'inactive');
    assert.ok(Date.now() - changed > 2500, 'it was resolved at once');
    await eventuallyTold('Kept', 2);
  });

  test('both were told the same, in the same order', () => {
    // Alerts of one rule that change together come in no particular order from Prometheus.
    const byLabels = (told) => Object.groupBy(told, ([{ labels }]) => JSON.stringify(labels));
    for (const name of ['Instantly', 'AfterAWhile', 'Kept', 'TooMany', 'Dropped']) {
      const [here, there] = receivers.map((receiver) => byLabels(receiver.about(name)));
      assert.deepEqual(here, there, name);
    }
    assert.deepEqual(receivers[0].about('Dropped'), []);
    assert.deepEqual(receivers[0].about('AfterAWhile').map(([, state]) => state), [
      'firing', 'resolved', 'firing', 'resolved', 'firing', 'resolved',
    ]); // prettier-ignore
  });

  test('in the same form', () => {
    for (const key of ['url', 'method']) {
      assert.deepEqual(...receivers.map(({ requests }) => requests[0][key]));
    }
    assert.deepEqual(...receivers.map(({ requests }) => requests[0].headers['content-type']));
    const spans = receivers.map(({ firstTimes }) => {
      const { startsAt, endsAt } = firstTimes.get('Instantly');
      assert.match(startsAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      return Date.parse(endsAt) - Date.parse(startsAt);
    });
    assert.deepEqual(spans, [240_000, 240_000]);
  });

  test('errors of rules have the same words', async () => {
    const seen = await both(ruleStates);
    const errors = seen.map((groups) =>
      groups.flatMap((group) => group.rules).map(({ name, health, lastError }) => [name, health, lastError]),
    );
    assert.deepEqual(errors[0], errors[1]);
    assert.ok(errors[0].some(([, , error]) => /exceeded limit of 1 with 5 alerts/.test(error)));
    assert.ok(errors[0].some(([, , error]) => /same labelset after applying rule labels/.test(error)));
  });

  test('/alertmanagers shows the same', async () => {
    const [here, there] = await both((server) => server.data('alertmanagers'));
    const masked = (data) => JSON.stringify(data).replace(/:\d+/g, ':port');
    assert.equal(masked(here), masked(there));
  });

  test('filters of /rules and /alerts choose alike', async () => {
    for (const query of [
      'type=alert',
      'type=record',
      'rule_name[]=Kept',
      'rule_group[]=limited',
      'file[]=none',
    ]) {
      const names = await both(async (server) => {
        const { data } = JSON.parse((await server.get(`/api/v1/rules?${query}`)).text);
        return data.groups.map((group) => [group.name, group.rules.map(({ name }) => name)]);
      });
      if (query.startsWith('type'))
        assert.deepEqual(
          names[0].filter(([, all]) => all.length),
          names[1].filter(([, all]) => all.length),
          query,
        );
    }
  });

  test('the families of /metrics are there', async () => {
    const families = await both(async (server) => {
      const { text } = await server.get('/metrics');
      return new Set(
        [...text.matchAll(/^# TYPE (prometheus_(?:rule|notifications)_\w+) (\w+)/gm)].map(
          ([, name, type]) => `${name} ${type}`,
        ),
      );
    });
    const missing = [...families[1]].filter((family) => !families[0].has(family));
    assert.deepEqual(missing, []);
  });
});
