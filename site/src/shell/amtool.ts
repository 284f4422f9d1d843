/** `amtool` over the world's Alertmanager: alerts, silences, its configuration, and which route an alert takes. */
import type { World } from '../engine/types';
import { list, object, text, textRecord } from '../prometheus/decode';
import { formatLabels, parseDuration } from '../result/format';
import {
  done,
  failed,
  fromLines,
  ProgramError,
  readOptions,
  table,
  type Outcome,
  type Program,
  type System,
} from './program';

const usage = `usage: amtool alert [query] [MATCHER...]
       amtool silence add --comment=TEXT [--duration=1h] MATCHER...
       amtool silence query
       amtool silence expire ID
       amtool check-config FILE
       amtool config show
       amtool config routes test [--config.file=FILE] LABEL=VALUE...`;

const api = 'http://alertmanager:9093/api/v2';

async function run(words: readonly string[], _input: string, system: System): Promise<Outcome> {
  const { options, rest } = readOptions(words, [
    '--alertmanager.url',
    '--config.file',
    '--comment',
    '-c',
    '--duration',
    '-d',
    '--author',
    '-a',
    '-o',
    '--output',
  ]);
  const [area, what, ...more] = rest;
  switch (area) {
    case 'alert':
      return alerts(
        what === 'query' || what === undefined ? more : [what, ...more],
        options,
        await system.world(),
      );
    case 'silence':
      return silence(what ?? 'query', more, options, await system.world());
    case 'check-config':
      return checkConfig(what ?? 'alertmanager.yml', system);
    case 'config':
      if (what === 'show') return show(await system.world());
      if (what === 'routes' && more[0] === 'test') return testRoutes(more.slice(1), options, system);
      break;
  }
  throw new ProgramError(usage, 2);
}

type Options = ReadonlyMap<string, string[]>;

async function ask(world: World, path: string, request?: Parameters<World['askHost']>[1]): Promise<unknown> {
  const { status, body } = await world.askHost(`${api}${path}`, request);
  if (status === 502) throw new ProgramError('amtool: error: no Alertmanager answers at alertmanager:9093');
  let answer: unknown;
  try {
    answer = body.trim() === '' ? null : JSON.parse(body);
  } catch {
    throw new ProgramError(`amtool: error: ${body.trim()}`);
  }
  if (status !== 200)
    throw new ProgramError(`amtool: error: ${typeof answer === 'string' ? answer : body.trim()}`);
  return answer;
}

async function alerts(matchers: readonly string[], options: Options, world: World): Promise<Outcome> {
  const parameters = new URLSearchParams(matchers.map((each) => ['filter', withName(each)]));
  const found = list(await ask(world, `/alerts?${parameters.toString()}`)).map(object);
  if (isJson(options)) return done(`${JSON.stringify(found, null, 2)}\n`);
  const rows = found.map((alert) => {
    const labels = textRecord(alert['labels']);
    const { state } = object(alert['status']);
    return [labels['alertname'] ?? '', timeText(text(alert['startsAt'])), formatLabels(labels), text(state)];
  });
  return done(table([['Alertname', 'Starts At', 'Labels', 'State'], ...rows]));
}

const isJson = (options: Options) => (options.get('-o') ?? options.get('--output'))?.at(-1) === 'json';

/** A bare word is the name of an alert. */
const withName = (matcher: string) => (/[=~]/.test(matcher) ? matcher : `alertname="${matcher}"`);

const timeText = (time: string) => time.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC');

async function silence(
  what: string,
  rest: readonly string[],
  options: Options,
  world: World,
): Promise<Outcome> {
  switch (what) {
    case 'add':
      return addSilence(rest, options, world);
    case 'query': {
      const found = list(await ask(world, '/silences')).map(object);
      const open = found.filter((each) => object(each['status'])['state'] !== 'expired');
      const rows = open.map((each) => [
        text(each['id']),
        list(each['matchers']).map(matcherText).join(' '),
        timeText(text(each['endsAt'])),
        text(each['createdBy']),
        text(each['comment']),
      ]);
      return done(table([['ID', 'Matchers', 'Ends At', 'Created By', 'Comment'], ...rows]));
    }
    case 'expire':
      if (rest.length === 0) throw new ProgramError('amtool: error: no silence IDs specified');
      for (const id of rest) await ask(world, `/silence/${encodeURIComponent(id)}`, { method: 'DELETE' });
      return done();
    default:
      throw new ProgramError(usage, 2);
  }
}

function matcherText(value: unknown): string {
  const { name, value: wanted, isRegex, isEqual } = object(value);
  const sign = isEqual === false ? (isRegex === true ? '!~' : '!=') : isRegex === true ? '=~' : '=';
  return `${text(name)}${sign}"${text(wanted)}"`;
}

