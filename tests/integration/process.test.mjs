// The program as a process: flags, signals, exit statuses, and what it says when it can't start.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { eventually, runPromenade } from './lib/processes.mjs';
import { scrapeConfig, startPromenade, startTarget } from './lib/servers.mjs';

async function jobs(server) {
  return (await server.data('scrape_pools')).scrapePools;
}

describe('configuration', () => {
  test('SIGHUP loads it again', async (t) => {
    const server = await startPromenade(t.after.bind(t), { config: scrapeConfig({ a: 'x:1' }) });
    assert.deepEqual(await jobs(server), ['a']);
    await writeFile(server.configFile, scrapeConfig({ b: 'x:1', c: 'x:2' }));
    server.program.signal('SIGHUP');
    await eventually('the new jobs', async () => (await jobs(server)).join() === 'b,c');
  });

  test('a broken one leaves the old one in force', async (t) => {
    const server = await startPromenade(t.after.bind(t), { config: scrapeConfig({ a: 'x:1' }) });
    await writeFile(server.configFile, 'global: {scrape_intervall: 1s}\n');
    server.program.signal('SIGHUP');
    await eventually('the complaint', () => server.program.output.includes('Error reloading config'));
    assert.match(server.program.output, /prometheus\.yml:1:\d+: .*scrape_intervall/);
    assert.deepEqual(await jobs(server), ['a']);
    assert.equal((await server.data('status/runtimeinfo')).reloadConfigSuccess, false);
  });

  test('/-/reload needs --web.enable-lifecycle', async (t) => {
    const closed = await startPromenade(t.after.bind(t));
    assert.equal((await closed.get('/-/reload', { method: 'POST' })).status, 403);
    const open = await startPromenade(t.after.bind(t), { flags: ['--web.enable-lifecycle'] });
    await writeFile(open.configFile, scrapeConfig({ new: 'x:1' }));
    assert.equal((await open.get('/-/reload', { method: 'POST' })).status, 200);
    assert.deepEqual(await jobs(open), ['new']);
    await writeFile(open.configFile, 'nonsense: [\n');
    const failed = await open.get('/-/reload', { method: 'POST' });
    assert.equal(failed.status, 500);
    assert.match(failed.text, /^failed to reload config: /);
  });
});

describe('the end', () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    test(`${signal} ends the program with status 0`, async (t) => {
      const target = await startTarget(t.after.bind(t), () => {}); // A scrape is under way.
      const server = await startPromenade(t.after.bind(t), {
        config: scrapeConfig({ slow: target }),
      });
      await server.get('/-/healthy'); // Leaves an idle connection.
      server.program.signal(signal);
      const { code, output } = await server.program.ended;
      assert.equal(code, 0, output);
      assert.match(output, /level=info msg="See you next time!"/);
    });
  }

  test('/-/quit ends the program when the lifecycle API is on', async (t) => {
    const server = await startPromenade(t.after.bind(t), { flags: ['--web.enable-lifecycle'] });
    assert.equal((await server.get('/-/quit')).status, 405);
    const { status, text } = await server.get('/-/quit', { method: 'POST' });
    assert.equal(status, 200);
    assert.equal(text, 'Requesting termination... Goodbye!');
    assert.equal((await server.program.ended).code, 0);
  });

  test('/-/quit is forbidden otherwise', async (t) => {
    const server = await startPromenade(t.after.bind(t));
    assert.equal((await server.get('/-/quit', { method: 'POST' })).status, 403);
    assert.equal((await server.get('/-/healthy')).status, 200);
  });
});

describe('what can go wrong at the start', () => {
  test('an unknown flag is answered with the nearest one', async () => {
    const { code, output } = await runPromenade('--web.listen-adress=127.0.0.1:0');
    assert.equal(code, 1);
    assert.equal(
      output,
      "promenade: unknown long flag '--web.listen-adress': did you mean --web.listen-address?\n",
    );
  });

  test('a value that makes no sense is named', async () => {
    const { code, output } = await runPromenade('--query.timeout=soon');
    assert.equal(code, 1);
    assert.match(output, /^promenade: --query\.timeout=soon: /);
    assert.match((await runPromenade('--query.max-samples=many')).output, /whole number/);
    assert.match((await runPromenade('--log.level=loud')).output, /--log\.level must be/);
  });

  test('an unreadable configuration is named', async () => {
    const { code, output } = await runPromenade(
      '--config.file=/nonexistent/p.yml',
      '--web.listen-address=127.0.0.1:0',
    );
    assert.equal(code, 1);
    assert.match(output, /level=error .*\/nonexistent\/p\.yml.*no such file or directory/);
  });

  test('a port in use is named', async (t) => {
    const other = createServer();
    await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
    t.after(() => other.close());
    const address = `127.0.0.1:${other.address().port}`;
    const { code, output } = await runPromenade(`--web.listen-address=${address}`);
    assert.equal(code, 1);
    assert.ok(output.includes(`listen tcp ${address}: bind: address already in use`), output);
  });

  test('a site folder that is missing is named', async () => {
    const { code, output } = await runPromenade(
      '--web.site=/nonexistent',
      '--web.listen-address=127.0.0.1:0',
    );
    assert.equal(code, 1);
    assert.match(output, /--web\.site=\/nonexistent: there is no such folder/);
  });
});

