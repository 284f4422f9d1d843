/**
 * `promtool` over the world: configurations and rules are read by an engine that starts with them, queries are
 * answered by the world's Prometheus. The tests of rules need the program itself.
 */
import { instantQuery, rangeQuery, type Outcome as Answer } from '../prometheus/api';
import { list, object, text } from '../prometheus/decode';
import type { QueryResult } from '../prometheus/result';
import { formatLabels, parseDuration } from '../result/format';
import { judgePage } from './metrics-page';
import {
  done,
  failed,
  fromLines,
  linesOf,
  ProgramError,
  readOptions,
  type Outcome,
  type Program,
  type System,
} from './program';

const usage = `usage: promtool check config FILE...
       promtool check rules FILE...
       promtool check metrics < page (curl … | promtool check metrics)
       promtool query instant SERVER EXPRESSION
       promtool query range SERVER EXPRESSION [--start= --end= --step=]
       promtool query labels SERVER NAME
       promtool query series SERVER --match=SELECTOR`;

async function run(words: readonly string[], input: string, system: System): Promise<Outcome> {
  const [area, what, ...rest] = words;
  switch (`${area ?? ''} ${what ?? ''}`) {
    case 'check config':
      return eachFile(rest, (name) => checkConfig(name, system));
    case 'check rules':
      return eachFile(rest, (name) => checkRules(name, system));
    case 'check metrics':
      return checkMetrics(input, system);
    case 'query instant':
    case 'query range':
    case 'query labels':
    case 'query series':
      return query(what!, rest, system);
    case 'test rules':
      throw new ProgramError(
        'promtool: tests of rules run where there is a real file system: `promenade test rules FILE` on your machine does the same.',
        2,
      );
    default:
      throw new ProgramError(usage, 2);
  }
}

async function eachFile(
  names: readonly string[],
  check: (name: string) => Promise<Outcome>,
): Promise<Outcome> {
  if (names.length === 0) throw new ProgramError(usage, 2);
  let whole = done();
  for (const name of names) {
    const { out, err, status } = await check(name);
    whole = { out: whole.out + out, err: whole.err + err, status: whole.status || status };
  }
  return whole;
}

