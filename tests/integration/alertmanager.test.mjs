// The same configuration, alerts and questions to promenade and to Debian's Alertmanager (0.25), and
// amtool's commands against both. Where Alertmanager 0.34 is known to differ from 0.25, the tables say so.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Alertmanager, startAlertmanager } from './lib/alertmanagers.mjs';
import { cleanup, eventually, freePort, Program, promenadeBinary, runPromenade, temporaryFolder, writeFiles } from './lib/processes.mjs';
import { startTarget } from './lib/servers.mjs';

const suite = cleanup();
after(suite.run);

const run = (command, ...args) => new Program(command, args).ended;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A receiver of webhooks that writes down what it gets. */
async function startRecorder() {
  const bodies = [];
  const address = await startTarget(suite, (request, response) => {
    let text = '';
    request.on('data', (bytes) => (text += bytes));
    request.on('end', () => {
      bodies.push({ path: request.url, type: request.headers['content-type'], body: JSON.parse(text) });
      response.end();
    });
  });
  return { address, bodies };
}

const notAlertmanagers = [
  '',
  'route: {receiver: x}',
  'receivers: [{name: x}]',
  'route: {}\nreceivers: [{name: x}]',
  'route: {receiver: y}\nreceivers: [{name: x}]',
  'route: {receiver: x}\nreceivers: [{name: x}, {name: x}]',
  'route: {receiver: x}\nreceivers: [{}]',
  'route: {receiver: x, nope: 1}\nreceivers: [{name: x}]',
  'route: {receiver: x, matchers: [a=b]}\nreceivers: [{name: x}]',
  'route: {receiver: x, match: {a: b}}\nreceivers: [{name: x}]',
  'route: {receiver: x, routes: [{receiver: z}]}\nreceivers: [{name: x}]',
  'route: {receiver: x, routes: [{matchers: ["a"]}]}\nreceivers: [{name: x}]',
  'route: {receiver: x, routes: [{matchers: ["a=~("]}]}\nreceivers: [{name: x}]',
  'route: {receiver: x, routes: [{match_re: {a: "("}}]}\nreceivers: [{name: x}]',
  'route: {receiver: x, group_by: [a, a]}\nreceivers: [{name: x}]',
  'route: {receiver: x, group_by: [a, "..."]}\nreceivers: [{name: x}]',
  'route: {receiver: x, group_interval: 0s}\nreceivers: [{name: x}]',
  'route: {receiver: x, repeat_interval: 0s}\nreceivers: [{name: x}]',
  'route: {receiver: x, group_wait: 5}\nreceivers: [{name: x}]',
  'route: {receiver: x, mute_time_intervals: [a]}\nreceivers: [{name: x}]\ntime_intervals: [{name: a, time_intervals: []}]',
  'route: {receiver: x, routes: [{mute_time_intervals: [b]}]}\nreceivers: [{name: x}]\ntime_intervals: [{name: a, time_intervals: []}]',
  'route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: a}, {name: a}]',
  'route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: a, time_intervals: [{weekdays: [mon]}]}]',
  'route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: a, time_intervals: [{weekdays: ["friday:monday"]}]}]',
  'route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: a, time_intervals: [{days_of_month: ["32"]}]}]',
  'route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: a, time_intervals: [{days_of_month: ["-3:3"]}]}]',
  'route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: a, time_intervals: [{times: [{start_time: "9:00", end_time: "10:00"}]}]}]',
  'route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: a, time_intervals: [{times: [{start_time: "22:00", end_time: "06:00"}]}]}]',
  'route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: a, time_intervals: [{location: Mars/Olympus}]}]',
  'route: {receiver: x}\nreceivers: [{name: x, webhook_configs: [{}]}]',
  'route: {receiver: x}\nreceivers: [{name: x, webhook_configs: [{url: "ftp://a/"}]}]',
  'route: {receiver: x}\nreceivers: [{name: x, webhook_configs: [{url: "http://a/", nope: 1}]}]',
  'route: {receiver: x}\nreceivers: [{name: x, slack_configs: [{channel: a}]}]',
  'route: {receiver: x}\nreceivers: [{name: x, email_configs: [{to: a@b}]}]',
  'route: {receiver: x}\nreceivers: [{name: x, pagerduty_configs: [{}]}]',
  'route: {receiver: x}\nreceivers: [{name: x, opsgenie_configs: [{}]}]',
  'route: {receiver: x}\nreceivers: [{name: x, telegram_configs: [{chat_id: 1}]}]',
  'global: {resolve_timeout: x}\nroute: {receiver: x}\nreceivers: [{name: x}]',
  'global: {smtp_smarthost: x}\nroute: {receiver: x}\nreceivers: [{name: x}]',
  'global: {nope: 1}\nroute: {receiver: x}\nreceivers: [{name: x}]',
  'route: {receiver: x}\nreceivers: [{name: x}]\ninhibit_rules: [{source_matchers: ["a=~("]}]',
  'route: [',
];

