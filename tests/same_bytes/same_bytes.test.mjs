// The same query over the same samples gives the same bytes of JSON natively and in WebAssembly.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const program = 'tests/same_bytes/same_bytes_answers';

/** Request -> what was answered, from the two lines that the program prints for each. */
function answers(command, args) {
  const lines = execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 }).trimEnd().split('\n');
  const pairs = [];
  for (let i = 0; i + 1 < lines.length; i += 2) pairs.push([lines[i], lines[i + 1]]);
  return new Map(pairs);
}

const native = answers(join(root, 'build/release', program), []);
const wasm = answers('node', ['--no-experimental-fetch', join(root, 'build/wasm', `${program}.js`)]);

describe('natively and as WebAssembly', () => {
  test('as many requests were answered', () => {
    assert.ok(native.size > 20, `only ${native.size} answers`);
    assert.deepEqual([...wasm.keys()], [...native.keys()]);
  });
  for (const [request, answer] of native) {
    test(`${decodeURIComponent(request)} has the same bytes`, () => assert.equal(wasm.get(request), answer));
  }
  test('the answers have something in them', () => {
    for (const [request, answer] of native) {
      if (request.startsWith('http://world/hash')) {
        assert.match(answer, /^200 \{"hash":"[0-9a-f]{16}"\}$/, request);
        continue;
      }
      const expected = /query=(rat\(|up%20%2B)/.test(request) ? /^4\d\d \{"status":"error"/ : /^200 \{"status":"success","data":.{40}/;
      assert.match(answer, expected, request);
    }
  });
});
