// What receivers get from promenade and from Debian's Alertmanager (0.25), side by side: the same configuration and
// alerts in both, a recorder in the place of Slack, PagerDuty and the others, and equal requests expected. Kinds
// that 0.25 does not have are in tests/unit/alertmanager/receivers_test.cc.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startAlertmanager } from './lib/alertmanagers.mjs';
import { cleanup, eventually, temporaryFolder, writeFiles } from './lib/processes.mjs';
import { startTarget } from './lib/servers.mjs';

const suite = cleanup();
after(suite.run);

/** The answers that the services themselves give. */
function successOf(path) {
  if (path.startsWith('/slack')) return ['text/plain', 'ok'];
  if (path.startsWith('/telegram')) return ['application/json', '{"ok":true,"result":{"message_id":1,"chat":{"id":1}}}'];
  return ['application/json', '{}'];
}

/** A service of any kind, which writes down what it is told. A path may name the status of its answers: /x/429/. */
async function startRecorder() {
  const requests = [];
  const address = await startTarget(suite, (request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part) => (text += part));
    request.on('end', () => {
      const { 'content-type': type, 'user-agent': agent, authorization } = request.headers;
      requests.push({
        line: `${request.method} ${request.url}`,
        // Telegram's library leaves Go's own agent.
        headers: { type, agent: agent.replace(/^Go-http-client/, 'Alertmanager').replace(/\/[\d.]+$/, ''), authorization },
        body: text,
      });
      const status = /\/(\d{3})\b/.exec(request.url)?.[1];
      const [contentType, body] = status ? ['text/plain', 'no'] : successOf(request.url);
      response.writeHead(Number(status ?? 200), { 'Content-Type': contentType }).end(body);
    });
  });
  return { address, requests };
}

// Each kind as its defaults make it, and with everything set. ADDRESS is the recorder's.
const integrations = `
    slack_configs:
      - {send_resolved: true, api_url: 'http://ADDRESS/slack/default', channel: '#a'}
      - send_resolved: true
        api_url_file: FOLDER/slack_url
        channel: '#{{ .GroupLabels.team }}'
        username: 'u {{ .Status }}'
        color: '{{ if eq .Status "firing" }}warning{{ else }}#00ff00{{ end }}'
        title: '{{ template "long" }}'
        title_link: 'http://a/?q={{ .CommonLabels.team | urlquery }}'
        pretext: '{{ .CommonAnnotations.same | toUpper }}'
        text: '{{ template "ours" . }}'
        fallback: f
        callback_id: c
        footer: '{{ len .Alerts.Firing }} & {{ len .Alerts.Resolved }}'
        icon_emoji: ':x:'
        icon_url: http://i
        image_url: http://im
        thumb_url: http://t
        link_names: true
        short_fields: true
        mrkdwn_in: [text]
        fields: [{title: a, value: '{{ .Status }}'}, {title: b, value: c, short: false}]
        actions:
          - {type: button, text: 'Go {{ .Status }}', url: 'http://g', style: primary}
          - {type: button, text: Sure, name: n, value: v, confirm: {text: t, title: x, ok_text: o, dismiss_text: d}}
    pagerduty_configs:
      - {routing_key: k, url: 'http://ADDRESS/pagerduty/default'}
      - routing_key: 'k {{ .CommonLabels.team }}'
        url: http://ADDRESS/pagerduty/full
        client: c
        client_url: http://c/{{ .Status }}
        description: '{{ template "long" }}'
        severity: '{{ .CommonLabels.severity }}'
        class: c
        component: d
        group: g
        details: {firing: x, more: '{{ .CommonAnnotations.same }}'}
        images: [{href: h, src: 's{{ .Status }}', alt: a}, {src: ''}]
        links: [{href: l, text: 't {{ .Status }}'}, {text: none}]
    opsgenie_configs:
      - {api_key: k, api_url: 'http://ADDRESS/opsgenie/default/'}
      - api_key: 'k{{ .CommonLabels.team }}'
        api_url: http://ADDRESS/opsgenie/full/
        message: '{{ template "long" }}'
        description: 'd {{ .Status }}'
        source: s
        details: {extra: '{{ .Status }}', team: other}
        responders: [{name: 'n {{ .Status }}', type: team}, {id: i, type: user}, {username: u, type: escalation}]
        tags: 'a, b {{ .Status }},,c'
        note: n
        priority: P2
        entity: e
        actions: 'one, two'
        update_alerts: true
    victorops_configs:
      - {api_key: k, routing_key: r, api_url: 'http://ADDRESS/victorops/default/'}
      - api_key: k
        routing_key: 'r{{ .CommonLabels.team }}'
        api_url: http://ADDRESS/victorops/full/
        message_type: '{{ .CommonLabels.severity }}'
        state_message: s {{ .Status }}
        entity_display_name: n
        monitoring_tool: m
        custom_fields: {b: '{{ .Status }}', a: x}
    telegram_configs:
      - {bot_token: t, chat_id: -12, api_url: 'http://ADDRESS/telegram/default'}
      - {bot_token: t, chat_id: 7, api_url: 'http://ADDRESS/telegram/plain', parse_mode: '', message: '<b>{{ .Status }} {{ .CommonAnnotations.same }}</b>', disable_notifications: true}
      - {bot_token: t, chat_id: 7, api_url: 'http://ADDRESS/telegram/html', message: '<b>{{ .Status }} {{ .CommonAnnotations.same }}</b>'}
      - {bot_token: t, chat_id: 7, api_url: 'http://ADDRESS/telegram/long', parse_mode: MarkdownV2, message: '{{ template "long" }}'}
    discord_configs:
      - {webhook_url: 'http://ADDRESS/discord/default'}
      - {webhook_url: 'http://ADDRESS/discord/full', title: 't {{ .Status }}', message: 'm {{ .Status }}'}
    webex_configs:
      - {room_id: r, api_url: 'http://ADDRESS/webex/default', http_config: {authorization: {credentials: c}}}
      - {room_id: r2, api_url: 'http://ADDRESS/webex/full', message: 'm {{ .CommonAnnotations.same }}', http_config: {authorization: {type: Token, credentials_file: FOLDER/credentials}}}
    webhook_configs:
      - {url: 'http://ADDRESS/webhook/default'}
`;

