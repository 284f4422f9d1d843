// Long queries: they run beside the scrapes, end when nobody waits for them, and end in time.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { cleanup, eventually } from './lib/processes.mjs';
import { scrapeConfig, startPromenade, startTarget } from './lib/servers.mjs';

// Windows of a day at a second's resolution, and for each its median deviation: minutes of work.
const endless = 'mad_over_time((sin(vector(time()) * 1e3))[1d:1s])';

describe('a query of many seconds', () => {
  const undo = cleanup();
  let server;
  after(() => undo.run());
  before(async () => {
    const target = await startTarget(undo, (_, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4');
      response.end('metric 1\n');
    });
    server = await startPromenade(undo, {
      config: scrapeConfig({ quick: target }),
      flags: [
        '--enable-feature=promql-experimental-functions',
        '--query.max-concurrency=2',
        '--query.timeout=1m',
      ],
    });
    await eventually('the first scrape', async () => (await server.query('metric')).length === 1);
  });

  /** Asks for a long range; `hangUp()` closes the connection, `answered` tells the status, if any comes. */
  function ask(parameters = {}) {
    const now = Math.floor(Date.now() / 1000);
    const query = new URLSearchParams({
      query: endless,
      start: now - 10_000,
      end: now,
      step: 1,
      ...parameters,
    });
    const sent = request(`${server.url}/api/v1/query_range?${query}`, { agent: false });
    const answered = new Promise((resolve) => {
      sent.on('response', (response) => {
        let text = '';
        response.on('data', (bytes) => (text += bytes));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      });
      sent.on('error', () => resolve(undefined));
    });
    sent.end();
    return { answered, hangUp: () => sent.destroy() };
  }

  /** CPU time of the server in hundredths of a second. */
  function ticks() {
    const stat = readFileSync(`/proc/${server.program.child.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  }

  async function isIdle() {
    const ticksBefore = ticks();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return ticks() - ticksBefore < 10;
  }

  test('leaves scrapes at their times and short queries quick', async () => {
    const long = ask();
    const begun = Date.now();
    const isAnswered = await Promise.race([
      long.answered.then(() => true),
      new Promise((resolve) => setTimeout(() => resolve(false), 5000)),
    ]);
    assert.equal(isAnswered, false, 'the long query is not long');
    const [{ value }] = await server.query('count_over_time(metric[4s])');
    assert.ok(Number(value[1]) >= 3, `${value[1]} scrapes in 4 s`);
    assert.ok(Date.now() - begun < 15_000);
    long.hangUp();
    await long.answered;
  });

  test('ends when its client hangs up', async () => {
    const long = ask();
    await eventually('the work on it beginning', async () => !(await isIdle()));
    long.hangUp();
    await long.answered;
    await eventually('the work on it ending', isIdle, 30_000);
  });

  test('ends at its own timeout, with the words that Prometheus has for it', async () => {
    const { status, text } = await ask({ timeout: '1s' }).answered;
    assert.equal(status, 503);
    const { errorType, error } = JSON.parse(text);
    assert.equal(errorType, 'timeout');
    assert.match(error, /query timed out/);
  });

  test('makes others wait for their turn, which counts as their time', async () => {
    const first = ask();
    const second = ask();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const third = ask({ timeout: '1s' });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    first.hangUp();
    second.hangUp();
    const { status, text } = await third.answered;
    assert.equal(status, 503);
    assert.match(text, /query timed out in query queue/);
  });

  test('does not keep the server from ending', async () => {
    ask();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { code } = await server.program.stop();
    assert.equal(code, 0);
  });
});
