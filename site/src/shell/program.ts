/** What the shell's programs are made of: a function from arguments and input to output, over a system. */
import type { Verdict, World } from '../engine/types';

export interface Outcome {
  readonly out: string;
  readonly err: string;
  /** 0 is success. */
  readonly status: number;
}

/** What a program can reach. Every answer about the world comes from its engine. */
export interface System {
  readonly files: Files;
  world(): Promise<World>;
  /** A small world without history, with these files in effect. Rejects with FILE:LINE:COLUMN: reason. */
  scratch(files: Readonly<Record<string, string>>): Promise<World>;
  /** Judges an answer to an exercise; how a page of metrics is read is asked this way. */
  grade(exerciseYaml: string, answer: string): Promise<Verdict>;
  /** Runs another command of the shell, as `docker exec` does. */
  run(words: readonly string[], input: string): Promise<Outcome>;
}

export interface Program {
  /** One line for `help`. */
  readonly about: string;
  run(words: readonly string[], input: string, system: System): Outcome | Promise<Outcome>;
  /** What may come next after these words; the last one is being typed. */
  complete?(words: readonly string[], system: System): readonly string[] | Promise<readonly string[]>;
}

export type Programs = Readonly<Record<string, Program>>;

export const done = (out = ''): Outcome => ({ out, err: '', status: 0 });

export const failed = (err: string, status = 1, out = ''): Outcome => ({
  out,
  err: err.endsWith('\n') ? err : `${err}\n`,
  status,
});

/** What a program throws to end with a message on its error output. */
export class ProgramError extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

/** Where the shell is. */
export const home = '/etc/prometheus';

/** The shell's files, all beneath `home`. */
export class Files {
  private readonly texts: Map<string, string>;

  constructor(texts: Readonly<Record<string, string>> = {}) {
    this.texts = new Map(Object.entries(texts));
  }

  /** The names that match a pattern of the shell, sorted; the pattern itself when none does, as shells do. */
  expand(pattern: string): string[] {
    if (!/[*?[]/.test(pattern)) return [pattern];
    const source = plainName(pattern)
      .replaceAll(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]');
    try {
      const expression = new RegExp(`^${source}$`);
      const found = this.names().filter((name) => expression.test(name));
      return found.length > 0 ? found : [pattern];
    } catch {
      return [pattern];
    }
  }

  names(): string[] {
    return [...this.texts.keys()].sort();
  }

  read(name: string): string | undefined {
    return this.texts.get(plainName(name));
  }

  /** Throws when there is no such file. */
  need(name: string, program: string): string {
    const text = this.read(name);
    if (text === undefined) throw new ProgramError(`${program}: ${name}: No such file or directory`);
    return text;
  }

  write(name: string, text: string): void {
    this.texts.set(plainName(name), text);
  }

  remove(name: string): boolean {
    return this.texts.delete(plainName(name));
  }

  all(): Record<string, string> {
    return Object.fromEntries(this.texts);
  }
}

/** @example plainName('/etc/prometheus/rules/a.yml') // => 'rules/a.yml' */
function plainName(name: string): string {
  return name.replace(new RegExp(`^${home}/`), '').replace(/^(?:\.\/)+/, '');
}

/** Lines without the last empty one. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}

export function fromLines(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Columns as wide as their longest cell, three spaces apart. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return fromLines(
    rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('   ')
        .trimEnd(),
    ),
  );
}

/** @example flagsOf('-sn') // => ['-s', '-n'] */
export const flagsOf = (cluster: string): string[] => Array.from(cluster.slice(1), (flag) => `-${flag}`);

/**
 * Options and the rest, as most programs take them: `-f`, `--name=value`, `--name value`, `--`.
 *
 * @param valued the options that take a value, with all their dashes
 */
export function readOptions(
  words: readonly string[],
  valued: readonly string[],
): { options: Map<string, string[]>; rest: string[] } {
  const options = new Map<string, string[]>();
  const rest: string[] = [];
  const add = (name: string, value: string) => options.set(name, [...(options.get(name) ?? []), value]);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') {
      rest.push(...words.slice(i + 1));
      break;
    }
    const [, name, value] = /^(-{1,2}[a-zA-Z][\w.-]*)(?:=([^]*))?$/.exec(word) ?? [];
    if (name === undefined) rest.push(word);
    else if (value !== undefined) add(name, value);
    else if (valued.includes(name)) {
      const next = words[++i];
      if (next === undefined) throw new ProgramError(`option ${name} needs a value`, 2);
      add(name, next);
    } else add(name, '');
  }
  return { options, rest };
}