const config = `
global: {resolve_timeout: 1h}
templates: [FOLDER/*.tmpl]
route: {receiver: all of them, group_by: [team], group_wait: 1s, group_interval: 2s}
receivers:
  - name: all of them${integrations}
`;

const files = {
  slack_url: 'http://ADDRESS/slack/full\n',
  credentials: 'secret\n',
  'ours.tmpl': `{{ define "ours" }}{{ range .Alerts }}- {{ .Labels.alertname }}: {{ .Annotations.summary }}
{{ end }}{{ end }}{{ define "long" }}${'Länge, '.repeat(600)}{{ end }}{{ define "slack.default.footer" }}overridden {{ .Receiver }}{{ end }}`,
  'not_a_template.txt': '{{ nonsense',
};

/** Both Alertmanagers, each with a recorder of its own. */
async function startBoth(text) {
  return Promise.all(
    ['ours', 'theirs'].map(async (make) => {
      const recorder = await startRecorder();
      const folder = await temporaryFolder(suite);
      const fill = (template) => template.replaceAll('ADDRESS', recorder.address).replaceAll('FOLDER', folder);
      await writeFiles(
        folder,
        Object.fromEntries(Object.entries(files).map(([name, content]) => [name, fill(content)])),
      );
      const server = await startAlertmanager(suite, make, fill(text), folder);
      return { ...recorder, server, address: recorder.address };
    }),
  );
}

/** Failures are easier to read without the long text; its length tells what was cut. */
const short = (text) => text.replaceAll(/(Länge, ){2,}/g, (run) => `<${run.length} characters>`);
const alerts = [
  { labels: { alertname: 'A', team: 'ä', severity: 'critical', instance: '1' }, annotations: { summary: '<b>"x" & y</b>', same: 'the < same' } },
  { labels: { alertname: 'B', team: 'ä', severity: 'critical', instance: '2' }, annotations: { summary: 'zwei\nZeilen', same: 'the < same' }, generatorURL: 'http://p/graph?g0.expr=up&g0.tab=1' },
]; // prettier-ignore

