// The two servers of the benchmark: started, written to, asked, and looked at from outside.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const running = [];
process.on('exit', () => running.forEach(({ child }) => child.kill('SIGKILL')));

const ticksPerSecond = 100;
const bytesPerPage = 4096;

class Server {
  constructor(name, port, folder, child) {
    Object.assign(this, { name, port, folder, child });
    // One connection that stays open, as a dashboard's does.
    this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  exchange(options, body) {
    return new Promise((done, failed) => {
      const begun = process.hrtime.bigint();
      const sent = request(
        { host: '127.0.0.1', port: this.port, agent: this.agent, ...options },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => {
            const milliseconds = Number(process.hrtime.bigint() - begun) / 1e6;
            done({ status: response.statusCode, text: Buffer.concat(chunks).toString(), milliseconds });
          });
        },
      );
      sent.on('error', failed);
      sent.end(body);
    });
  }

  ask(path) {
    return this.exchange({ path });
  }

  async write(body) {
    const headers = {
      'Content-Type': 'application/x-protobuf',
      'Content-Encoding': 'snappy',
      'Content-Length': body.length,
      'X-Prometheus-Remote-Write-Version': '0.1.0',
    };
    const { status, text } = await this.exchange({ method: 'POST', path: '/api/v1/write', headers }, body);
    if (status >= 300) throw new Error(`${this.name} refused a remote write: ${status} ${text}`);
  }

  /** User and system time so far, from /proc. */
  cpuSeconds() {
    const fields = this.#stat();
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  residentMegabytes() {
    return (Number(this.#stat()[21]) * bytesPerPage) / 1e6;
  }

  /** The fields of /proc/PID/stat after the name, which may hold blanks. */
  #stat() {
    const text = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function start(name, command, flags, readyPath) {
  const folder = await mkdtemp(join(tmpdir(), 'promenade-bench-'));
  await writeFile(join(folder, 'prometheus.yml'), '');
  const port = await freePort();
  const args = [`--config.file=${join(folder, 'prometheus.yml')}`, `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn(command, [...args, ...flags(folder)], { stdio: 'ignore' });
  const server = new Server(name, port, folder, child);
  running.push(server);
  for (let attempt = 0; ; ++attempt) {
    const answer = await server.ask(readyPath).catch(() => undefined);
    if (answer?.status === 200) return server;
    if (child.exitCode !== null || attempt > 300)
      throw new Error(`${command} ${args.join(' ')} does not start`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Prometheus keeps everything in its head, as we do: blocks would be cut in the midst of the runs. */
export function startPrometheus() {
  return start(
    'Prometheus',
    'prometheus',
    (folder) => [
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.min-block-duration=1d',
      '--storage.tsdb.max-block-duration=1d',
      '--web.enable-remote-write-receiver',
    ],
    '/-/ready',
  );
}

/** Ours, with the windows of Prometheus 2. */
export function startPromenade(binary) {
  return start(
    'ours',
    binary,
    () => ['--web.enable-remote-write-receiver', '--query.prometheus2-rules'],
    '/-/ready',
  );
}

export async function stopAll() {
  for (const { child, folder, agent } of running.splice(0)) {
    agent.destroy();
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}