// What only we refuse, since it can never be meant: Alertmanager takes a month 13.
const onlyWeRefuse = [
  'route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: a, time_intervals: [{months: ["13"]}]}]',
];

const routesConfig = `
route:
  receiver: def
  group_by: [cluster]
  routes:
    - matchers: [service=~"mysql|pg"]
      receiver: db
      group_by: [alertname]
      routes:
        - {matchers: [owner="x", service!="pg"], receiver: ownerx, continue: true}
        - {matchers: [sev="page"], receiver: page}
    - {matchers: [sev="page"], receiver: page, continue: true}
    - {match: {old: "yes"}, match_re: {way: 'a|b'}, receiver: db}
    - {matchers: [team=""], receiver: noteam}
receivers: [{name: def}, {name: db}, {name: ownerx}, {name: page}, {name: noteam}]
`;
const labelSets = [
  ['service=mysql'], ['service=mysql', 'owner=x'], ['service=mysql', 'owner=x', 'sev=page'],
  ['service=pg', 'owner=x'], ['sev=page'], ['sev=page', 'team=t'], ['team=t'], [],
  ['old=yes', 'way=a', 'team=t'], ['old=yes', 'way=c', 'team=t'],
]; // prettier-ignore

const validConfigs = [
  'route: {receiver: x}\nreceivers: [{name: x}]',
  routesConfig,
  `
global: {smtp_smarthost: 'm:25', smtp_from: a@b, slack_api_url: 'https://s/', opsgenie_api_key: k, victorops_api_key: v}
route: {receiver: x, routes: [{matchers: ['a="b",c!~"d"'], mute_time_intervals: [off], active_time_intervals: [on]}]}
inhibit_rules: [{source_matchers: [a=b], target_matchers: [c=d], equal: [e]}, {source_match: {a: b}, target_match_re: {c: d}}]
time_intervals:
  - {name: on, time_intervals: [{weekdays: ['monday:friday'], location: Europe/Paris, times: [{start_time: '09:00', end_time: '24:00'}]}]}
  - {name: 'off', time_intervals: [{months: ['1:3', 'may:august', december], days_of_month: ['1:5', '-3:-1', '20:-1'], years: ['2020:2030', '2035']}]}
receivers:
  - name: x
    webhook_configs: [{url: 'http://a/b', max_alerts: 3, http_config: {basic_auth: {username: u, password: p}}}]
    email_configs: [{to: a@b, headers: {Subject: s}, require_tls: false}]
    slack_configs: [{channel: '#a', fields: [{title: t, value: v, short: true}], actions: [{type: button, text: t, url: u}]}]
    pagerduty_configs: [{routing_key: r, images: [{src: s}], links: [{href: h}], details: {a: b}}]
    opsgenie_configs: [{responders: [{name: n, type: team}], tags: 'a,b'}]
    pushover_configs: [{user_key: u, token: t, retry: 2m}]
    victorops_configs: [{routing_key: r, custom_fields: {a: b}}]
    telegram_configs: [{bot_token: t, chat_id: -1}]
    discord_configs: [{webhook_url: 'http://d/'}]
    webex_configs: [{room_id: r, http_config: {authorization: {credentials: c}}}]
`,
];