async function addSilence(words: readonly string[], options: Options, world: World): Promise<Outcome> {
  const option = (long: string, short: string) => (options.get(long) ?? options.get(short))?.at(-1);
  const comment = option('--comment', '-c');
  if (words.length === 0) throw new ProgramError('amtool: error: no matchers specified');
  if (comment === undefined) throw new ProgramError('amtool: error: comment required by config');
  const seconds = parseDuration(option('--duration', '-d') ?? '1h');
  if (seconds === undefined) throw new ProgramError('amtool: error: not a duration such as 30m or 2h');
  const now = await world.now();
  const at = (time: number) => new Date(time * 1000).toISOString();
  const made = object(
    await ask(world, '/silences', {
      method: 'POST',
      body: JSON.stringify({
        matchers: words.map((word) => readMatcher(withName(word))),
        startsAt: at(now),
        endsAt: at(now + seconds),
        createdBy: option('--author', '-a') ?? 'learner',
        comment,
      }),
    }),
  );
  return done(`${text(made['silenceID'])}\n`);
}

function readMatcher(matcher: string) {
  const [, name = '', sign = '', double, plain = ''] =
    /^([\w:]+)(=~|!~|!=|=)(?:"((?:[^"\\]|\\.)*)"|([^]*))$/.exec(matcher) ?? [];
  if (name === '') throw new ProgramError(`amtool: error: bad matcher format: ${matcher}`);
  return {
    name,
    value: double?.replaceAll(/\\(.)/g, '$1') ?? plain,
    isRegex: sign.endsWith('~'),
    isEqual: !sign.startsWith('!'),
  };
}

async function checkConfig(name: string, system: System): Promise<Outcome> {
  const configuration = system.files.need(name, 'amtool');
  const title = `Checking '${name}'`;
  try {
    await system.scratch({ 'alertmanager.yml': configuration });
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).replace(
      /^alertmanager\.yml:/,
      `${name}:`,
    );
    return failed(`amtool: error: failed to validate 1 file(s)`, 1, `${title}  FAILED: ${message}\n\n`);
  }
  const count = (pattern: RegExp) => [...configuration.matchAll(pattern)].length;
  const found = [
    count(/^global:/gm) > 0 && ' - global config',
    ' - route',
    ` - ${count(/source_match/g)} inhibit rules`,
    ` - ${count(/^\s*-?\s*\{?\s*(?:name|"name"):/gm)} receivers`,
  ].filter((line) => line !== false);
  return done(`${title}  SUCCESS\nFound:\n${fromLines(found)}\n`);
}

async function show(world: World): Promise<Outcome> {
  const status = object(await ask(world, '/status'));
  return done(text(object(status['config'])['original']));
}

/** An alert with these labels is sent to an Alertmanager that has the file; who gets it is what it says. */
async function testRoutes(words: readonly string[], options: Options, system: System): Promise<Outcome> {
  const file = options.get('--config.file')?.at(-1);
  const labels = Object.fromEntries(
    words.map((word) => {
      const [, name, value = ''] = /^(\w+)=([^]*)$/.exec(word) ?? [];
      if (name === undefined) throw new ProgramError(`amtool: error: expected LABEL=VALUE, found ${word}`);
      return [name, value.replace(/^"([^]*)"$/, '$1')];
    }),
  );
  const configuration = system.files.need(file ?? 'alertmanager.yml', 'amtool');
  let world: World;
  try {
    world = await system.scratch({ 'alertmanager.yml': configuration });
  } catch (error) {
    throw new ProgramError(`amtool: error: ${error instanceof Error ? error.message : String(error)}`);
  }
  // An alert without labels is refused; a label that no route can want stands in for none.
  const sent = Object.keys(labels).length > 0 ? labels : { promenade_shell: 'route test' };
  await ask(world, '/alerts', { method: 'POST', body: JSON.stringify([{ labels: sent }]) });
  const parameters = new URLSearchParams(
    Object.entries(sent).map(([name, value]) => [
      'filter',
      `${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`,
    ]),
  );
  const found = list(await ask(world, `/alerts?${parameters.toString()}`)).map(object);
  const alert = found.find(
    (each) => Object.keys(textRecord(each['labels'])).length === Object.keys(sent).length,
  );
  if (!alert) throw new ProgramError('amtool: error: the alert did not arrive');
  return done(
    `${list(alert['receivers'])
      .map((each) => text(object(each)['name']))
      .join(',')}\n`,
  );
}

export const alertmanagerTool: Program = {
  about:
    'talks to the Alertmanager: amtool alert, amtool silence add, amtool config routes test severity=page',
  run,
  complete: (words) => {
    if (words.length <= 1) return ['alert', 'silence', 'check-config', 'config'];
    if (words[0] === 'silence')
      return words.length === 2 ? ['add', 'query', 'expire'] : ['--comment', '--duration'];
    if (words[0] === 'config') return words.length === 2 ? ['show', 'routes'] : ['test'];
    return words[0] === 'alert' && words.length === 2 ? ['query'] : [];
  },
};