describe('requests next to those of Alertmanager', () => {
  let both;
  const push = (list) => Promise.all(both.map(({ server }) => server.push(...list)));
  const requestsTo = (path) => both.map(({ requests, address }) =>
    requests
      .filter(({ line }) => line.split(' ')[1].startsWith(`/${path}`))
      .map((request) => JSON.parse(short(JSON.stringify(request).replaceAll(address, 'ADDRESS'))))); // prettier-ignore

  before(async () => {
    both = await startBoth(config);
    const startsAt = new Date().toISOString();
    await push(alerts.map((alert) => ({ ...alert, startsAt })));
    await eventually('the first notifications', () => both.every(({ requests }) => requests.some(({ line }) => line.endsWith('/webhook/default'))));
    const endsAt = new Date().toISOString();
    await push(alerts.map((alert) => ({ ...alert, startsAt, endsAt })));
    await eventually('all notifications', () => both.every(({ requests }) => requests.filter(({ line }) => line.endsWith('/webhook/default')).length === 2));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  });

  const kinds = ['slack', 'pagerduty', 'opsgenie', 'victorops', 'telegram', 'discord', 'webex'];
  for (const kind of kinds) {
    test(`${kind} gets the same`, () => {
      const [ours, theirs] = requestsTo(kind);
      const paths = [...new Set(theirs.map(({ line }) => line))];
      assert.ok(theirs.length >= 4, JSON.stringify(theirs));
      for (const path of paths) {
        const to = (requests) => requests.filter(({ line }) => line === path);
        assert.deepEqual(to(ours), to(theirs), path);
      }
      assert.equal(ours.length, theirs.length);
      console.log(`    ${ours.length} equal requests to ${kind}`);
    });
  }
});

// A status in the path is what the recorder answers with.
const statuses = [400, 403, 404, 408, 429, 500, 503];
const refusing = {
  slack: (url) => `{api_url: '${url}', channel: a}`,
  pagerduty: (url) => `{routing_key: k, url: '${url}'}`,
  opsgenie: (url) => `{api_key: k, api_url: '${url}'}`,
  victorops: (url) => `{api_key: k, routing_key: r, api_url: '${url}'}`,
  telegram: (url) => `{bot_token: t, chat_id: 1, api_url: '${url}'}`,
  discord: (url) => `{webhook_url: '${url}'}`,
  webex: (url) => `{room_id: r, api_url: '${url}', http_config: {authorization: {credentials: c}}}`,
  webhook: (url) => `{url: '${url}'}`,
};

describe('refusals next to Alertmanager', () => {
  let both;
  before(async () => {
    const sections = Object.entries(refusing).map(([kind, section]) =>
      [
        `    ${kind}_configs:`,
        ...statuses.map((status) => `      - ${section(`http://ADDRESS/${kind}/${status}/`)}`),
      ].join('\n'),
    );
    both = await startBoth(
      `route: {receiver: x, group_wait: 0s, group_interval: 5m}\nreceivers:\n  - name: x\n${sections.join('\n')}\n`,
    );
    await Promise.all(both.map(({ server }) => server.push({ labels: { alertname: 'A' } })));
    await new Promise((resolve) => setTimeout(resolve, 3000)); // Room for some tries: the first pause is half a second.
  });

  for (const kind of Object.keys(refusing)) {
    test(`${kind} is tried again after the same statuses`, () => {
      const [ours, theirs] = both.map(({ requests }) =>
        statuses.filter(
          (status) => requests.filter(({ line }) => line.includes(`/${kind}/${status}/`)).length > 1,
        ),
      );
      assert.deepEqual(ours, theirs);
      assert.ok(ours.includes(503) && requestsOf(both[0], kind) >= statuses.length);
    });
  }

  const requestsOf = ({ requests }, kind) =>
    requests.filter(({ line }) => line.includes(`/${kind}/`)).length;
});
