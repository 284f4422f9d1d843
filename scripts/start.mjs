// npm start: installs what is missing, builds, and serves the course and a Prometheus server that
// watches this machine, on one port. `npm start -- --port 9095` takes another one.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { bootstrap } from './lib/bootstrap.mjs';
import { buildSite, cmakeBuild, serverOf, siteDirectory } from './lib/build.mjs';
import { entry, root, step } from './lib/task.mjs';

const nodeExporterPort = 9100;

let port;

await entry(async () => {
  port = readPort();
  if (await isListening(port)) throw portInUse();
  await bootstrap();
  await step('native server', () => cmakeBuild('release', ['promenade']));
  await step('engine for the page (WebAssembly)', () => cmakeBuild('wasm', ['promenade_wasm']));
  await step('course', buildSite);
  if (await isListening(port)) throw portInUse();
  await serve();
});

function readPort() {
  let text;
  try {
    text = parseArgs({ options: { port: { type: 'string', default: '9090' } } }).values.port;
  } catch (error) {
    throw new Error(`${error.message}\nusage: npm start [-- --port NUMBER]`);
  }
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65535) throw new Error(`--port ${text}: expected a port number, such as 9090.`);
  return number;
}

function portInUse() {
  return new Error(`Port ${port} is in use. Stop what listens there, or run: npm start -- --port ${port + 1}`);
}

function isListening(number) {
  return new Promise((answer) => {
    const socket = createConnection({ host: '127.0.0.1', port: number }, () => {
      socket.destroy();
      answer(true);
    });
    socket.on('error', () => answer(false));
  });
}

/** Resolves when both are stopped: by Ctrl+C, or because the server ended. */
async function serve() {
  const children = [];
  if (!(await isListening(nodeExporterPort))) {
    children.push(spawn('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${nodeExporterPort}`], { stdio: 'ignore' }));
  }
  const promenade = spawn(
    serverOf('release'),
    [
      `--config.file=${configFile()}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.site=${siteDirectory}`,
    ],
    { stdio: 'inherit' },
  );
  children.push(promenade);
  for (const child of children) child.on('error', (error) => console.error(error.message));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => children.forEach((child) => child.kill('SIGTERM')));
  try {
    await waitForServer(promenade);
    announce();
    process.exitCode = await new Promise((done) => promenade.on('exit', (code) => done(code ?? 0)));
  } finally {
    children.forEach((child) => child.kill('SIGTERM'));
  }
}

function announce() {
  const address = `http://127.0.0.1:${port}`;
  console.log(`
  The course             ${address}/
  Expression browser     ${address}/query
  Targets                ${address}/targets
  HTTP API               ${address}/api/v1/query?query=up

  Ctrl+C stops it.
`);
}

/** The configuration in native/, with the server's own port for its own target. */
function configFile() {
  const original = join(root, 'native/prometheus.yml');
  if (port === 9090) return original;
  const file = join(root, 'build/prometheus.yml');
  writeFileSync(file, readFileSync(original, 'utf8').replaceAll('127.0.0.1:9090', `127.0.0.1:${port}`));
  return file;
}

async function waitForServer(child) {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) throw new Error(`The server ended with status ${child.exitCode}; its last lines say why.`);
    if (await isListening(port)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('The server did not start to listen within 10 seconds.');
}
