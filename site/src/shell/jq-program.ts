/** `jq` as a program: its options, its reading of several values in a row, and how it prints. */
import { compile, JqError, type Json } from './jq';
import { failed, flagsOf, readOptions, type Outcome, type Program, type System } from './program';

function run(words: readonly string[], input: string, system: System): Outcome {
  const scope: Record<string, Json> = {};
  const plain: string[] = [];
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--arg') scope[`$${words[++i] ?? ''}`] = words[++i] ?? '';
    else if (/^-[a-zA-Z]{2,}$/.test(words[i]!)) plain.push(...flagsOf(words[i]!));
    else plain.push(words[i]!);
  }
  const { options, rest } = readOptions(plain, []);
  const has = (short: string, long: string) => options.has(`-${short}`) || options.has(`--${long}`);
  const [source = '.', ...names] = rest;
  const text = names.length > 0 ? names.map((name) => system.files.need(name, 'jq')).join('\n') : input;
  let inputs: Json[] = [null];
  if (!has('n', 'null-input')) {
    const read = readValues(text);
    if (typeof read === 'string') return failed(`jq: parse error: ${read}`, 2);
    inputs = has('s', 'slurp') ? [read] : read;
  }
  let out = '';
  const printed: Json[] = [];
  const print = (value: Json) => {
    printed.push(value);
    const raw = typeof value === 'string' && (has('r', 'raw-output') || has('j', 'join-output'));
    const shown = raw
      ? value
      : JSON.stringify(
          has('S', 'sort-keys') ? sortKeys(value) : value,
          null,
          has('c', 'compact-output') ? 0 : 2,
        );
    out += has('j', 'join-output') ? shown : `${shown}\n`;
  };
  try {
    const filter = compile(source);
    for (const value of inputs) for (const result of filter(value, scope)) print(result);
  } catch (error) {
    if (error instanceof RangeError) return failed('jq: error: the filter goes on for too long', 5, out);
    if (!(error instanceof JqError)) throw error;
    return failed(
      `jq: error${error.status === 5 ? ' (at <stdin>:0)' : ''}: ${error.message}`,
      error.status,
      out,
    );
  }
  const last = printed.at(-1) ?? null;
  const isFalse = last === null || last === false;
  return { out, err: '', status: has('e', 'exit-status') && isFalse ? 1 : 0 };
}

/** The JSON values of a text, one or a line each; or what is wrong with it. */
function readValues(text: string): Json[] | string {
  if (text.trim() === '') return [];
  try {
    return [JSON.parse(text) as Json];
  } catch {
    // Perhaps several values.
  }
  const values: Json[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      values.push(JSON.parse(line) as Json);
    } catch {
      return `line ${index + 1} is not JSON: ${line.trim().slice(0, 60)}`;
    }
  }
  return values;
}

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key]!)]),
  );
}

export const jqProgram: Program = { about: "reads JSON: jq '.data.result[] | .metric.job'", run };
