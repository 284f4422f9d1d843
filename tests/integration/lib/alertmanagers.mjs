// Alertmanagers of a test: ours, and Debian's as its peer.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { eventually, freePort, Program, promenadeBinary, writeFiles } from './processes.mjs';

/** An Alertmanager, of either make. */
export class Alertmanager {
  constructor(url, program) {
    this.url = url;
    this.program = program;
  }

  async ask(path, { method = 'GET', body, type = 'application/json' } = {}) {
    const options = { method };
    if (body !== undefined) {
      options.body = typeof body === 'string' ? body : JSON.stringify(body);
      options.headers = { 'Content-Type': type };
    }
    const response = await fetch(this.url + path, options);
    return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
  }

  async get(path) {
    return JSON.parse((await this.ask(`/api/v2${path}`)).text);
  }

  async push(...alerts) {
    const { status, text } = await this.ask('/api/v2/alerts', { method: 'POST', body: alerts });
    assert.equal(status, 200, text);
  }

  amtool(...args) {
    return new Program('amtool', [`--alertmanager.url=${this.url}`, '--no-version-check', ...args]).ended;
  }
}

/**
 * Starts ours or Debian's in a folder that keeps its data; `after` is told how to stop it. The configuration is
 * written there.
 */
export async function startAlertmanager(after, make, config, folder) {
  const port = await freePort();
  await writeFiles(folder, { 'am.yml': config });
  const flags = [
    `--config.file=${join(folder, 'am.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.external-url=http://am.example',
    '--web.route-prefix=/',
    '--cluster.listen-address=',
  ];
  const program =
    make === 'ours'
      ? new Program(promenadeBinary, ['alertmanager', ...flags])
      : new Program('prometheus-alertmanager', flags);
  after(() => program.stop());
  const url = `http://127.0.0.1:${port}`;
  await eventually(`${make} Alertmanager ready`, async () => {
    if (program.child.exitCode !== null) throw new Error(program.output);
    return (await fetch(`${url}/-/ready`)).ok;
  });
  return new Alertmanager(url, program);
}
