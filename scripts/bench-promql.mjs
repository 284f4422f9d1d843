// npm run bench:promql: how fast queries are, as a table in Markdown. The same fleet (tests/bench/fleet.h,
// 10,000 series over 6 h) is written to our server and to Debian's Prometheus, which are then asked the
// queries of tests/bench/queries.txt in turn; every pair of answers is compared. Then the same queries in
// one process on one thread, natively and as WebAssembly.
//
//   npm run bench:promql -- [--runs 9] [--in-process] [--over-http] [--no-build] [NAME ...]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { bootstrap } from './lib/bootstrap.mjs';
import { cmakeBuild, serverOf } from './lib/build.mjs';
import { entry, environment, root, step } from './lib/task.mjs';
import { difference } from '../tests/bench/lib/answers.mjs';
import { loadFleet } from '../tests/bench/lib/fleet.mjs';
import { runInProcess } from '../tests/bench/lib/in_process.mjs';
import { startPrometheus, startPromenade, stopAll } from '../tests/bench/lib/servers.mjs';
import { geometricMean, markdownTable, median, ratio, withinBar } from '../tests/bench/lib/table.mjs';

process.env.PATH = environment().PATH;
const queriesFile = join(root, 'tests/bench/queries.txt');
/** What the project promises; the exit status says whether it holds. */
const bars = { range: 0.15, instant: 0.35, worst: 0.8, cpu: 0.2, wasmToNative: 1.5, wasmToPrometheus: 0.35 };

function readOptions(args) {
  const options = { runs: 9, inProcess: true, overHttp: true, build: true, names: [] };
  for (let i = 0; i < args.length; ++i) {
    if (args[i] === '--runs') options.runs = Number(args[++i]);
    else if (args[i] === '--in-process') options.overHttp = false;
    else if (args[i] === '--over-http') options.inProcess = false;
    else if (args[i] === '--no-build') options.build = false;
    else options.names.push(args[i]);
  }
  return options;
}

function readQueries(names) {
  const milliseconds = { s: 1000, m: 60_000, h: 3_600_000 };
  const duration = (text) => Number(text.slice(0, -1)) * milliseconds[text.at(-1)];
  return readFileSync(queriesFile, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const [name, kind] = line.split('|', 2).map((part) => part.trim());
      const query = line.split('|').slice(2).join('|').trim();
      const [lengthMs, stepMs] = kind === 'instant' ? [] : kind.split(' ').map(duration);
      return { name, query, isRange: kind !== 'instant', lengthMs, stepMs };
    })
    .filter(({ name }) => names.length === 0 || names.includes(name));
}

function pathOf({ query, isRange, lengthMs, stepMs }, endMs) {
  const times = isRange
    ? { start: (endMs - lengthMs) / 1000, end: endMs / 1000, step: stepMs / 1000 }
    : { time: endMs / 1000 };
  return `/api/v1/${isRange ? 'query_range' : 'query'}?${new URLSearchParams({ query, ...times })}`;
}

/** Asks both servers the same, taking turns, and gives the medians and the CPU time that each used. */
async function race(query, ours, theirs, endMs, runs) {
  const path = pathOf(query, endMs);
  const times = { ours: [], theirs: [] };
  const cpu = { ours: 0, theirs: 0 };
  const answers = {};
  // One unmeasured run each: the first touches memory that the others find warm.
  for (let run = -1; run < runs; ++run) {
    for (const [side, peer] of Object.entries({ ours, theirs })) {
      const cpuBefore = peer.cpuSeconds();
      const { milliseconds, status, text } = await peer.ask(path);
      if (status !== 200)
        throw new Error(`${query.name}: ${peer.name} answered ${status} ${text.slice(0, 500)}`);
      answers[side] = text;
      if (run < 0) continue;
      times[side].push(milliseconds);
      cpu[side] += peer.cpuSeconds() - cpuBefore;
    }
  }
  const differs = difference(JSON.parse(answers.ours).data, JSON.parse(answers.theirs).data);
  return {
    ...query,
    ours: median(times.ours),
    theirs: median(times.theirs),
    cpuOurs: (cpu.ours / runs) * 1000,
    cpuTheirs: (cpu.theirs / runs) * 1000,
    bytes: answers.ours.length,
    differs,
  };
}