/** What an engine that starts with the files makes of them; or what is wrong. */
async function load(
  files: Record<string, string>,
  system: System,
): Promise<{ rules: number; ruleFiles: string[] } | { problem: string }> {
  try {
    const world = await system.scratch(files);
    const data = async (path: string) => object(object(JSON.parse((await world.ask(path)).body))['data']);
    const groups = list((await data('/api/v1/rules'))['groups']);
    const { yaml } = await data('/api/v1/status/config');
    return {
      rules: groups.reduce<number>((sum, group) => sum + list(object(group)['rules']).length, 0),
      ruleFiles: listIn(text(yaml), 'rule_files'),
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A list of texts at the top of a configuration as the engine writes it: an item a line. */
function listIn(yaml: string, key: string): string[] {
  const block = new RegExp(`^${key}:\n((?:- [^\n]*\n)+)`, 'm').exec(yaml)?.[1] ?? '';
  return linesOf(block).map((line) => line.slice(2).replace(/^(["'])(.*)\1$/, '$2'));
}

async function checkConfig(name: string, system: System): Promise<Outcome> {
  const configuration = system.files.need(name, 'promtool');
  const title = `Checking ${name}\n`;
  const loaded = await load({ 'prometheus.yml': configuration }, system);
  if ('problem' in loaded)
    return failed(`  FAILED: ${renamed(loaded.problem, 'prometheus.yml', name)}\n`, 1, title);
  const missing = loaded.ruleFiles.find(
    (each) => !/[*?[]/.test(each) && system.files.read(each) === undefined,
  );
  if (missing !== undefined) {
    return failed(`  FAILED: "${missing}" does not point to an existing file\n`, 1, title);
  }
  const found = loaded.ruleFiles
    .flatMap((pattern) => system.files.expand(pattern))
    .filter((file) => system.files.read(file) !== undefined);
  const counted = found.length > 0 ? `  SUCCESS: ${found.length} rule files found\n` : '';
  const checked = await eachFileOrNone(found, (file) => checkRules(file, system));
  return {
    out: `${title}${counted} SUCCESS: ${name} is valid prometheus config file syntax\n\n${checked.out}`,
    err: checked.err,
    status: checked.status,
  };
}

const eachFileOrNone = (names: readonly string[], check: (name: string) => Promise<Outcome>) =>
  names.length === 0 ? Promise.resolve(done()) : eachFile(names, check);

async function checkRules(name: string, system: System): Promise<Outcome> {
  const rules = system.files.need(name, 'promtool');
  const loaded = await load({ 'rules.yml': rules }, system);
  const title = `Checking ${name}\n`;
  return 'problem' in loaded
    ? failed(`  FAILED:\n${renamed(loaded.problem, 'rules.yml', name)}\n`, 1, title)
    : done(`${title}  SUCCESS: ${loaded.rules} rules found\n\n`);
}

const renamed = (message: string, from: string, to: string) =>
  message.startsWith(`${from}:`) ? to + message.slice(from.length) : message;

async function checkMetrics(page: string, system: System): Promise<Outcome> {
  const { problem, findings } = await judgePage(system, page);
  if (problem) return failed(`error while linting: ${problem.message}`, 1);
  return findings.length === 0 ? done() : failed(fromLines(findings), 3);
}

async function query(kind: string, words: readonly string[], system: System): Promise<Outcome> {
  const { options, rest } = readOptions(words, ['--start', '--end', '--step', '--match', '--time']);
  const [server, expression] = rest;
  if (server === undefined) throw new ProgramError(usage, 2);
  if (!/^(?:https?:\/\/)?(?:prometheus|localhost|127\.0\.0\.1):9090\/?$/.test(server)) {
    throw new ProgramError(
      `promtool: there is no Prometheus at ${server}; the one here is http://prometheus:9090`,
      1,
    );
  }
  const world = await system.world();
  if (kind === 'labels')
    return listing(await world.ask(`/api/v1/label/${encodeURIComponent(expression ?? '')}/values`));
  if (kind === 'series') {
    const parameters = new URLSearchParams((options.get('--match') ?? []).map((each) => ['match[]', each]));
    return listing(await world.ask(`/api/v1/series?${parameters.toString()}`));
  }
  if (expression === undefined) throw new ProgramError(usage, 2);
  const now = await world.now();
  const option = (name: string) => options.get(`--${name}`)?.at(-1);
  if (kind === 'instant') return shown(await instantQuery(world, expression, timeOf(option('time'), now)));
  const end = timeOf(option('end'), now);
  const start = timeOf(option('start'), end - 300);
  const step = parseDuration(option('step') ?? '') ?? Math.max(Math.floor((end - start) / 250), 1);
  return shown(await rangeQuery(world, expression, { start, end, step }));
}

function timeOf(value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  const time = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : Date.parse(value) / 1000;
  if (Number.isNaN(time)) throw new ProgramError(`promtool: not a time: ${value}`, 1);
  return time;
}

/** Values and label sets, a line each. */
function listing({ body }: { body: string }): Outcome {
  const { status, data, error } = object(JSON.parse(body));
  if (status !== 'success') return failed(`query error: ${String(error)}`);
  const lines = (data as (string | Record<string, string>)[]).map((each) =>
    typeof each === 'string' ? each : formatLabels(each),
  );
  return done(fromLines(lines));
}

function shown(answer: Answer<QueryResult>): Outcome {
  if (!answer.ok) return failed(`query error: ${answer.problem.message}`);
  const result = answer.data;
  if ('sample' in result) {
    return done(`${result.type}: ${result.sample.value} @[${result.sample.time}]\n`);
  }
  const lines = result.series.map(({ labels, samples }) =>
    result.type === 'vector'
      ? `${formatLabels(labels)} => ${samples.map(({ time, value }) => `${value} @[${time}]`).join(' ')}`
      : `${formatLabels(labels)} =>\n${samples.map(({ time, value }) => `${value} @[${time}]`).join('\n')}`,
  );
  return done(fromLines(lines));
}

export const promtool: Program = {
  about:
    'checks and asks: promtool check rules rules/*.yml, promtool query instant http://prometheus:9090 up',
  run,
  complete: (words) => {
    if (words.length <= 1) return ['check', 'query'];
    if (words.length === 2)
      return words[0] === 'query' ? ['instant', 'range', 'labels', 'series'] : ['config', 'rules', 'metrics'];
    return words[0] === 'query' ? ['http://prometheus:9090'] : [];
  },
};
