// The servers of a test: promenade, Debian's Prometheus as its peer, node exporter, and targets that
// misbehave in known ways.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { eventually, freePort, Program, promenadeBinary, temporaryFolder, writeFiles } from './processes.mjs';

async function isHealthy(url) {
  return (await fetch(url)).ok;
}

async function startReady(command, args, url, after) {
  const program = new Program(command, args);
  after(() => program.stop());
  await eventually(`${command} answering at ${url}`, async () => {
    if (program.child.exitCode !== null) throw new Error(program.output);
    return isHealthy(url);
  });
  return program;
}

/** A Prometheus, of either make. */
export class Prometheus {
  constructor(url, program) {
    this.url = url;
    this.program = program;
  }

  /** Status, headers and text of the answer to GET `path`. */
  async get(path, options) {
    const response = await fetch(this.url + path, { redirect: 'manual', ...options });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** The answer's envelope. */
  async api(path, parameters = {}) {
    const query = new URLSearchParams(parameters).toString();
    return JSON.parse((await this.get(`/api/v1/${path}?${query}`)).text);
  }

  /** The answer's data; fails with the server's own words. */
  async data(path, parameters) {
    const { status, data, error } = await this.api(path, parameters);
    if (status !== 'success') throw new Error(`${path}: ${error}`);
    return data;
  }

  /** The result of an instant query. */
  async query(query, parameters = {}) {
    return (await this.data('query', { query, ...parameters })).result;
  }
}

/** Starts promenade on a free port with a configuration and more flags; `prefix` is its paths'. */
export async function startPromenade(after, { config = '', flags = [], prefix = '' } = {}) {
  const folder = await temporaryFolder(after);
  await writeFiles(folder, { 'prometheus.yml': config });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const configFile = join(folder, 'prometheus.yml');
  const program = await startReady(
    promenadeBinary,
    [`--config.file=${configFile}`, `--web.listen-address=127.0.0.1:${port}`, ...flags],
    `${url}${prefix}/-/healthy`,
    after,
  );
  return Object.assign(new Prometheus(url, program), { configFile, port });
}

/** Starts Debian's Prometheus with a configuration and more flags. */
export async function startPeer(after, { config, flags = [] }) {
  const folder = await temporaryFolder(after);
  await writeFiles(folder, { 'prometheus.yml': config });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = await startReady(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      ...flags,
    ],
    `${url}/-/ready`,
    after,
  );
  return new Prometheus(url, program);
}

/** Starts Debian's node exporter; gives its host:port. */
export async function startNodeExporter(after) {
  const address = `127.0.0.1:${await freePort()}`;
  await startReady(
    'prometheus-node-exporter',
    [`--web.listen-address=${address}`],
    `http://${address}/`,
    after,
  );
  return address;
}

/** Starts an HTTP server with a handler; gives its host:port. */
export async function startTarget(after, handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return `127.0.0.1:${server.address().port}`;
}

/** prometheus.yml that scrapes every second; `jobs` maps names to host:port. */
export function scrapeConfig(jobs) {
  const lines = ['global: {scrape_interval: 1s, scrape_timeout: 500ms}', 'scrape_configs:'];
  for (const [job, target] of Object.entries(jobs)) {
    lines.push(`  - job_name: ${job}`, '    static_configs:', `      - targets: ['${target}']`);
  }
  return `${lines.join('\n')}\n`;
}
