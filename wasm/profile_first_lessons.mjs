// node profile_first_lessons.mjs INSTRUMENTED.wasm PROFILE EXERCISE.yaml
//
// Does what a page does in the first lessons with the instrumented engine, and writes down which
// functions ran: wasm-split keeps those in the module that a page fetches first. Whatever is missing here
// still works, a fetch later; so this list needs the usual, not the complete.
import { readFileSync, writeFileSync } from 'node:fs';

const [instrumentedFile, profileFile, exerciseFile] = process.argv.slice(2);
const historySeconds = 2 * 3600;

/** The engine's C functions (wasm/engine_abi.cc), for texts instead of addresses. */
function loadEngine(file) {
  const source = new WebAssembly.Module(readFileSync(file));
  const nothing = ({ module, name }) => [module, { [name]: () => 0 }];
  const imports = {};
  for (const [module, entry] of WebAssembly.Module.imports(source).map(nothing)) {
    imports[module] = { ...imports[module], ...entry };
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
      read(exports.promenade_open_world(...pass(workload), seed, historySeconds)),
    ask: (world, method, url) =>
      read(exports.promenade_ask(world, ...pass(method), ...pass(url), ...pass(''))),
    grade: (exercise, answer) => read(exports.promenade_grade(...pass(exercise), ...pass(answer))),
    profile() {
      const size = exports.__write_profile(0, 0);
      const address = exports.promenade_allocate(size);
      exports.__write_profile(address, size);
      return new Uint8Array(exports.memory.buffer, address, size);
    },
  };
}

const queries = [
  'up',
  'up == 0',
  'up{env!="staging"}',
  'http_requests_total{job="payments", method="POST"}',
  'http_requests_total{status=~"5..", env="prod"}',
  '{__name__=~"http_.+_count", job="frontend"}',
  'http_requests_in_flight offset 1h',
  'rate(http_requests_total[5m])',
  'sum(rate(http_requests_total[5m]))',
  'sum by (job, instance) (rate(http_requests_total[5m]))',
  'sum without (status) (increase(http_requests_total[1h]))',
  'max by (job) (max_over_time(http_requests_in_flight[10m]))',
  'topk(3, rate(http_requests_total[5m]))',
  'count(up) - sum(up)',
  'sum by (job) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (job) (rate(http_requests_total[5m]))',
  'histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[5m])))',
  'max_over_time(rate(http_requests_total{job="catalog"}[1m])[30m:1m])',
  // What one types on the way to a query.
  '',
  'ht',
  'sum(',
  'up[5m]',
  'rate(up',
  'rate(sum by (job) (http_requests_total)[5m:])',
];
const completions = [
  'labels',
  'label/__name__/values',
  'label/job/values',
  'metadata',
  'series?match[]=up',
  'targets',
];
const answers = [...queries, 'http_requests_in_flight', 'http_requests_in_flight[5m]', 'http_requests_total'];

const engine = loadEngine(instrumentedFile);
const opened = engine.openWorld('web-shop', 1);
if (opened.status !== 200) throw new Error(opened.body);
const world = Number(opened.body);
const { now } = JSON.parse(engine.ask(world, 'GET', 'http://world/clock').body);
for (const query of queries) {
  const instant = new URLSearchParams({ query, time: now });
  const range = new URLSearchParams({ query, start: now - 3600, end: now, step: 15 });
  engine.ask(world, 'GET', `http://prometheus:9090/api/v1/query?${instant}`);
  engine.ask(world, 'GET', `http://prometheus:9090/api/v1/query_range?${range}`);
}
for (const path of completions) engine.ask(world, 'GET', `http://prometheus:9090/api/v1/${path}`);
engine.ask(world, 'POST', 'http://world/clock?advance=60');
const exercise = readFileSync(exerciseFile, 'utf8');
for (const answer of answers) {
  const verdict = engine.grade(exercise, answer);
  if (verdict.status !== 200) throw new Error(verdict.body);
}
writeFileSync(profileFile, engine.profile());
