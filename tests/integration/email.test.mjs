// E-mail from promenade and from Debian's Alertmanager (0.25) to a real mail server, Debian's aiosmtpd: the same
// envelope, headers and parts, and every way of logging in, with STARTTLS and without.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startAlertmanager } from './lib/alertmanagers.mjs';
import { cleanup, eventually, Program, temporaryFolder, writeFiles } from './lib/processes.mjs';

const suite = cleanup();
after(suite.run);

const script = fileURLToPath(new URL('lib/smtp_server.py', import.meta.url));

/** Starts a mail server; `told()` is what it has said so far. */
async function startMailServer(...flags) {
  const program = new Program('/usr/bin/python3', [script, ...flags]);
  suite(() => program.stop());
  const lines = () => program.output.split('\n').slice(0, -1).filter((line) => line[0] === '{').map((line) => JSON.parse(line));
  const { port } = await eventually('the mail server', () => lines()[0], 60_000);
  return { port, told: () => lines().slice(1) };
}

let folder;
let tls;
before(async () => {
  folder = await temporaryFolder(suite);
  tls = ['cert.pem', 'key.pem'].map((name) => join(folder, name));
  await promisify(execFile)('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=mail.test', '-addext', 'subjectAltName=DNS:localhost,DNS:mail.test,IP:127.0.0.1',
    '-out', tls[0], '-keyout', tls[1],
  ]); // prettier-ignore
});

/** One receiver, `settings` beside its address and texts. */
const config = (port, settings, host = '127.0.0.1') => `
global: {smtp_smarthost: '${host}:${port}', smtp_from: 'Alerts <am@example.org>', smtp_hello: us.test}
route: {receiver: mail, group_by: [team], group_wait: 0s, group_interval: 1m}
receivers:
  - name: mail
    email_configs:
      - to: 'One <one@example.org>, two@example.org'
        html: '<p title="{{ .CommonAnnotations.summary }}">{{ .Status }} {{ .CommonAnnotations.summary }}</p>'
        text: |
          {{ .Status }} = {{ .CommonAnnotations.summary }}
          ${'wörd '.repeat(30)}
        headers: {X-team: '{{ .GroupLabels.team }}'}
        ${settings}
`;
const alert = {
  labels: { alertname: 'A', team: 'Grün & <Blau>' },
  annotations: { summary: 'a < b & "c"\n.\nzwei Zeilen' },
};

/** Starts ours or theirs with a configuration, gives it the alert; fulfilled when it answers. */
async function startAndFire(make, text) {
  const own = await temporaryFolder(suite);
  const server = await startAlertmanager(suite, make, text, own);
  await server.push(alert);
  return server;
}

