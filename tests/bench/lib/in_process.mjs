// Runs bench_queries natively and as WebAssembly.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { root } from '../../../scripts/lib/task.mjs';

const execute = promisify(execFile);

function parse(output) {
  return output
    .trim()
    .split('\n')
    .map((line) => {
      const [name, microseconds, bytes, hash] = line.split(' ');
      return { name, milliseconds: Number(microseconds) / 1000, bytes: Number(bytes), hash };
    });
}

/** The rows of both, in the order of the file. */
export async function runInProcess(queriesFile, endMs, runs, names) {
  const args = [queriesFile, String(endMs), String(runs), ...names];
  const native = await execute(join(root, 'build/release/tests/bench/bench_queries'), args);
  const script = join(root, 'build/wasm/tests/bench/bench_queries.js');
  const wasm = await execute(process.execPath, ['--no-experimental-fetch', script, ...args]);
  return { native: parse(native.stdout), wasm: parse(wasm.stdout) };
}
