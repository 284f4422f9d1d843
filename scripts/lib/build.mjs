// The builds that `npm start` and `npm test` share.
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { root, run, whenChanged } from './task.mjs';

/** The native server that a CMake preset builds. */
export const serverOf = (preset) => join(root, 'build', preset, 'native/promenade');
const wasmModules = ['promenade.wasm', 'promenade.deferred.wasm'];
export const siteDirectory = join(root, 'site/dist');

/** Configures a CMake preset if that has not been done, then builds `targets` (all, if none are named). */
export async function cmakeBuild(preset, targets = []) {
  if (!existsSync(join(root, 'build', preset, 'build.ninja'))) await run('cmake', ['--preset', preset]);
  const selected = targets.length > 0 ? ['--target', ...targets] : [];
  const output = await run('cmake', ['--build', '--preset', preset, ...selected]);
  const sizes = output.split('\n').filter((line) => line.startsWith('engine worker,'));
  return sizes.join('\n    ');
}

/** Every file under `directory`, sorted. */
export function filesUnder(directory, skip = () => false) {
  return readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (skip(path)) return [];
      return entry.isDirectory() ? filesUnder(path, skip) : [path];
    });
}

const isSiteOutput = (path) => /\/(dist|\.astro|node_modules)$/.test(path);

/** Puts the engine where the site imports it from, then builds the site if anything in it changed. */
export async function buildSite() {
  const generated = join(root, 'site/src/engine/generated');
  mkdirSync(generated, { recursive: true });
  for (const name of wasmModules) copyIfChanged(join(root, 'build/wasm/wasm', name), join(generated, name));
  if (!existsSync(join(siteDirectory, 'index.html'))) forget('site');
  const inputs = [
    join(root, 'package-lock.json'),
    ...['site', 'course', 'exercises'].flatMap((name) => filesUnder(join(root, name), isSiteOutput)),
  ];
  // Names count as well as contents: a lesson that moves is a change.
  return whenChanged('site', [inputs.join('\n'), ...inputs], async () => {
    await run('npm', ['run', '--silent', 'site:build']);
    return `${precompress(siteDirectory)} files compressed ahead`;
  });
}

function copyIfChanged(from, to) {
  const bytes = readFileSync(from);
  if (!existsSync(to) || !readFileSync(to).equals(bytes)) writeFileSync(to, bytes);
}

function forget(stamp) {
  const path = join(root, 'build/stamps', stamp);
  if (existsSync(path)) writeFileSync(path, '');
}

const compressible = new Set(['.html', '.css', '.js', '.mjs', '.json', '.svg', '.wasm', '.txt', '.xml']);

/** Writes FILE.br and FILE.gz beside each text-like file, for servers that send them as they are. */
function precompress(directory) {
  const files = filesUnder(directory).filter((path) => compressible.has(extname(path)) && statSync(path).size > 1024);
  for (const path of files) {
    const bytes = readFileSync(path);
    const size = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: size }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
  return files.length;
}
