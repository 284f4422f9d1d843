/**
 * A command line as a shell reads it: words with quotes, `$NAME` and `$?`, pipes, `>` and `>>`, and `;`, `&&`, `||`
 * between pipelines. What a real shell has beyond that is refused by name instead of being misread.
 */

export interface Command {
  readonly words: readonly string[];
  /** Where its output goes, if not on. */
  readonly output?: { readonly file: string; readonly append: boolean };
}

export interface Pipeline {
  readonly commands: readonly Command[];
  /** When it runs, by the status of the one before. */
  readonly when: 'always' | 'success' | 'failure';
}

/** A line that can't be run; the message says why. */
export class ShellError extends Error {}

type Token = { kind: 'word'; text: string } | { kind: 'operator'; text: string };

/** @param variable gives the value of `$NAME`, and of `?` */
export function parseLine(line: string, variable: (name: string) => string): Pipeline[] {
  const pipelines: Pipeline[] = [];
  let commands: Command[] = [];
  let words: string[] = [];
  let output: Command['output'];
  let when: Pipeline['when'] = 'always';
  const endCommand = (before: string) => {
    if (words.length === 0) throw new ShellError(`syntax error: there is no command before ${before}`);
    commands.push(output ? { words, output } : { words });
    words = [];
    output = undefined;
  };
  const endPipeline = (before: string) => {
    endCommand(before);
    pipelines.push({ commands, when });
    commands = [];
  };
  const tokens = [...tokenize(line, variable)];
  for (let i = 0; i < tokens.length; i++) {
    const { kind, text } = tokens[i]!;
    if (kind === 'word') words.push(text);
    else if (text === '|') endCommand('|');
    else if (text === '>' || text === '>>') {
      const file = tokens[++i];
      if (file?.kind !== 'word') throw new ShellError(`syntax error: ${text} needs the name of a file`);
      output = { file: file.text, append: text === '>>' };
    } else {
      endPipeline(text);
      when = text === '&&' ? 'success' : text === '||' ? 'failure' : 'always';
    }
  }
  if (words.length > 0 || commands.length > 0 || (when !== 'always' && tokens.length > 0)) {
    endPipeline('the end of the line');
  }
  return pipelines;
}

const operator = /^(?:&&|\|\||>>|[|;>\n])/;
const refused: readonly [RegExp, string][] = [
  [/^\$\(|^`/, 'this shell runs no command inside another'],
  [/^</, 'this shell reads no files with <; use cat FILE | …'],
  [/^[0-9]?>&|^2>/, 'this shell shows errors as they come; leave out the redirection of 2'],
  [/^&/, 'this shell runs nothing in the background'],
];

function* tokenize(line: string, variable: (name: string) => string): Generator<Token> {
  let rest = line.replaceAll(/\\\n\s*/g, ' ');
  for (;;) {
    rest = rest.replace(/^[ \t]+/, '');
    if (rest === '') return;
    if (rest.startsWith('#')) {
      rest = rest.replace(/^[^\n]*/, '');
      continue;
    }
    const found = operator.exec(rest)?.[0];
    if (found !== undefined) {
      yield { kind: 'operator', text: found };
      rest = rest.slice(found.length);
      continue;
    }
    const { text, length } = readWord(rest, variable);
    yield { kind: 'word', text };
    rest = rest.slice(length);
  }
}

/** The word at the start of `rest`, without its quotes, and how many characters it took. */
function readWord(rest: string, variable: (name: string) => string): { text: string; length: number } {
  let text = '';
  let at = 0;
  while (at < rest.length && !/[\s|;&<>]/.test(rest[at]!)) {
    for (const [pattern, reason] of refused) {
      if (pattern.test(rest.slice(at))) throw new ShellError(reason);
    }
    const part = readPart(rest, at, variable);
    text += part.text;
    at = part.end;
  }
  if (at === 0) {
    const reason = refused.find(([pattern]) => pattern.test(rest))?.[1];
    throw new ShellError(reason ?? `syntax error near ${rest[0]!}`);
  }
  return { text, length: at };
}

function readPart(
  rest: string,
  at: number,
  variable: (name: string) => string,
): { text: string; end: number } {
  switch (rest[at]) {
    case "'": {
      const end = rest.indexOf("'", at + 1);
      if (end < 0) throw new ShellError("the quote ' is not closed");
      return { text: rest.slice(at + 1, end), end: end + 1 };
    }
    case '"':
      return readDoubleQuoted(rest, at + 1, variable);
    case '\\':
      return { text: rest[at + 1] ?? '', end: at + 2 };
    case '$':
      return readVariable(rest, at, variable);
    default:
      return { text: rest[at]!, end: at + 1 };
  }
}

function readDoubleQuoted(
  rest: string,
  start: number,
  variable: (name: string) => string,
): { text: string; end: number } {
  let text = '';
  let at = start;
  while (rest[at] !== '"') {
    if (at >= rest.length) throw new ShellError('the quote " is not closed');
    if (rest[at] === '\\' && /["\\$`]/.test(rest[at + 1] ?? '')) {
      text += rest[at + 1]!;
      at += 2;
    } else if (rest[at] === '$') {
      const part = readVariable(rest, at, variable);
      text += part.text;
      at = part.end;
    } else {
      text += rest[at]!;
      at++;
    }
  }
  return { text, end: at + 1 };
}

function readVariable(
  rest: string,
  at: number,
  variable: (name: string) => string,
): { text: string; end: number } {
  if (rest.startsWith('$(', at)) throw new ShellError(refused[0]![1]);
  const [whole, braced, plain] = /^\$(?:\{(\w+)\}|(\w+|\?))/.exec(rest.slice(at)) ?? [];
  const name = braced ?? plain;
  if (whole === undefined || name === undefined) return { text: '$', end: at + 1 };
  return { text: variable(name), end: at + whole.length };
}
