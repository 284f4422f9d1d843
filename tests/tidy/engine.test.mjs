// The engine is a function of configuration, seed and virtual time: these tests find what would make it
// more than that, and name the file, the line and what to use instead.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(cc|h)$/.test(path) ? [path] : [];
  });
}

/** Headers that open a door to the outside, and the interface that stands in that door. */
const bannedIncludes = [
  [/^(sys\/socket|netinet\/.*|arpa\/.*|netdb|sys\/un)\.h$|^(boost\/(asio|beast).*|curl\/.*)$/, 'sockets', 'base/transport.h'],
  [/^(thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token|pthread\.h)$/, 'threads', 'base/executor.h'],
  [/^(fstream|filesystem|fcntl\.h|unistd\.h|sys\/(stat|mman|file|types)\.h|dirent\.h)$/, 'files', 'base/file_system.h'],
  [/^(chrono|ctime|time\.h|sys\/time\.h)$/, 'the wall clock', 'base/clock.h'],
  [/^(random)$/, 'unseeded or platform-dependent randomness', 'base/random.h'],
  [/^(iostream|locale|clocale|locale\.h)$/, 'global streams or the locale', 'base/log.h, model/number_format.h'],
];

/** Calls that need no header of their own. */
const bannedCalls = [
  [/\b(fopen|fread|fwrite|opendir|std::rename|unlink)\s*\(/, 'files', 'base/file_system.h'],
  [/\b(std::time|time|gettimeofday|clock_gettime)\s*\(\s*(nullptr|NULL|0|&)/, 'the wall clock', 'base/clock.h'],
  [/\b(std::getenv|getenv|setlocale)\s*\(/, 'the environment', 'an options struct'],
  [/\b(std::rand|rand|srand)\s*\(/, 'unseeded randomness', 'base/random.h'],
  [/\bstd::(thread|async|mutex)\b/, 'threads', 'base/executor.h'],
];

function withoutComments(line) {
  return line.replace(/\/\/.*$/, '').replace(/"(?:[^"\\]|\\.)*"/g, '""');
}

/** Every use in `text` of something that the engine must not reach for. */
export function offences(path, text) {
  const found = [];
  text.split('\n').forEach((line, index) => {
    const where = `${path}:${index + 1}`;
    const include = /^\s*#\s*include\s*[<"]([^>"]+)[>"]/.exec(line)?.[1];
    for (const [pattern, what, instead] of bannedIncludes) {
      if (include && pattern.test(include)) found.push(`${where}: <${include}> gives the engine ${what}; use ${instead}`);
    }
    for (const [pattern, what, instead] of bannedCalls) {
      const call = pattern.exec(withoutComments(line))?.[0];
      if (call) found.push(`${where}: "${call.trim()}" gives the engine ${what}; use ${instead}`);
    }
  });
  return found;
}

const engine = sources('engine').map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** Module -> the modules its CMakeLists.txt allows it, transitively, itself included. */
function allowedModules() {
  const direct = new Map();
  for (const entry of readdirSync(join(root, 'engine'), { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const text = readFileSync(join(root, 'engine', entry.name, 'CMakeLists.txt'), 'utf8');
    const depends = /DEPENDS([^)]*?)(LIBRARIES|\))/s.exec(text)?.[1] ?? '';
    direct.set(entry.name, depends.split(/\s+/).filter(Boolean));
  }
  const reach = (name, seen = new Set()) => {
    if (!seen.has(name)) {
      seen.add(name);
      for (const next of direct.get(name) ?? []) reach(next, seen);
    }
    return seen;
  };
  return new Map([...direct.keys()].map((name) => [name, reach(name)]));
}

describe('engine/', () => {
  test('has sources to look at', () => assert.ok(engine.length > 50, `only ${engine.length} files found`));

  test('includes no sockets, threads, files or wall clock', () => {
    assert.deepEqual(engine.flatMap(({ path, text }) => offences(path, text)), []);
  });

  test('a module includes only what its CMakeLists.txt lets it', () => {
    const allowed = allowedModules();
    const wrong = engine.flatMap(({ path, text }) => {
      const module = path.split('/')[1];
      return [...text.matchAll(/^#include "([a-z_]+)\//gm)]
        .filter(([, other]) => allowed.has(other) && !allowed.get(module).has(other))
        .map(([, other]) => `${path}: includes ${other}/, which engine/${module}/CMakeLists.txt does not depend on`);
    });
    assert.deepEqual(wrong, []);
  });

  test('every file says what it is before its first include', () => {
    const silent = engine.filter(({ text }) => !/^\/\/ .*[a-z]{3} /m.test(text.split(/^#include/m)[0]));
    assert.deepEqual(silent.map(({ path }) => `${path}: starts without a comment that says what it is`), []);
  });

  test('every unit test lies where the file it tests does', () => {
    const names = new Set(['native', ...engine.map(({ path }) => relative('engine', dirname(path)))]);
    const stray = sources('tests/unit').filter((path) => !names.has(relative('tests/unit', dirname(path))));
    assert.deepEqual(stray.map((path) => `${path}: there is no module ${basename(dirname(path))}`), []);
  });
});

describe('the check itself', () => {
  for (const line of [
    '#include <sys/socket.h>',
    '#include <thread>',
    '#include <fstream>',
    '#include <chrono>',
    '#include <boost/asio/ip/tcp.hpp>',
    'auto now = time(nullptr);',
    'std::FILE* file = fopen(path, "r");',
  ]) {
    test(`names ${line}`, () => assert.match(offences('engine/base/x.cc', `\n${line}\n`).join('\n'), /^engine\/base\/x\.cc:2: /));
  }
  for (const line of ['#include <vector>', '// uses time(nullptr) natively', 'fail("fopen(x)");', 'window_time(0);']) {
    test(`lets ${line} pass`, () => assert.deepEqual(offences('engine/base/x.cc', line), []));
  }
});