/** How many attempts to send a mail have failed: what shows that nothing arrived because nothing was let through. */
async function refusals(server) {
  const { text } = await server.ask('/metrics');
  return Number(/^alertmanager_notification_requests_failed_total\{integration="email"[^}]*\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

/** What differs from one mail to the next is masked, and the order of headers, which Go does not keep. */
function comparable({ message, ...envelope }) {
  const [head, ...rest] = message.split('\r\n\r\n');
  const boundary = /boundary=([0-9a-f]+)/.exec(head)[1];
  const headers = head
    .replaceAll(boundary, 'BOUNDARY')
    .replace(/\r\n /g, ' ')
    .split('\r\n')
    .map((line) => line.replace(/^(Message-Id): <[^@]+@.*>$/, '$1: <ID>').replace(/^(Date): \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/, '$1: DATE'));
  return { ...envelope, headers: headers.sort(), body: rest.join('\r\n\r\n').replaceAll(boundary, 'BOUNDARY') };
}

describe('a mail next to that of Alertmanager', () => {
  test('is the same: envelope, headers, both parts', async () => {
    const mails = [];
    for (const make of ['ours', 'theirs']) {
      const { port, told } = await startMailServer();
      await startAndFire(make, config(port, 'require_tls: false'));
      mails.push(comparable(await eventually(`${make} mail`, () => told()[0], 60_000)));
    }
    assert.deepEqual(mails[0], mails[1]);
    assert.equal(mails[0].headers.length, 8, mails[0].headers.join('\n'));
  });
});

const ways = [
  // [name, flags of the server, settings, what reaches it: [login, encrypted] or undefined]
  ['STARTTLS and PLAIN', ['TLS', '--auth', 'PLAIN'], 'auth_username: u, auth_password: p', ['PLAIN', true]],
  ['STARTTLS and LOGIN', ['TLS', '--auth', 'LOGIN'], 'auth_username: u, auth_password: p', ['LOGIN', true]],
  ['STARTTLS and CRAM-MD5', ['TLS', '--auth', 'CRAM-MD5'], 'auth_username: u, auth_secret: p', ['CRAM-MD5', true]],
  ['STARTTLS and no login', ['TLS'], '', [null, true]],
  ['a server that offers no login', ['TLS'], 'auth_username: u, auth_password: p', undefined],
  ['the secret is wrong for what the server offers, the password is right', ['TLS', '--auth', 'PLAIN'], 'auth_username: u, auth_secret: x, auth_password: p', ['PLAIN', true]],
  ['no TLS, CRAM-MD5', ['--auth', 'CRAM-MD5'], 'auth_username: u, auth_secret: p, require_tls: false', ['CRAM-MD5', false]],
  ['no TLS, PLAIN to this machine', ['--auth', 'PLAIN'], 'auth_username: u, auth_password: p, require_tls: false', ['PLAIN', false]],
  ['a server without STARTTLS', [], '', undefined],
  ['a wrong password', ['TLS', '--auth', 'PLAIN'], 'auth_username: u, auth_password: x', undefined],
  ['no password', ['TLS', '--auth', 'PLAIN'], 'auth_username: u', undefined],
]; // prettier-ignore

describe('logging in next to Alertmanager', () => {
  for (const [name, flags, settings, expected] of ways) {
    test(name, async () => {
      const outcomes = await Promise.all(
        ['ours', 'theirs'].map(async (make) => {
          const { port, told } = await startMailServer(...flags.flatMap((flag) => (flag === 'TLS' ? ['--tls', ...tls] : [flag])));
          const lines = settings.split(', ').filter(Boolean).join('\n        ');
          const server = await startAndFire(make, config(port, `tls_config: {ca_file: ${tls[0]}}\n        ${lines}`));
          const mails = () => told().filter(({ message }) => message);
          if (expected) await eventually(`${make} mail`, () => mails().length > 0, 30_000).catch(() => {});
          else await eventually(`${make} refusal`, () => refusals(server), 60_000);
          const [mail] = mails();
          return { reached: mail && [mail.login, mail.encrypted], output: server.program.output };
        }),
      );
      assert.deepEqual(outcomes.map(({ reached }) => reached), [expected, expected], outcomes[0].output);
    });
  }

  test('TLS from the start, with the name of another server', async () => {
    const { port, told } = await startMailServer('--tls', ...tls, '--implicit', '--auth', 'PLAIN');
    const settings = `force_implicit_tls: true\n        auth_username: u\n        auth_password: p\n        require_tls: false\n        tls_config: {ca_file: ${tls[0]}, server_name: mail.test}`;
    await startAndFire('ours', config(port, settings));
    const mail = await eventually('the mail', () => told()[0], 30_000);
    assert.deepEqual([mail.login, mail.encrypted], ['PLAIN', true]);
  });

  test('a server that speaks no version of TLS that it may is refused', async () => {
    const { port, told } = await startMailServer('--tls', ...tls);
    const settings = `tls_config: {ca_file: ${tls[0]}, min_version: TLS11, max_version: TLS11}`;
    const server = await startAndFire('ours', config(port, settings));
    await eventually('a refusal', () => refusals(server), 60_000);
    assert.deepEqual(told(), []);
  });

  test('a certificate that nobody vouches for is refused', async () => {
    const { port, told } = await startMailServer('--tls', ...tls);
    const server = await startAndFire('ours', config(port, ''));
    await eventually('a refusal', () => refusals(server), 60_000);
    assert.deepEqual(told(), []);
  });
});

test('a server that hangs holds up no other', async () => {
  const sockets = new Set();
  const hanging = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await new Promise((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  suite(() => {
    sockets.forEach((socket) => socket.destroy());
    hanging.close();
  });
  const { port, told } = await startMailServer();
  const own = await temporaryFolder(suite);
  const text = `
global: {smtp_from: am@example.org, smtp_require_tls: false}
route: {receiver: mail, group_wait: 0s}
receivers:
  - name: mail
    email_configs:
      - {to: one@example.org, smarthost: '127.0.0.1:${hanging.address().port}'}
      - {to: two@example.org, smarthost: '127.0.0.1:${port}'}
`;
  const server = await startAlertmanager(suite, 'ours', text, own);
  await server.push(alert);
  await eventually('a mail, and a connection that hangs', () => told().length === 1 && sockets.size === 1, 60_000);
  // What the configuration no longer asks for is not sent any more.
  await writeFiles(own, { 'am.yml': 'route: {receiver: x}\nreceivers: [{name: x}]' });
  const closed = Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.on('close', resolve).resume())));
  assert.equal((await server.ask('/-/reload', { method: 'POST' })).status, 200);
  await closed;
});
