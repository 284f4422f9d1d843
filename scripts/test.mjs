// npm test: installs what is missing, builds everything and runs every suite. A failing suite does not
// stop the others; the list at the end says which were OK. A suite that passed on this very tree is not run
// again, unless it is named: `npm test -- unit e2e` runs those two.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { bootstrap } from './lib/bootstrap.mjs';
import { buildSite, cmakeBuild, filesUnder, serverOf } from './lib/build.mjs';
import { entry, root, run, step, whenChanged } from './lib/task.mjs';

const npmScript = (name, env = {}) => () => run('npm', ['run', '--silent', name], { env, echo: true });
/** Files side by side, even on two cores: servers and their peers spend most of their time waiting. */
const nodeTests = (folder, preset = 'release') => () =>
  run('node', ['--test', '--test-concurrency=3', '--test-reporter=spec', ...testFiles(folder)], {
    env: { PROMENADE_BIN: serverOf(preset) },
    echo: true,
  });
const testFiles = (folder) => filesUnder(join(root, 'tests', folder)).filter((path) => path.endsWith('.test.mjs'));
const ctest = (preset) => () => run('ctest', ['--preset', preset, '--parallel', '2'], { echo: true });

/** The same expressions each time; `npm run test:differential` draws new ones. */
const differential = () =>
  run('node', [join(root, 'tests/differential/run.mjs'), '--seed', '1', '--count', '1000'], {
    env: { PROMENADE_BIN: serverOf('release') },
    echo: true,
  });

/** In the order they run; a suite may use what the ones before it built. */
const suites = [
  ['tidy', 'the source tree keeps its rules', nodeTests('tidy')],
  ['format', 'C++ is formatted', checkFormat],
  ['native', 'native build', () => cmakeBuild('release')],
  ['unit', 'unit and conformance tests, native', ctest('release')],
  ['exercises', 'every exercise proves itself', () => run(serverOf('release'), ['exercises', 'check', join(root, 'exercises')], { echo: true })],
  ['integration', 'the server beside the real Prometheus and node_exporter', nodeTests('integration')],
  ['differential', 'random PromQL has the answers of the real Prometheus', differential],
  ['wasm', 'WebAssembly build', () => cmakeBuild('wasm')],
  ['unit-wasm', 'the same tests as WebAssembly under Node', ctest('wasm')],
  ['same-bytes', 'the same answers, byte for byte, natively and as WebAssembly', nodeTests('same_bytes')],
  ['lessons', 'what the lessons say holds in their world', nodeTests('lessons')],
  ['site', 'course and pages build', buildSite],
  ['site-check', 'pages: types, lint, unit tests', checkSite],
  ['e2e', 'the course in a real browser', npmScript('e2e', { PROMENADE_BIN: serverOf('release') })],
  ['asan', 'build under ASan and UBSan', () => cmakeBuild('asan')],
  ['unit-asan', 'unit and conformance tests under ASan and UBSan', ctest('asan')],
  ['integration-asan', 'the server beside its peers under ASan and UBSan', nodeTests('integration', 'asan')],
];

/** These see for themselves what has changed. */
const builds = new Set(['native', 'wasm', 'site', 'asan']);

/**
 * All that a suite's outcome may depend on: the tree, the conformance tests from outside of it, and the
 * versions of the tools and peers. Nothing where git can't tell, as in an unpacked archive.
 */
function suiteInputs() {
  const output = (command, args) => execFileSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  try {
    const tree = output('git', ['ls-files', '--cached', '--others', '--exclude-standard']).trimEnd();
    const packages = output('dpkg-query', ['--show']);
    const conformance = process.env.PROMQLTEST_DIR ? filesUnder(process.env.PROMQLTEST_DIR) : [];
    const files = tree.split('\n').map((path) => join(root, path));
    return [tree, packages, process.version, conformance.join('\n'), ...conformance, ...files];
  } catch {
    return undefined;
  }
}

function checkFormat() {
  const sources = ['engine', 'native', 'wasm', 'tests']
    .flatMap((folder) => filesUnder(join(root, folder)))
    .filter((path) => /\.(cc|h)$/.test(path));
  return run('clang-format', ['--dry-run', '-Werror', ...sources]);
}

async function checkSite() {
  for (const script of ['site:check', 'site:lint', 'site:test']) await npmScript(script)();
}

async function main() {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !suites.some(([suite]) => suite === name));
  if (unknown.length > 0) {
    throw new Error(`No suite is called ${unknown.join(', ')}. There are: ${suites.map(([name]) => name).join(', ')}.`);
  }
  await bootstrap();
  if (!process.env.PROMQLTEST_DIR) console.log("    PROMQLTEST_DIR is not set: Prometheus's own .test files are left out, ours run.");
  else if (!existsSync(process.env.PROMQLTEST_DIR)) throw new Error(`PROMQLTEST_DIR=${process.env.PROMQLTEST_DIR}: no such folder.`);

  const results = [];
  const inputs = suiteInputs();
  for (const [name, claim, work] of suites) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const since = Date.now();
    const always = chosen.includes(name) || builds.has(name) || !inputs;
    const once = always ? work : () => whenChanged(`suite-${name}`, inputs, work);
    const error = await step(`${name}: ${claim}`, once).then(() => undefined, (failure) => failure);
    if (error) console.error(`    ${error.message}`);
    results.push({ name, claim, ok: !error, seconds: (Date.now() - since) / 1000 });
  }
  report(results);
}

function report(results) {
  console.log('');
  for (const { name, claim, ok, seconds } of results) {
    console.log(`${ok ? 'OK  ' : 'FAIL'}  ${name.padEnd(12)} ${claim} (${seconds.toFixed(0)} s)`);
  }
  const failed = results.filter(({ ok }) => !ok).length;
  console.log(`\n${results.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

await entry(main);
