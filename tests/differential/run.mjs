// Random PromQL to promenade and to Debian's Prometheus 2.42 over the same random data, pushed to both by the
// same bytes of remote write; their answers have to be equal. A difference is shrunk to a small expression.
//
//   node tests/differential/run.mjs [--seed N] [--count N]
//
// The seed decides data and expressions; without one it is taken from the clock and printed.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { cleanup, promenadeBinary } from '../integration/lib/processes.mjs';
import { startPeer, startPromenade } from '../integration/lib/servers.mjs';
import { knownDifference } from './known_differences.mjs';
import { difference, isTelling } from './lib/compare.mjs';
import { end, Expressions, print, smaller, start, walk } from './lib/expressions.mjs';
import { Random } from './lib/random.mjs';

const dataProgram = join(dirname(promenadeBinary), '../tests/differential/differential_data');
const clientCount = 4;
const shrinkCountMax = 8;
const shrinkStepsMax = 400;
/** An expression that finds nothing proves little: so many must find something. */
const tellingShareMin = 0.4;

const config = 'global: {evaluation_interval: 30s}\n';
const flags = ['--web.enable-remote-write-receiver', '--storage.tsdb.retention.time=100y'];

async function startBoth(after) {
  const [ours, peer] = await Promise.all([
    startPromenade(after, {
      config,
      flags: [...flags, '--query.prometheus2-rules', '--enable-feature=promql-experimental-functions'],
    }),
    startPeer(after, { config, flags }),
  ]);
  return { ours, peer };
}

/** The bodies of remote write that the program prints. */
function dataBodies(seed) {
  const frames = execFileSync(dataProgram, [String(seed)], { maxBuffer: 1 << 28 });
  const bodies = [];
  for (let at = 0; at < frames.length;) {
    const size = frames.readUInt32LE(at);
    bodies.push(frames.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return bodies;
}

async function push(server, bodies) {
  const headers = {
    'Content-Type': 'application/x-protobuf',
    'Content-Encoding': 'snappy',
    'X-Prometheus-Remote-Write-Version': '0.1.0',
  };
  for (const body of bodies) {
    const { status, text } = await server.get('/api/v1/write', { method: 'POST', headers, body });
    if (status !== 204) throw new Error(`remote write to ${server.url}: ${status} ${text}`);
  }
}

async function ask(server, path, parameters) {
  const { text } = await server.get(`/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  return JSON.parse(text);
}

/** When an expression is evaluated: an instant, or a range. */
function randomTimes(random) {
  if (random.chance(0.4)) return { time: start - 60 + random.below((end - start + 300) * 10) / 10 };
  const from = start - 60 + random.below(end - start);
  const step = random.pick([1, 7, 15, 30, 60, 113, 300]);
  return { start: from, end: from + step * random.below(30), step };
}

const pathOf = (times) => (times.time === undefined ? 'query_range' : 'query');

/** Asks both; what differs, in words. */
async function compare({ ours, peer }, tree, times) {
  const path = pathOf(times);
  const [mine, theirs] = await Promise.all([
    ask(ours, path, { query: print(tree, 'ours'), ...times }),
    ask(peer, path, { query: print(tree, 'peer'), ...times }),
  ]);
  return { found: difference(mine, theirs), isTelling: isTelling(theirs) };
}

/** Fewer steps of a range; the instants at its ends. */
function* fewerTimes(times) {
  if (times.time !== undefined) return;
  yield { time: times.start };
  yield { time: times.end };
  const count = Math.floor((times.end - times.start) / times.step);
  if (count < 1) return;
  const half = Math.floor(count / 2);
  yield { ...times, end: times.start + half * times.step };
  yield { ...times, start: times.start + (half + 1) * times.step };
}

/** The smallest expression and times on the way down from here that still differ and aren't excused. */
async function shrink(servers, failure) {
  let { tree, times, found } = failure;
  for (let steps = 0; steps < shrinkStepsMax;) {
    let next;
    const candidates = [
      ...[...fewerTimes(times)].map((fewer) => ({ tree, times: fewer })),
      ...[...smaller(tree)].map((candidate) => ({ tree: candidate, times })),
    ];
    for (const candidate of candidates) {
      if (++steps > shrinkStepsMax) break;
      const result = await compare(servers, candidate.tree, candidate.times);
      if (!result.found || knownDifference(print(candidate.tree), result.found)) continue;
      next = { ...candidate, found: result.found };
      break;
    }
    if (!next) break;
    ({ tree, times, found } = next);
  }
  return { tree, times, found };
}

function show({ tree, times, found }) {
  const when =
    times.time === undefined ? `${times.start} to ${times.end} step ${times.step}` : `at ${times.time}`;
  return `  ${print(tree)}\n    ${when}\n    ${found}\n`;
}

async function compareAll(servers, cases) {
  const outcome = { failures: [], telling: 0, excused: new Map(), kinds: new Map() };
  const queue = cases.values();
  const client = async () => {
    for (const { tree, times } of queue) {
      const { found, isTelling: tells } = await compare(servers, tree, times);
      if (tells) outcome.telling++;
      if (tells)
        for (const { kind } of walk(tree)) outcome.kinds.set(kind, (outcome.kinds.get(kind) ?? 0) + 1);
      if (!found) continue;
      const known = knownDifference(print(tree), found);
      if (known) outcome.excused.set(known, (outcome.excused.get(known) ?? 0) + 1);
      else outcome.failures.push({ tree, times, found });
    }
  };
  await Promise.all(Array.from({ length: clientCount }, client));
  return outcome;
}

function report(outcome, count, seconds) {
  const kinds = [...outcome.kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, times]) => `${kind} ${times}`);
  console.log(`in expressions that found something: ${kinds.join(', ')}`);
  for (const [known, times] of outcome.excused) console.log(`excused ${times} times: ${known.reason}`);
  const percent = Math.round((100 * outcome.telling) / count);
  console.log(
    `${count} expressions, ${percent} % with results, ${outcome.failures.length} differ (${seconds} s)`,
  );
}

async function main() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      count: { type: 'string', default: '5000' },
    },
  });
  const [seed, count] = [Number(values.seed), Number(values.count)];
  console.log(`--seed ${seed} --count ${count}`);
  const after = cleanup();
  try {
    const servers = await startBoth(after);
    const bodies = dataBodies(seed);
    await Promise.all([push(servers.ours, bodies), push(servers.peer, bodies)]);

    const random = new Random(seed);
    const expressions = new Expressions(random);
    const cases = Array.from({ length: count }, () => ({
      tree: expressions.query(),
      times: randomTimes(random),
    }));
    const since = Date.now();
    const outcome = await compareAll(servers, cases);
    for (const failure of outcome.failures.slice(0, shrinkCountMax)) {
      console.log(`DIFFERS\n${show(failure)}  shrunk:\n${show(await shrink(servers, failure))}`);
    }
    report(outcome, count, Math.round((Date.now() - since) / 1000));
    if (outcome.failures.length > 0) process.exitCode = 1;
    if (outcome.telling < tellingShareMin * count) {
      console.log('Too few expressions found anything: the generator and the data have drifted apart.');
      process.exitCode = 1;
    }
  } finally {
    await after.run();
  }
}

await main();
