// Runs the steps of a script one after another and says what it is doing: one line a step with its
// time, the step's own output only when it fails (or with VERBOSE=1), and nothing done twice.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const buildDirectory = join(root, 'build');
const verbose = process.env.VERBOSE === '1' || process.env.CI === 'true';

/** Node 22 from node_modules once it is there: npm scripts and our children then use the same one. */
export function environment() {
  const bin = join(root, 'node_modules/.bin');
  return {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    // Emscripten's optimiser looks for acorn where Debian's Node has it.
    NODE_PATH: '/usr/share/nodejs',
    ASTRO_TELEMETRY_DISABLED: '1',
  };
}

const progressInterval = 15_000;
let lastProgress = 0;

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Runs a program; rejects with its last lines of output when it fails. `env` adds to environment(). */
export function run(command, args, { cwd = root, env = {}, log, echo = verbose } = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd, env: { ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const file = log ? createWriteStream(log) : undefined;
    let tail = '';
    const take = (chunk) => {
      tail = (tail + chunk).slice(-20_000);
      file?.write(chunk);
      if (echo) process.stdout.write(chunk);
      else progress(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => failed(new Error(`${command}: ${error.message}`)));
    child.on('close', (status, signal) => {
      file?.end();
      clearProgress();
      if (status === 0) done(tail);
      else failed(new Error(`${[command, ...args].join(' ')}\nended with ${signal ?? `status ${status}`}\n${echo ? '' : tail}`));
    });
  });
}

/** The last line of a quiet program's output, so that a long step shows it is alive: on a terminal in place, else at times. */
function progress(chunk) {
  const line = String(chunk).trimEnd().split('\n').pop() ?? '';
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\x1b[K    ${line.slice(0, (process.stdout.columns ?? 80) - 6)}`);
  } else if (Date.now() - lastProgress > progressInterval) {
    lastProgress = Date.now();
    console.log(`    ... ${line.slice(0, 100)}`);
  }
}
function clearProgress() {
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
}

/** Runs `work` as a named step; resolves with what it returns. */
export async function step(name, work) {
  const since = Date.now();
  lastProgress = since;
  console.log(`==> ${name}`);
  const result = await work();
  console.log(`    ${typeof result === 'string' && result ? `${result}  ` : ''}(${seconds(since)})`);
  return result;
}

/** Runs `work` unless the contents of `inputs` (files, or strings as they are) are those of the last success. */
export async function whenChanged(name, inputs, work) {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(existsSync(input) ? readFileSync(input) : `text:${input}`);
  const digest = hash.digest('hex');
  const stamp = join(buildDirectory, 'stamps', name);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return 'up to date';
  const result = await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
  return result;
}

/** Ends the process with a readable message when `main` fails. */
export async function entry(main) {
  try {
    await main();
  } catch (error) {
    console.error(`\nFAILED: ${error.message}`);
    process.exitCode = 1;
  }
}
