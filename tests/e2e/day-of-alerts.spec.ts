/**
 * A day of a shop with 50 rules and 5 routes, on virtual time in the page's engine: how long it takes, and
 * that what should have reached people has.
 */
import { expect, lessons, test } from './fixtures';

// Recording a trace costs more than what is measured here.
test.use({ trace: 'off' });

const daySecondsMax = 3;

const jobs = ['frontend', 'catalog', 'checkout', 'payments', 'prometheus'];

/** Nine rules a job, two of them record; latency, which reads the most series, is a group of its own. */
const rulesOf = (job: string) => `
  - name: ${job}
    rules:
      - {record: '${job}:requests:rate5m', expr: 'sum by (job) (rate(http_requests_total{job="${job}"}[5m]))'}
      - {record: '${job}:errors:ratio5m', expr: 'sum by (job) (rate(http_requests_total{job="${job}", status=~"5.."}[5m])) / sum by (job) (rate(http_requests_total{job="${job}"}[5m]))'}
      - {alert: Down, expr: 'up{job="${job}"} == 0', for: 2m, labels: {severity: critical, team: shop, of: ${job}}}
      - {alert: Errors, expr: '${job}:errors:ratio5m > 0.05', for: 5m, labels: {severity: page, team: ${job}}, annotations: {summary: '{{ $value | humanizePercentage }} of {{ $labels.job }} fails'}}
      - {alert: SomeErrors, expr: '${job}:errors:ratio5m > 0.01', for: 10m, labels: {severity: warning, team: ${job}}, keep_firing_for: 5m}
      - {alert: Busy, expr: 'sum by (job) (http_requests_in_flight{job="${job}"}) > 50', labels: {severity: warning, team: shop, of: ${job}}}
      - {alert: Quiet, expr: '${job}:requests:rate5m < 1', for: 10m, labels: {severity: warning, team: shop, of: ${job}}}
      - {alert: Restarted, expr: 'changes(process_start_time_seconds{job="${job}"}[10m]) > 0', labels: {severity: info, team: shop, of: ${job}}}
      - {alert: Watchdog, expr: 'count by (job) (up{job="${job}"}) > 0', labels: {severity: none, team: shop, of: ${job}}}`;

const latencyOf = (job: string) => `
      - {alert: Slow, expr: 'histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket{job="${job}"}[5m]))) > 0.5', for: 5m, labels: {severity: page, team: ${job}}}`;

const targets = Object.entries({ frontend: 3, catalog: 2, checkout: 3, payments: 2 }).map(
  ([job, count]) =>
    `  - {job_name: ${job}, static_configs: [{targets: [${Array.from({ length: count }, (_, i) => `'${job}-${i + 1}:8080'`).join()}]}]}`,
);

const files = {
  // A scrape and an evaluation a minute, as Prometheus does where nobody says otherwise.
  'prometheus.yml': `
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['alertmanager:9093']}]}]}
scrape_configs:
  - {job_name: prometheus, static_configs: [{targets: ['prometheus:9090']}]}
${targets.join('\n')}
`,
  'rules.yml': `groups:${jobs.map(rulesOf).join('')}
  - name: latency
    interval: 5m
    rules:${jobs.map(latencyOf).join('')}
`,
  'alertmanager.yml': `
global: {smtp_smarthost: 'mail:587', smtp_from: am@example.org, slack_api_url: 'https://hooks.slack.com/services/x'}
route:
  receiver: everyone
  group_by: [alertname, job]
  routes:
    - {matchers: [severity=none], receiver: heartbeat, repeat_interval: 1h}
    - {matchers: [severity=critical], receiver: pager, group_wait: 0s, continue: true}
    - {matchers: [severity=page], receiver: pager}
    - {matchers: ['team=~"checkout|payments"'], receiver: money}
    - {matchers: [severity=info], receiver: log, mute_time_intervals: [night]}
inhibit_rules: [{source_matchers: [severity=page], target_matchers: [severity=warning], equal: [job]}]
time_intervals: [{name: night, time_intervals: [{times: [{start_time: '00:00', end_time: '06:00'}]}]}]
receivers:
  - {name: everyone, email_configs: [{to: all@example.org}]}
  - {name: heartbeat, webhook_configs: [{url: 'http://heartbeat/'}]}
  - {name: pager, pagerduty_configs: [{routing_key: k}]}
  - {name: money, slack_configs: [{channel: '#money', send_resolved: true}]}
  - {name: log, webhook_configs: [{url: 'http://log/'}]}
`,
};

interface Day {
  seconds: number;
  rules: number;
  receivers: Record<string, number>;
}

test('a day of 50 rules and 5 routes takes less than 3 seconds', async ({ page }) => {
  test.setTimeout(120_000); // Of which the day is a small part, unless something is very wrong.
  const started = page.waitForEvent('worker');
  await page.goto(lessons.browser);
  const workerUrl = (await started).url();
  // The least of three: whatever else the machine does can only add to it.
  const days: Day[] = [];
  for (let round = 0; round < 3; round++) days.push(await page.evaluate(runDay, { workerUrl, files }));
  const day = days.reduce((least, one) => (one.seconds < least.seconds ? one : least));
  const times = days.map(({ seconds }) => seconds.toFixed(2)).join(', ');
  console.log(`    a day of ${day.rules} rules took ${times} s;`, JSON.stringify(day.receivers));
  expect(day.rules).toBe(50);
  expect(day.receivers['heartbeat']).toBeGreaterThan(5 * 20);
  expect(day.receivers['pager']).toBeGreaterThan(0);
  expect(day.seconds).toBeLessThan(daySecondsMax);
});

/** In the page: a worker of its own, talked to as site/src/engine does. */
async function runDay(given: { workerUrl: string; files: Record<string, string> }): Promise<Day> {
  const worker = new Worker(given.workerUrl, { type: 'module' });
  let id = 0;
  const call = (request: object) =>
    new Promise<string>((resolve, reject) => {
      const own = ++id;
      worker.addEventListener('error', () => reject(new Error('the worker failed')));
      worker.addEventListener('message', ({ data }) => {
        const answer = data as { id: number; status?: number; body?: string; failure?: string };
        const isAnswer = answer.status !== undefined || answer.failure !== undefined;
        if (answer.id !== own || !isAnswer) return;
        if (answer.status === 200) resolve(answer.body!);
        else reject(new Error(answer.failure ?? answer.body));
      });
      worker.postMessage({ id: own, ...request });
    });
  const open = { kind: 'open', workload: 'web-shop', seed: 1, historySeconds: 600, files: given.files };
  const world = Number(await call(open));
  const ask = (method: string, url: string) => call({ kind: 'ask', world, method, url, body: '' });
  const before = performance.now();
  await ask('POST', 'http://world/clock?advance=86400');
  const seconds = (performance.now() - before) / 1000;
  const groups = JSON.parse(await ask('GET', 'http://prometheus:9090/api/v1/rules')) as {
    data: { groups: { rules: unknown[] }[] };
  };
  const inbox = JSON.parse(await ask('GET', 'http://inbox/notifications')) as {
    notifications: { receiver: string }[];
  };
  const receivers: Record<string, number> = {};
  for (const { receiver } of inbox.notifications) receivers[receiver] = (receivers[receiver] ?? 0) + 1;
  worker.terminate();
  return { seconds, rules: groups.data.groups.flatMap(({ rules }) => rules).length, receivers };
}
