// Starts programs for a test and makes sure that they end with it. Everything a program wrote is kept,
// to be looked for in assertions and shown when one fails.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const promenadeBinary =
  process.env.PROMENADE_BIN ?? join(repository, 'build/release/native/promenade');

if (!existsSync(promenadeBinary)) {
  throw new Error(
    `${promenadeBinary} is missing: build it with \`cmake --build --preset release --target ` +
      'promenade`, or name another one in PROMENADE_BIN',
  );
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class Program {
  constructor(command, args, options = {}) {
    this.output = '';
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    running.add(this.child);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (bytes) => (this.output += bytes));
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => {
        running.delete(this.child);
        resolve({ code, signal, output: this.output });
      });
    });
  }

  signal(name) {
    this.child.kill(name);
  }

  /** Ends the program as an administrator would, and tells how it went. */
  async stop() {
    this.signal('SIGTERM');
    return this.ended;
  }
}

/** Runs promenade to its end. */
export function runPromenade(...args) {
  return new Program(promenadeBinary, args).ended;
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Asks until `ask` gives something truthy. */
export async function eventually(what, ask, timeoutMs = 15_000) {
  const deadline = Date.now() + timeoutMs;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what} did not happen within ${timeoutMs} ms`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * What a suite has to undo: give it where a test's `after` is wanted, and run it in the suite's own
 * after(). (An after() called inside before() would run as soon as that hook ends.)
 */
export function cleanup() {
  const actions = [];
  const register = (action) => actions.push(action);
  register.run = async () => {
    for (const action of actions.reverse()) await action();
  };
  return register;
}

/** A folder that is removed after the test or suite whose `after` is given. */
export async function temporaryFolder(after) {
  const folder = await mkdtemp(join(tmpdir(), 'promenade-test-'));
  after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files, given as name -> content, into a folder. */
export async function writeFiles(folder, files) {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}
