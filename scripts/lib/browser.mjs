// What scripts that look at the built site with a browser share: a server for it, and how Chromium is started.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { serverOf, siteDirectory } from './build.mjs';
import { root } from './task.mjs';

export const browserFlags = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Our server with the built site; it sends what is compressed ahead. */
export async function startServer() {
  const binary = process.env.PROMENADE_BIN ?? serverOf('release');
  for (const needed of [binary, join(siteDirectory, 'index.html')]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing: run npm test -- native wasm site`);
  }
  const port = await freePort();
  const child = spawn(
    binary,
    ['--config.file=tests/e2e/prometheus.yml', `--web.listen-address=127.0.0.1:${port}`, `--web.site=${siteDirectory}`, '--log.level=warn'],
    { cwd: root, stdio: 'ignore' },
  );
  for (let tries = 0; tries < 100; tries++) {
    const ready = await fetch(`http://127.0.0.1:${port}/-/ready`).then(({ ok }) => ok, () => false);
    if (ready) return { port, stop: () => child.kill() };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill();
  throw new Error('The server did not get ready.');
}