describe('flags', () => {
  test("Prometheus's flags are accepted; one without effect says so once", async (t) => {
    const server = await startPromenade(t.after.bind(t), {
      flags: [
        '--storage.tsdb.path=/somewhere',
        '--storage.tsdb.retention.time=30d',
        '--no-storage.tsdb.wal-compression',
        '--web.enable-admin-api',
        '--web.console.templates=x',
        '--web.page-title=Mine',
        '--enable-feature=exemplar-storage',
        '--enable-feature=promql-experimental-functions',
        '--query.max-concurrency',
        '4',
      ],
    });
    const { output } = server.program;
    assert.equal(output.split('flag=--storage.tsdb.path').length, 2, output);
    assert.equal(output.split('flag="--enable-feature=exemplar-storage"').length, 2, output);
    assert.ok(!output.includes('experimental-functions'), output);
    assert.ok(!output.includes('flag=--storage.tsdb.retention.time'), output);
    const flags = await server.data('status/flags');
    assert.equal(flags['storage.tsdb.retention.time'], '30d');
    assert.equal(flags['storage.tsdb.wal-compression'], 'false');
    assert.equal(flags['enable-feature'], 'exemplar-storage,promql-experimental-functions');
    assert.equal(flags['query.lookback-delta'], '5m');
    assert.deepEqual(Object.keys(flags), Object.keys(flags).sort());
    assert.equal((await server.data('status/runtimeinfo')).storageRetention, '30d');
  });

  test('experimental functions are there once they are enabled', async (t) => {
    const query = 'limitk(1, vector(1))';
    const plain = await startPromenade(t.after.bind(t));
    await assert.rejects(plain.query(query), /limitk\(\) is experimental and must be enabled/);
    const enabled = await startPromenade(t.after.bind(t), { flags: ['--enable-feature=promql-experimental-functions'] });
    assert.equal((await enabled.query(query)).length, 1);
  });

  test('--help and --version print and end', async () => {
    const help = await runPromenade('-h');
    assert.equal(help.code, 0);
    assert.match(help.output, /--config\.file/);
    assert.match(help.output, /127\.0\.0\.1:9090/);
    const version = await runPromenade('--version');
    assert.equal(version.code, 0);
    assert.match(version.output, /^promenade, version \d+\.\d+\.\d+ /);
  });

  test('the log can be JSON', async (t) => {
    const server = await startPromenade(t.after.bind(t), { flags: ['--log.format=json'] });
    for (const line of server.program.output.trim().split('\n')) {
      const entry = JSON.parse(line);
      assert.match(entry.ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.equal(typeof entry.msg, 'string');
    }
  });

  test('the log is logfmt by default', async (t) => {
    const server = await startPromenade(t.after.bind(t));
    const line = /^ts=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=(debug|info|warn|error) msg=("|\S)/;
    for (const text of server.program.output.trim().split('\n')) assert.match(text, line);
  });

  test('paths move below the path of --web.external-url', async (t) => {
    const server = await startPromenade(t.after.bind(t), {
      flags: ['--web.external-url=http://example.org/watch/'],
      prefix: '/watch',
    });
    assert.equal((await server.get('/watch/api/v1/alerts')).status, 200);
    assert.equal((await server.get('/api/v1/alerts')).status, 404);
    assert.equal((await server.get('/')).headers.get('location'), '/watch/');
    assert.equal((await server.get('/watch/')).headers.get('location'), '/watch/query');
  });
});

describe('connections', () => {
  const exchange = (port, text) =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (bytes) => (answer += bytes));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  test('serve several requests one after another', async (t) => {
    const server = await startPromenade(t.after.bind(t));
    const one = 'GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n';
    const last = 'GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const answer = await exchange(server.port, one + one + last);
    assert.equal(answer.split('HTTP/1.1 200 OK').length, 4, answer);
  });

  test('are closed after a malformed request', async (t) => {
    const server = await startPromenade(t.after.bind(t));
    assert.match(await exchange(server.port, 'what?\r\n\r\n'), /^HTTP\/1\.1 400 /);
    const huge = 'POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n';
    assert.match(await exchange(server.port, huge), /^HTTP\/1\.1 413 /);
    assert.equal((await server.get('/-/healthy')).status, 200);
  });

  test('of slow clients time out', async (t) => {
    const server = await startPromenade(t.after.bind(t), { flags: ['--web.read-timeout=300ms'] });
    const begun = Date.now();
    await exchange(server.port, 'GET /-/healthy HTT');
    assert.ok(Date.now() - begun < 5000);
  });

  test('wait when there are too many', async (t) => {
    const server = await startPromenade(t.after.bind(t), {
      flags: ['--web.max-connections=2', '--web.read-timeout=1s'],
    });
    const held = [1, 2, 3].map(() => connect(server.port, '127.0.0.1'));
    t.after(() => held.forEach((socket) => socket.destroy()));
    const last = 'GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const waiting = exchange(server.port, last);
    held.forEach((socket) => socket.destroy());
    assert.match(await waiting, /^HTTP\/1\.1 200 OK/);
  });
});
