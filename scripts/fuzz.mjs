// npm run fuzz -- TARGET [SECONDS]: looks for inputs that crash, hang or contradict themselves. What it has learnt stays in
// build/fuzz/corpus, so that the next run begins there; an input that fails is kept in build/fuzz/findings.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { cmakeBuild, filesUnder } from './lib/build.mjs';
import { entry, root, run, step } from './lib/task.mjs';

const folder = join(root, 'tests/fuzz');
const build = join(root, 'build/fuzz');

/** What a target begins with: its seeds (one a line, or the file as it is), and its words. */
const targets = {
  parser: { seeds: () => queries(''), words: 'promql.dict' },
  evaluator: { seeds: () => queries('\x20\x40\x1c\x00'), words: 'promql.dict' },
  exposition: { seeds: () => [seedText('exposition')], words: 'exposition.dict' },
  config: { seeds: () => [seedText('config')], words: 'config.dict' },
};

const seedText = (name) => readFileSync(join(folder, 'seeds', `${name}.txt`), 'utf8');

/** The seeds and every query of the conformance cases; `header` is what the evaluator reads its times from. */
function queries(header) {
  const cases = filesUnder(join(root, 'tests/conformance/cases')).flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/^eval (?:instant|range).*? (?:at|step) \S+ (.*)$/gm)].map(([, query]) => query),
  );
  return [...seedText('promql').trimEnd().split('\n'), ...cases].map((query) => header + query);
}

await entry(async () => {
  const [name, seconds = '60'] = process.argv.slice(2);
  const target = targets[name];
  if (!target || !/^[1-9]\d*$/.test(seconds)) {
    throw new Error(`usage: npm run fuzz -- TARGET [SECONDS]; the targets are ${Object.keys(targets).join(', ')}`);
  }
  await step(`build fuzz_${name}`, () => cmakeBuild('fuzz', [`fuzz_${name}`]));
  const corpus = join(build, 'corpus', name);
  const findings = join(build, 'findings/');
  mkdirSync(corpus, { recursive: true });
  mkdirSync(findings, { recursive: true });
  target.seeds().forEach((seed, index) => writeFileSync(join(corpus, `seed-${index}`), seed));
  const options = [
    `-max_total_time=${seconds}`,
    `-dict=${join(folder, target.words)}`,
    `-artifact_prefix=${findings}`,
    '-max_len=4096',
    '-timeout=10',
    '-rss_limit_mb=2048',
    '-print_final_stats=1',
  ];
  await step(`fuzz ${name} for ${seconds} s`, () =>
    run(join(build, 'tests/fuzz', `fuzz_${name}`), [...options, corpus], { echo: true }),
  );
  console.log('    nothing found');
});
