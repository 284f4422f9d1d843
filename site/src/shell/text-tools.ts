/** The small tools that stand between two pipes, and those that ask for time and files. */
import {
  done,
  failed,
  flagsOf,
  fromLines,
  home,
  linesOf,
  ProgramError,
  readOptions,
  type Outcome,
  type Programs,
  type System,
} from './program';

/** A day: what a world may be let run on in one request. */
const sleepSecondsMax = 24 * 3600;

/** The texts of the files that are named, or the input. */
function given(names: readonly string[], input: string, system: System, program: string): string {
  return names.length === 0 ? input : names.map((name) => system.files.need(name, program)).join('');
}

function countOption(words: readonly string[]): { count: number; rest: string[] } {
  const plain = words.map((word) =>
    /^-\d+$/.test(word) ? `-n=${word.slice(1)}` : word.replace(/^-n(\d+)$/, '-n=$1'),
  );
  const { options, rest } = readOptions(plain, ['-n']);
  return { count: Number(options.get('-n')?.at(-1) ?? 10), rest };
}

function grep(words: readonly string[], input: string, system: System): Outcome {
  const { options, rest } = readOptions(
    words.flatMap((word) => (/^-[a-zA-Z]{2,}$/.test(word) ? flagsOf(word) : [word])),
    ['-e', '-A', '-B'],
  );
  const [pattern, ...names] = options.has('-e') ? [options.get('-e')![0]!, ...rest] : rest;
  if (pattern === undefined) throw new ProgramError('usage: grep [-ivcoE] PATTERN [FILE...]', 2);
  const escaped = options.has('-F') ? pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern;
  let expression: RegExp;
  try {
    expression = new RegExp(escaped, options.has('-i') ? 'i' : '');
  } catch {
    throw new ProgramError(`grep: this is no regular expression: ${pattern}`, 2);
  }
  const inverted = options.has('-v');
  const lines = linesOf(given(names, input, system, 'grep')).filter(
    (line) => expression.test(line) !== inverted,
  );
  const status = lines.length > 0 ? 0 : 1;
  if (options.has('-q')) return { out: '', err: '', status };
  if (options.has('-c')) return { out: `${lines.length}\n`, err: '', status };
  if (!options.has('-o')) return { out: fromLines(lines), err: '', status };
  const everywhere = new RegExp(expression, `${expression.flags}g`);
  return { out: fromLines(lines.flatMap((line) => line.match(everywhere) ?? [])), err: '', status };
}

function sort(words: readonly string[], input: string, system: System): Outcome {
  const { options, rest } = readOptions(
    words.flatMap((word) => (/^-[a-z]{2,}$/.test(word) ? flagsOf(word) : [word])),
    [],
  );
  const numeric = (line: string) => Number.parseFloat(line) || 0;
  const lines = linesOf(given(rest, input, system, 'sort')).sort((a, b) =>
    options.has('-n') ? numeric(a) - numeric(b) : a < b ? -1 : a > b ? 1 : 0,
  );
  if (options.has('-r')) lines.reverse();
  return done(fromLines(options.has('-u') ? [...new Set(lines)] : lines));
}

function uniq(words: readonly string[], input: string): Outcome {
  const counts: [string, number][] = [];
  for (const line of linesOf(input)) {
    const last = counts.at(-1);
    if (last?.[0] === line) last[1]++;
    else counts.push([line, 1]);
  }
  const counted = words.includes('-c');
  return done(
    fromLines(counts.map(([line, count]) => (counted ? `${String(count).padStart(7)} ${line}` : line))),
  );
}

function wc(words: readonly string[], input: string, system: System): Outcome {
  const { options, rest } = readOptions(words, []);
  const text = given(rest, input, system, 'wc');
  const counts = {
    '-l': text.split('\n').length - 1,
    '-w': text.split(/\s+/).filter(Boolean).length,
    '-c': new TextEncoder().encode(text).length,
  };
  const shown = Object.entries(counts).filter(([name]) => options.size === 0 || options.has(name));
  return done(`${shown.map(([, count]) => count).join(' ')}\n`);
}

async function sleep(words: readonly string[], system: System): Promise<Outcome> {
  const [, count, unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(words[0] ?? '') ?? [];
  if (count === undefined) return failed('usage: sleep 30, sleep 5m', 1);
  const seconds = Number(count) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
  if (seconds > sleepSecondsMax) return failed('sleep: a day at most', 1);
  await (await system.world()).advance(seconds);
  return done();
}

async function date(words: readonly string[], system: System): Promise<Outcome> {
  const now = await (await system.world()).now();
  if (words.includes('+%s')) return done(`${Math.floor(now)}\n`);
  return done(`${new Date(now * 1000).toISOString().replace(/\.\d+Z$/, 'Z')}\n`);
}

export const textTools: Programs = {
  cat: {
    about: 'shows files',
    run: (words, input, system) => done(given(words, input, system, 'cat')),
  },
  ls: {
    about: 'lists the files here',
    run: (_words, _input, system) => done(fromLines(system.files.names())),
  },
  rm: {
    about: 'removes files',
    run: (words, _input, system) => {
      const missing = words.find((name) => !system.files.remove(name));
      return missing === undefined ? done() : failed(`rm: ${missing}: No such file or directory`);
    },
  },
  head: {
    about: 'the first lines: head -n 5',
    run: (words, input, system) => {
      const { count, rest } = countOption(words);
      return done(fromLines(linesOf(given(rest, input, system, 'head')).slice(0, count)));
    },
  },
  tail: {
    about: 'the last lines: tail -n 5',
    run: (words, input, system) => {
      const { count, rest } = countOption(words);
      const lines = linesOf(given(rest, input, system, 'tail'));
      return done(fromLines(lines.slice(Math.max(lines.length - count, 0))));
    },
  },
  grep: { about: 'the lines that match: grep -c error', run: grep },
  sort: { about: 'sorts lines: sort -n', run: sort },
  uniq: { about: 'equal neighbours once: sort | uniq -c', run: (words, input) => uniq(words, input) },
  wc: { about: 'counts: wc -l', run: wc },
  echo: {
    about: 'says its words',
    run: (words) => {
      const quiet = words[0] === '-n';
      const escapes = words[0] === '-e' ? words.slice(1).join(' ').replaceAll('\\n', '\n') : undefined;
      return done((escapes ?? words.slice(quiet ? 1 : 0).join(' ')) + (quiet ? '' : '\n'));
    },
  },
  pwd: { about: 'where this is', run: () => done(`${home}\n`) },
  true: { about: 'succeeds', run: () => done() },
  false: { about: 'fails', run: () => ({ out: '', err: '', status: 1 }) },
  date: { about: "the world's clock: date +%s", run: (words, _input, system) => date(words, system) },
  sleep: {
    about: "lets the world's time pass: sleep 5m",
    run: (words, _input, system) => sleep(words, system),
  },
};
