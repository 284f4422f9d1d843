// node profile_first_lessons.mjs INSTRUMENTED.wasm PROFILE COURSE_FOLDER EXERCISES_FOLDER
//
// Asks what a page asks in a module's first lessons of the instrumented engine, and writes down which
// functions ran: wasm-split keeps those in the module that a page fetches first. Whatever is missing here
// still works, a fetch later. Grading is left out: until somebody has an answer, the rest has come.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { floatFunctions } from './float_functions.mjs';

const [instrumentedFile, profileFile, courseFolder, exercisesFolder] = process.argv.slice(2);
const historySeconds = 2 * 3600;

/** The engine's C functions (wasm/engine_abi.cc), for texts instead of addresses. */
function loadEngine(bytes) {
  const source = new WebAssembly.Module(bytes);
  const provided = {
    proc_exit: (status) => {
      throw new Error(`The engine stopped itself (status ${status}).`);
    },
  };
  const imports = {};
  for (const { module, name } of WebAssembly.Module.imports(source)) {
    (imports[module] ??= {})[name] = provided[name] ?? (() => 0);
  }
  const { exports } = new WebAssembly.Instance(source, imports);
  exports._initialize();

  const encoder = new TextEncoder();
  const pass = (text) => {
    const bytes = encoder.encode(text);
    const address = exports.promenade_allocate(bytes.length);
    new Uint8Array(exports.memory.buffer, address, bytes.length).set(bytes);
    return [address, bytes.length];
  };
  const read = (response) => {
    const [status, body, size] = new Uint32Array(exports.memory.buffer, response, 3);
    return { status, body: new TextDecoder().decode(new Uint8Array(exports.memory.buffer, body, size)) };
  };
  return {
    openWorld: (workload, seed) =>
      read(exports.promenade_open_world(...pass(workload), seed, historySeconds, ...pass(''))),
    ask: (world, method, url) =>
      read(exports.promenade_ask(world, ...pass(method), ...pass(url), ...pass(''))),
    profile() {
      const size = exports.__write_profile(0, 0);
      const address = exports.promenade_allocate(size);
      exports.__write_profile(address, size);
      return new Uint8Array(exports.memory.buffer.slice(address, address + size));
    },
  };
}

const filesOf = (folder, ending) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));

/** A plain or quoted YAML scalar or attribute that stands on one line. */
const unquoted = (text) => text.trim().replace(/^(['"])(.*)\1$/, '$2');

/** Starter, reference, equivalents and wrong answers, as far as they stand on one line. */
const answersOf = (exercise) =>
  [...exercise.matchAll(/^(?:starter:|reference:| {4}query:| {2}-) (.+)$/gm)].map(([, text]) =>
    unquoted(text),
  );

const lessonQueries = filesOf(courseFolder, '.mdx').flatMap((lesson) =>
  [...lesson.matchAll(/query=("[^"]+"|'[^']+')/g)].map(([, text]) => unquoted(text)),
);
// Those whose answers are queries.
const exercises = filesOf(exercisesFolder, '.yaml').filter(
  (exercise) => !/^kind: (?!promql|fix-the-bug)/m.test(exercise),
);
const queries = [
  ...lessonQueries,
  ...exercises.flatMap(answersOf),
  // What comes next, and what one types on the way there.
  'avg(up)',
  'up and up',
  'irate(http_requests_total[5m])',
  'sum without (status) (increase(http_requests_total[1h]))',
  'max by (job) (max_over_time(http_requests_in_flight[10m]))',
  'topk(3, rate(http_requests_total[5m]))',
  'sum by (job) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (job) (rate(http_requests_total[5m]))',
  'histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[5m])))',
  'max_over_time(rate(http_requests_total{job="catalog"}[1m])[30m:1m])',
  'ht',
  'sum(',
  'rate(up',
];
/** As site/src/editor/completion-client.ts asks, and the page of targets. */
const selector = encodeURIComponent('{__name__="http_requests_total"}');
const completions = [
  'labels',
  `labels?match[]=${selector}`,
  'label/__name__/values',
  `label/job/values?match[]=${selector}`,
  'metadata',
  `series?match[]=${selector}`,
  'targets?state=active',
];

function answered(response, statuses, what) {
  if (!statuses.includes(response.status)) throw new Error(`${what}: ${response.status} ${response.body}`);
  return response.body;
}

/** Functions with parameters or results in floating point stay, too: site/src/engine/module.ts says why. */
function keepFloatFunctions(profile, wasm) {
  const hashSize = 8;
  const view = new DataView(profile.buffer);
  for (const index of floatFunctions(wasm)) view.setUint32(hashSize + 4 * index, 1, true);
}

const wasm = readFileSync(instrumentedFile);
const engine = loadEngine(wasm);
// The world of the lessons, and that of the exercises, in which a seed decides what goes wrong.
const openings = [['lesson-shop', 1], ...[1, 2, 3, 5, 7, 11, 13, 17].map((seed) => ['web-shop', seed])];
const [world] = openings.map((opening) => Number(answered(engine.openWorld(...opening), [200], opening)));
const { now } = JSON.parse(answered(engine.ask(world, 'GET', 'http://world/clock'), [200], 'clock'));
if (!Number.isFinite(now)) throw new Error(`The clock says ${now}.`);
let successes = 0;
for (const query of queries) {
  const instant = new URLSearchParams({ query, time: now });
  const range = new URLSearchParams({ query, start: now - 3600, end: now, step: 15 });
  for (const path of [`query?${instant}`, `query_range?${range}`]) {
    const response = engine.ask(world, 'GET', `http://prometheus:9090/api/v1/${path}`);
    answered(response, [200, 400, 422], query);
    if (response.status === 200) ++successes;
  }
}
if (successes < queries.length)
  throw new Error(`Only ${successes} of ${2 * queries.length} queries succeeded.`);
for (const path of completions) {
  answered(engine.ask(world, 'GET', `http://prometheus:9090/api/v1/${path}`), [200], path);
}
answered(engine.ask(world, 'POST', 'http://world/clock?advance=60'), [200], 'advance');
const profile = engine.profile();
keepFloatFunctions(profile, wasm);
writeFileSync(profileFile, profile);