describe('configurations next to amtool', () => {
  test('what is wrong is refused, with its place', async () => {
    const folder = await temporaryFolder(suite);
    for (const [index, config] of notAlertmanagers.entries()) {
      await writeFiles(folder, { 'a.yml': config });
      const file = join(folder, 'a.yml');
      const [ours, theirs] = await Promise.all([runPromenade('check', 'alertmanager', file), run('amtool', 'check-config', file)]);
      assert.equal(theirs.code, 1, `case ${index}: ${config}\n${theirs.output}`);
      assert.equal(ours.code, 1, `case ${index}: ${config}\n${ours.output}`);
      assert.match(ours.output, /a\.yml:\d+:\d+: /, config);
    }
    for (const config of onlyWeRefuse) {
      await writeFiles(folder, { 'a.yml': config });
      assert.equal((await runPromenade('check', 'alertmanager', join(folder, 'a.yml'))).code, 1, config);
    }
    console.log(`    ${notAlertmanagers.length} wrong configurations refused by both`);
  });

  test('what is right is accepted, in the same words, and its dump as well', async () => {
    const folder = await temporaryFolder(suite);
    for (const config of validConfigs) {
      await writeFiles(folder, { 'a.yml': config });
      const file = join(folder, 'a.yml');
      const [ours, theirs] = await Promise.all([runPromenade('check', 'alertmanager', file), run('amtool', 'check-config', file)]);
      assert.equal(theirs.code, 0, theirs.output);
      assert.equal(ours.output, theirs.output);
    }
  });

  test('routes show and routes test print the same', async () => {
    const folder = await temporaryFolder(suite);
    await writeFiles(folder, { 'a.yml': routesConfig });
    const file = `--config.file=${join(folder, 'a.yml')}`;
    const both = async (...args) => {
      const [ours, theirs] = await Promise.all([
        runPromenade('alertmanager', 'routes', ...args, file),
        run('amtool', 'config', 'routes', ...args, file),
      ]);
      const told = theirs.output.replace(/^Warning: --config.file flag.*\n/m, '');
      assert.deepEqual({ code: ours.code, output: ours.output }, { code: theirs.code, output: told }, args.join(' '));
    };
    await both('show');
    for (const labels of labelSets) {
      await both('test', ...labels);
      await both('test', '--tree', ...labels);
      await both('test', '--verify.receivers=page,noteam', ...labels);
    }
  });
});

const badRequests = [
  // [method, path, body, what 0.34 says otherwise than 0.25]
  ['POST', '/alerts', '[{"labels":{"a":"b"}},{}]'],
  ['POST', '/alerts', '[{"labels":{}}]'],
  ['POST', '/alerts', '[{"labels":{"a":""}}]'],
  ['POST', '/alerts', '[{"labels":{"a":"b"},"startsAt":"2026-11-21T17:00:00Z","endsAt":"2026-11-21T16:00:00Z"}]'],
  ['POST', '/alerts', '[{"labels":{"a":"b"},"startsAt":"zzz"}]'],
  ['POST', '/alerts', '[{"labels":{"a":"b"},"generatorURL":"%zz"}]'],
  ['POST', '/alerts', '[{"labels":{"a":5}}]', 'text'],
  ['POST', '/alerts', '{}'],
  ['POST', '/alerts', 'x'],
  ['POST', '/alerts', '[]'],
  ['GET', '/alerts?filter=zz~~'],
  ['GET', '/alerts?receiver=(', undefined, 'text'], // RE2's words, not Go's.
  ['GET', '/alerts/groups?filter=zz~~'],
  ['GET', '/silences?filter=zz~~'],
  ['PUT', '/silences', undefined, 'text'], // Go names the methods in any order.
  ['DELETE', '/alerts', undefined, 'text'],
  ['GET', '/nope'],
  ['GET', '/silence/zz'],
  ['GET', '/silence/11111111-1111-4111-8111-111111111111'],
  ['POST', '/silences', '{}'],
  ['POST', '/silences', '{"matchers":[],"startsAt":"2026-11-21T17:00:00Z","endsAt":"2036-11-21T17:00:00Z","createdBy":"a","comment":"b"}'],
  ['POST', '/silences', '{"matchers":[{"name":"a","isRegex":false}],"startsAt":"2026-11-21T17:00:00Z","endsAt":"2036-11-21T17:00:00Z","createdBy":"a","comment":"b"}'],
  ['POST', '/silences', '{"matchers":[{"value":"a","isRegex":false}],"startsAt":"2026-11-21T17:00:00Z","endsAt":"2036-11-21T17:00:00Z","createdBy":"a","comment":"b"}'],
  ['POST', '/silences', '{"matchers":[{"name":"a","value":"(","isRegex":true}],"startsAt":"2026-11-21T17:00:00Z","endsAt":"2036-11-21T17:00:00Z","createdBy":"a","comment":"b"}', 'text'],
  ['POST', '/silences', '{"matchers":[{"name":"a","value":"","isRegex":false}],"startsAt":"2026-11-21T17:00:00Z","endsAt":"2036-11-21T17:00:00Z","createdBy":"a","comment":"b"}', 'text'],
  ['POST', '/silences', '{"id":"zz","matchers":[{"name":"a","value":"b","isRegex":false}],"startsAt":"2026-11-21T17:00:00Z","endsAt":"2036-11-21T17:00:00Z","createdBy":"a","comment":"b"}'],
  ['POST', '/silences', '{"matchers":[{"name":"a","value":"b","isRegex":false}],"startsAt":"2020-11-21T17:00:00Z","endsAt":"2020-11-21T17:01:00Z","createdBy":"a","comment":"b"}'],
  ['POST', '/silences', '{"matchers":[{"name":"a","value":"b","isRegex":false}],"startsAt":"2036-11-21T17:00:00Z","endsAt":"2036-11-21T17:00:00Z","createdBy":"a","comment":"b"}'],
  ['POST', '/silences', '{"matchers":[{"name":"a","value":"b","isRegex":false}],"startsAt":"x","endsAt":"2036-11-21T17:00:00Z","createdBy":"a","comment":"b"}'],
  ['POST', '/silences', '{"matchers":[{"name":"a","value":"b","isRegex":1}],"startsAt":"2036-11-21T17:00:00Z","endsAt":"2036-11-21T17:00:00Z","createdBy":"a","comment":"b"}', 'text'],
]; // prettier-ignore

