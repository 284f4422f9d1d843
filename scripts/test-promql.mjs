// npm run test:promql: Prometheus's own PromQL tests, natively and as WebAssembly, file by file.
// `npm run test:promql -- FOLDER` names the folder of .test files; else it is $PROMQLTEST_DIR. Without
// either, the project's own cases run, as they do in every case.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { bootstrap } from './lib/bootstrap.mjs';
import { cmakeBuild } from './lib/build.mjs';
import { entry, environment, root, step } from './lib/task.mjs';

const program = 'tests/conformance/conformance_promql';
const platforms = [
  { name: 'native', preset: 'release', command: [join(root, 'build/release', program)] },
  {
    name: 'WebAssembly',
    preset: 'wasm',
    command: ['node', '--no-experimental-fetch', join(root, 'build/wasm', `${program}.js`)],
  },
];

await entry(async () => {
  const folder = process.argv[2] ?? process.env.PROMQLTEST_DIR;
  if (folder && !existsSync(folder))
    throw new Error(
      `${folder}: no such folder. It should hold the .test files of Prometheus's promql/promqltest/testdata.`,
    );
  await bootstrap();
  for (const { name, preset } of platforms)
    await step(`${name} build`, () => cmakeBuild(preset, ['conformance_promql']));
  const runs = platforms.map(({ command }) => evaluate(command, folder ? [resolve(folder)] : []));
  print(runs);
  const failed = platforms.filter((_, i) => runs[i].status !== 0).map(({ name }) => name);
  if (failed.length > 0)
    throw new Error(
      `Too few pass: ${failed.join(', ')}. To see why: build/release/${program} --verbose ${folder ?? ''}`,
    );
});

/** What the program printed as sections: { title, files: Map of file name -> "passed/total" }. */
function evaluate([command, ...args], folders) {
  const { stdout, stderr, status, error } = spawnSync(command, [...args, ...folders], {
    env: environment(),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  if (stderr) console.error(stderr);
  const sections = [];
  for (const line of stdout.split('\n')) {
    const title = /^(\/\S.*):$/.exec(line);
    const file = /^(\S+) (\d+\/\d+)$/.exec(line);
    if (title) sections.push({ title: title[1], files: new Map() });
    else if (file) sections.at(-1)?.files.set(file[1], file[2]);
  }
  return { sections, status };
}

function print(runs) {
  for (const [i, { title, files }] of runs[0].sections.entries()) {
    const columns = runs.map(({ sections }) => sections[i]?.files ?? new Map());
    console.log(`\n${basename(title) === 'cases' ? "The project's own cases" : title}`);
    console.log(
      row(
        '',
        platforms.map(({ name }) => name),
      ),
    );
    for (const name of files.keys())
      console.log(
        row(
          name,
          columns.map((column) => column.get(name) ?? '-'),
        ),
      );
  }
}

function row(name, cells) {
  return `  ${name.padEnd(28)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}