async function overHttp(queries, endMs, runs) {
  const ours = await startPromenade(serverOf('release'));
  const theirs = await startPrometheus();
  try {
    await step('the fleet is written to both', () =>
      loadFleet(join(root, 'build/release/tests/bench/write_fleet'), endMs, [ours, theirs]),
    );
    const results = [];
    await step(`${queries.length} queries, ${runs} runs each`, async () => {
      for (const query of queries) results.push(await race(query, ours, theirs, endMs, runs));
    });
    return { results, memory: { ours: ours.residentMegabytes(), theirs: theirs.residentMegabytes() } };
  } finally {
    await stopAll();
  }
}

function reportOverHttp({ results, memory }) {
  console.log(
    '\n### Over HTTP, ours and Prometheus 2.42, median latency and mean CPU time in milliseconds\n',
  );
  console.log(
    markdownTable(
      ['query', 'kind', 'Prometheus', 'ours', 'ratio', 'CPU P', 'CPU ours', 'bytes', 'results'],
      results.map((row) => [
        row.name,
        row.isRange ? `${row.lengthMs / 3_600_000} h / ${row.stepMs / 1000} s` : 'instant',
        row.theirs.toFixed(2),
        row.ours.toFixed(2),
        ratio(row.ours / row.theirs),
        row.cpuTheirs.toFixed(1),
        row.cpuOurs.toFixed(1),
        row.bytes,
        row.differs ?? 'equal',
      ]),
    ),
  );
  const ratios = (rows) => rows.map(({ ours, theirs }) => ours / theirs);
  const sum = (key) => results.reduce((total, row) => total + row[key], 0);
  const range = results.filter(({ isRange }) => isRange);
  const instant = results.filter(({ isRange }) => !isRange);
  console.log(
    `\nResident memory: ours ${memory.ours.toFixed(0)} MB, Prometheus ${memory.theirs.toFixed(0)} MB.\n`,
  );
  return [
    ['results that differ', results.filter(({ differs }) => differs).length, 0],
    ['range queries, geometric mean of latency', geometricMean(ratios(range)), bars.range],
    ['instant queries, geometric mean of latency', geometricMean(ratios(instant)), bars.instant],
    ['worst query', Math.max(...ratios(results)), bars.worst],
    ['CPU time of all queries', sum('cpuOurs') / sum('cpuTheirs'), bars.cpu],
  ];
}

function reportInProcess(native, wasm, http) {
  const peer = new Map(http?.results.map((row) => [row.name, row.theirs]));
  console.log('\n### In one process on one thread, milliseconds\n');
  console.log(
    markdownTable(
      ['query', 'native', 'WebAssembly', 'ratio', 'to Prometheus', 'bytes equal'],
      native.map((row, i) => [
        row.name,
        row.milliseconds.toFixed(2),
        wasm[i].milliseconds.toFixed(2),
        ratio(wasm[i].milliseconds / row.milliseconds),
        peer.has(row.name) ? ratio(wasm[i].milliseconds / peer.get(row.name)) : '',
        row.hash === wasm[i].hash ? 'yes' : 'NO',
      ]),
    ),
  );
  console.log('');
  const toNative = geometricMean(native.map((row, i) => wasm[i].milliseconds / row.milliseconds));
  const checks = [
    [
      'answers whose bytes differ between native and WebAssembly',
      native.filter((row, i) => row.hash !== wasm[i].hash).length,
      0,
    ],
    ['WebAssembly to native, geometric mean', toNative, bars.wasmToNative],
  ];
  if (peer.size > 0) {
    const toPeer = geometricMean(wasm.map((row) => row.milliseconds / peer.get(row.name)));
    checks.push(["WebAssembly to Prometheus's server, geometric mean", toPeer, bars.wasmToPrometheus]);
  }
  return checks;
}

async function build({ inProcess }) {
  await bootstrap();
  await step('native build', () => cmakeBuild('release', ['promenade', 'bench_queries', 'write_fleet']));
  if (inProcess) await step('WebAssembly build', () => cmakeBuild('wasm', ['bench_queries']));
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  const queries = readQueries(options.names);
  // The last full hour, so that chunks are cut at the same places in every run.
  const endMs = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  if (options.build) await build(options);

  const checks = [];
  const http = options.overHttp ? await overHttp(queries, endMs, options.runs) : undefined;
  if (http) checks.push(...reportOverHttp(http));
  if (options.inProcess) {
    const inProcess = await runInProcess(queriesFile, endMs, options.runs, options.names);
    checks.push(...reportInProcess(inProcess.native, inProcess.wasm, http));
  }
  console.log(markdownTable(['', 'measured', 'bar', ''], checks.map(withinBar)));
  if (checks.some(([, measured, bar]) => !(measured <= bar))) process.exitCode = 1;
}

await entry(main);