describe('next to Alertmanager', () => {
  let both;
  let recorders;
  const folders = [];
  const hook = (address) => `
global: {resolve_timeout: 1h}
route:
  receiver: hook
  group_by: [team]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 5s
  routes:
    - {matchers: [kind="each"], group_by: ['...'], receiver: other, continue: true}
    - {matchers: [kind="each"], receiver: first}
inhibit_rules: [{source_matchers: [severity=critical], target_matchers: [severity=warning], equal: [team]}]
receivers:
  - {name: hook, webhook_configs: [{url: 'http://${address}/hook'}]}
  - {name: other, webhook_configs: [{url: 'http://${address}/other', send_resolved: false}]}
  - {name: first, webhook_configs: [{url: 'http://${address}/first', max_alerts: 1}]}
`;

  before(async () => {
    recorders = await Promise.all([startRecorder(), startRecorder()]);
    for (let i = 0; i < 2; ++i) folders.push(await temporaryFolder(suite));
    both = await Promise.all([
      startAlertmanager(suite, 'ours', hook(recorders[0].address), folders[0]),
      startAlertmanager(suite, 'theirs', hook(recorders[1].address), folders[1]),
    ]);
  });

  const each = (ask) => Promise.all(both.map(ask));

  for (const [method, path, body, difference] of badRequests) {
    test(`the same answer: ${method} ${path} ${body ?? ''}`, async () => {
      const [ours, theirs] = await each((server) => server.ask(`/api/v2${path}`, { method, body }));
      assert.equal(ours.status, theirs.status, ours.text);
      if (difference === undefined) assert.equal(ours.text, theirs.text);
      assert.equal(typeof (ours.text && JSON.parse(ours.text)), typeof (theirs.text && JSON.parse(theirs.text)));
    });
  }

  test('a body of another type is refused alike', async () => {
    const [ours, theirs] = await each((server) => server.ask('/api/v2/alerts', { method: 'POST', body: '[]', type: 'text/plain' }));
    assert.deepEqual(ours, theirs);
  });

  /** What a webhook said, without what differs by version and by the moment. */
  const told = (bodies) =>
    bodies.map(({ path, type, body }) => {
      const { notification_reason, routeLabels, ...rest } = body;
      assert.ok(true, `${notification_reason} ${routeLabels}`);
      return JSON.stringify({ path, type, rest });
    });

  test('the same alerts lead to the same notifications', async () => {
    const since = Math.floor(Date.now() / 1000) * 1000;
    const startsAt = new Date(since).toISOString();
    const alert = (labels, more = {}) => ({ labels, startsAt, ...more });
    const end = () => ({ endsAt: new Date(since + 3500).toISOString() });
    const round = [
      alert({ alertname: 'B', team: 'a', instance: '2', job: 'j' }, { annotations: { summary: '<b> & "c"', same: 's' }, generatorURL: 'http://p/g?x=1&y=2' }),
      alert({ alertname: 'A', team: 'a', instance: '1', job: 'j' }, { annotations: { summary: 'other', same: 's' } }),
      alert({ alertname: 'C', team: 'b', job: 'i', severity: 'critical' }),
      alert({ alertname: 'D', team: 'b', severity: 'warning' }), // Inhibited.
      alert({ alertname: 'E', kind: 'each' }),
      alert({ alertname: 'F', kind: 'each', zone: 'ü' }),
    ];
    await each((server) => server.push(...round));
    await sleep(1500);
    await each((server) => server.push(alert({ alertname: 'G', team: 'a' })));
    await sleep(2000);
    const resolved = round.map((one) => ({ ...one, ...end() }));
    await each((server) => server.push(...resolved.filter(({ labels }) => labels.alertname !== 'C')));
    await sleep(7000); // The repeat interval passes, too.
    const [ours, theirs] = recorders.map(({ bodies }) => told(bodies));
    assert.ok(theirs.length >= 8, `${theirs.length} notifications`);
    const byPath = (lines, path) => lines.filter((line) => line.includes(`"path":"/${path}"`));
    for (const path of ['hook', 'other', 'first']) {
      // Groups of one receiver speak at the same moment, in any order.
      assert.deepEqual(byPath(ours, path).sort(), byPath(theirs, path).sort(), path);
    }
    console.log(`    ${ours.length} equal notifications`);
  });

  const timeless = (text) =>
    text
      .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC)/g, 'TIME')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID');

  test('alerts and groups have the same shape', async () => {
    const known = ({ status: { mutedBy, ...status }, ...alert }) => {
      assert.deepEqual(mutedBy ?? [], []); // Not in 0.25.
      return { ...alert, status };
    };
    for (const query of ['', '?active=false', '?inhibited=false', '?silenced=false', '?filter=team%3D%22a%22', '?filter=kind%3D~%22e.%2B%22', '?receiver=oth.r', '?receiver=none']) {
      const [ours, theirs] = await each((server) => server.get(`/alerts${query}`));
      assert.equal(timeless(JSON.stringify(ours.map(known))), timeless(JSON.stringify(theirs.map(known))), query);
      const groups = await each((server) => server.get(`/alerts/groups${query}`));
      const shapes = groups.map((list) =>
        list.map((group) => ({ ...group, alerts: group.alerts.map(known).sort((a, b) => a.fingerprint.localeCompare(b.fingerprint)) })),
      );
      assert.equal(timeless(JSON.stringify(shapes[0])), timeless(JSON.stringify(shapes[1])), query);
    }
  });

  test('status and receivers have the same members', async () => {
    const keys = (value) => (value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keys(inner)])) : typeof value);
    const [ours, theirs] = await each((server) => server.get('/status'));
    assert.deepEqual(keys(ours), keys(theirs));
    assert.deepEqual(ours.cluster, theirs.cluster);
    assert.deepEqual(...(await each((server) => server.get('/receivers'))));
  });

  const sameOutput = async (...args) => {
    const [ours, theirs] = await each((server) => server.amtool(...args));
    const shown = ({ code, output }) => ({ code, output: timeless(output) });
    assert.deepEqual(shown(ours), shown(theirs), args.join(' '));
    return theirs;
  };

  test('amtool sees the same alerts', async () => {
    await each((server) => server.push({ labels: { alertname: 'H', team: 'q' }, annotations: { summary: 's' }, generatorURL: 'http://p/' }));
    for (const args of [[], ['-o', 'extended'], ['query', 'alertname=H'], ['query', '--inhibited'], ['query', '--receiver=hook'], ['query', 'team=~"a|q"', '-o', 'extended']]) {
      await sameOutput('alert', ...args);
    }
    const { output } = await sameOutput('alert', 'add', 'alertname=I', 'team=q', '--annotation=a=b');
    assert.equal(output, '');
    await sameOutput('alert', 'query', 'alertname=I', '-o', 'extended');
  });

  test('amtool makes, changes, shows and ends the same silences', async () => {
    await sameOutput('silence', 'add', 'alertname=H', '-c', 'because', '-a', 'me');
    await sameOutput('silence', 'add', 'team=~"a|b"', 'kind!=x', '-c', 'more', '-a', 'me', '-d', '2h');
    await sameOutput('silence', 'add', 'alertname=H', '-c', ''); // A comment is required.
    for (const args of [[], ['-o', 'extended'], ['query', 'alertname=H'], ['query', '--expired'], ['query', '-q']]) await sameOutput('silence', ...args);
    await sameOutput('alert', 'query', '--silenced', 'alertname=H');
    for (const server of both) {
      const [{ id }] = (await server.get('/silences')).filter(({ comment }) => comment === 'because');
      const updated = await server.amtool('silence', 'update', '-d', '3h', '-c', 'longer', id);
      assert.equal(updated.code, 0, updated.output);
      assert.equal((await server.amtool('silence', 'expire', id)).code, 0);
    }
    await sameOutput('silence', 'query', '--expired', '--within=5m');
  });

  test('amtool reads the configuration and the routes', async () => {
    await sameOutput('config', 'routes', 'show');
    await sameOutput('config', 'routes', 'test', 'kind=each');
    await sameOutput('cluster', 'show');
    const shown = await both[0].amtool('config', 'show');
    assert.equal(shown.code, 0, shown.output);
    const folder = await temporaryFolder(suite);
    await writeFiles(folder, { 'dump.yml': shown.output });
    const checked = await run('amtool', 'check-config', join(folder, 'dump.yml'));
    assert.equal(checked.code, 0, checked.output);
  });

  test('the metrics have the names that dashboards know', async () => {
    const names = async (server) => new Set([...(await server.ask('/metrics')).text.matchAll(/^# TYPE (alertmanager_\w+)/gm)].map(([, name]) => name));
    const [ours, theirs] = await each(names);
    const missing = [...theirs].filter((name) => !ours.has(name));
    // Of parts that we don't have, or timings of our own that nobody alerts on.
    assert.deepEqual(
      missing.filter((name) => !/gossip|_duration_seconds$|http_|query_errors/.test(name)),
      [],
    );
  });

  test('each reads what the other has stored', async () => {
    const shown = (list) => timeless(JSON.stringify(list.map(({ comment, matchers, status, createdBy }) => ({ comment, matchers, status, createdBy })).sort((a, b) => a.comment.localeCompare(b.comment))));
    const before = await each((server) => server.get('/silences'));
    for (const server of both) assert.equal((await server.program.stop()).code, 0);
    for (const folder of folders) await mkdir(join(folder, 'data'), { recursive: true });
    const recorded = recorders.map(({ bodies }) => bodies.length);
    const swapped = [
      await startAlertmanager(suite, 'ours', hook(recorders[0].address), folders[1]),
      await startAlertmanager(suite, 'theirs', hook(recorders[1].address), folders[0]),
    ];
    assert.equal(shown(await swapped[0].get('/silences')), shown(before[1]));
    assert.equal(shown(await swapped[1].get('/silences')), shown(before[0]));
    assert.deepEqual(recorders.map(({ bodies }) => bodies.length), recorded);
  });
});

describe('beside the server', () => {
  test('one process is both, and reloads both', async () => {
    const folder = await temporaryFolder(suite);
    const recorder = await startRecorder();
    const config = `route: {receiver: x, group_wait: 0s}\nreceivers: [{name: x, webhook_configs: [{url: 'http://${recorder.address}/'}]}]`;
    await writeFiles(folder, { 'prometheus.yml': '', 'am.yml': config });
    const [port, alertPort] = [await freePort(), await freePort()];
    const program = new Program(promenadeBinary, [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--alertmanager.config.file=${join(folder, 'am.yml')}`,
      `--alertmanager.web.listen-address=127.0.0.1:${alertPort}`,
    ]);
    suite(() => program.stop());
    const server = new Alertmanager(`http://127.0.0.1:${alertPort}`, program);
    await eventually('both answering', async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok && (await fetch(`${server.url}/-/ready`)).ok);
    await server.push({ labels: { alertname: 'A' } });
    await eventually('a notification', () => recorder.bodies.length === 1);
    await writeFiles(folder, { 'am.yml': 'route: {}' });
    const refused = await server.ask('/-/reload', { method: 'POST' });
    assert.equal(refused.status, 500);
    assert.match(refused.text, /am\.yml:1:8: root route must specify a default receiver/);
    assert.equal((await server.get('/receivers'))[0].name, 'x');
  });
});
