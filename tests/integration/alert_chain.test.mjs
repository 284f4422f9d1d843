// From a rule to a webhook through two programs of different makes: our server with Debian's Alertmanager (0.25),
// Debian's Prometheus (2.42) with our Alertmanager, and both of ours. All watch the same target at the same time, and
// the webhooks must say the same.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startAlertmanager } from './lib/alertmanagers.mjs';
import { cleanup, eventually, temporaryFolder, writeFiles } from './lib/processes.mjs';
import { startPeer, startPromenade, startTarget } from './lib/servers.mjs';

const suite = cleanup();
after(suite.run);

const rules = `
groups:
  - name: g
    interval: 1s
    rules:
      - {alert: High, expr: 'm > 5', labels: {severity: page}, annotations: {summary: '{{ $labels.i }} & <{{ $value }}>'}}
      - {alert: Slow, expr: 'm > 5', for: 2s, labels: {severity: ticket}}
      - {alert: Kept, expr: 'm{i="a"} > 5', keep_firing_for: 3s, labels: {severity: ticket}}
      - {alert: NeverLongEnough, expr: 'm > 5', for: 1h}
`;
const prometheusConfig = (target, alertmanager, ruleFile) => `
global: {scrape_interval: 1s, scrape_timeout: 900ms, external_labels: {replica: a}}
rule_files: ['${ruleFile}']
alerting:
  alert_relabel_configs: [{action: labeldrop, regex: replica}]
  alertmanagers: [{static_configs: [{targets: ['${alertmanager}']}]}]
scrape_configs:
  - {job_name: t, static_configs: [{targets: ['${target}']}]}
`;
const alertmanagerConfig = (recorder) => `
route:
  receiver: hook
  group_by: [alertname, i]
  group_wait: 0s
  group_interval: 1s
receivers:
  - {name: hook, webhook_configs: [{url: 'http://${recorder}/'}]}
`;

/** Target, servers and recorder of one pair of makes. */
async function startChain(prometheusMake, alertmanagerMake, target, ruleFile) {
  const notifications = [];
  const recorder = await startTarget(suite, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    notifications.push(JSON.parse(body));
    response.end();
  });
  const folder = await temporaryFolder(suite);
  const alertmanager = await startAlertmanager(suite, alertmanagerMake, alertmanagerConfig(recorder), folder);
  const config = prometheusConfig(target, alertmanager.url.replace('http://', ''), ruleFile);
  const flags = ['--web.external-url=http://prometheus.example/', '--rules.alert.resend-delay=1s'];
  if (prometheusMake === 'ours') await startPromenade(suite, { config, flags: [...flags, '--web.route-prefix=/'] });
  else await startPeer(suite, { config, flags: [...flags, '--web.route-prefix=/'] });
  return notifications;
}

/** What was said of each group, in order, without times and without what 0.25 does not have. */
function byGroup(notifications) {
  const groups = {};
  for (const { notification_reason, routeLabels, alerts, ...rest } of notifications) {
    const timeless = alerts.map(({ startsAt, endsAt, ...alert }) => {
      assert.equal(endsAt === '0001-01-01T00:00:00Z', alert.status === 'firing');
      assert.ok(Date.parse(startsAt) > 0);
      return alert;
    });
    (groups[rest.groupKey] ??= []).push({ ...rest, alerts: timeless });
  }
  return groups;
}

test('webhooks say the same, whoever evaluates and whoever notifies', async () => {
  const values = { a: 0, b: 0 };
  const target = await startTarget(suite, (request, response) => {
    const lines = Object.entries(values).map(([i, value]) => `m{i="${i}"} ${value}\n`);
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(lines.join(''));
  });
  const folder = await temporaryFolder(suite);
  const ruleFile = join(folder, 'rules.yml');
  await writeFiles(folder, { 'rules.yml': rules });
  const chains = await Promise.all([
    startChain('theirs', 'theirs', target, ruleFile),
    startChain('ours', 'theirs', target, ruleFile),
    startChain('theirs', 'ours', target, ruleFile),
    startChain('ours', 'ours', target, ruleFile),
  ]);
  const count = (status) => (notifications) => notifications.filter((one) => one.status === status).length;
  const allHave = (status, expected) =>
    eventually(`${expected} ${status} notifications of each`, () => chains.every((one) => count(status)(one) >= expected), 60_000);

  values.a = 7;
  await allHave('firing', 3);
  values.b = 9;
  await allHave('firing', 5);
  values.b = 0;
  await allHave('resolved', 2);
  values.b = 8; // It flaps.
  await allHave('firing', 7);
  values.a = 0;
  values.b = 0;
  await allHave('resolved', 7);

  const [expected, ...others] = chains.map(byGroup);
  for (const told of others) assert.deepEqual(told, expected);
  assert.deepEqual(Object.values(expected).map((group) => group.map(({ status }) => status)).sort(), [
    ['firing', 'resolved'], ['firing', 'resolved'], ['firing', 'resolved'],
    ['firing', 'resolved', 'firing', 'resolved'], ['firing', 'resolved', 'firing', 'resolved'],
  ]); // prettier-ignore
  console.log(`    ${chains[0].length} equal notifications of each of 4 chains`);
});
