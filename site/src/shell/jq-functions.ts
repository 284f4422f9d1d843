/** jq's functions, by name and number of arguments; the arguments are filters. */
import { compare, describe, JqError, truthy, type Filter, type Json } from './jq-values';

/** Called with as many filters as its name says: `map/1` gets one. */
type Make = (first: Filter, second: Filter) => Filter;
type Item = { value: Json; key: Json };

const plain =
  (change: (input: Json) => Json): Make =>
  () =>
    function* (input) {
      yield change(input);
    };

/** A function of the input and of the values of one filter. */
const withValue =
  (change: (input: Json, argument: Json) => Json): Make =>
  (argument) =>
    function* (input, scope) {
      for (const value of argument(input, scope)) yield change(input, value);
    };

/** A function of the elements, each with what the filter gives for it. */
const withKeys =
  (change: (items: Item[]) => Json): Make =>
  (key) =>
    function* (input, scope) {
      yield change(array(input).map((value) => ({ value, key: [...key(value, scope)] })));
    };

const array = (value: Json): Json[] => {
  if (!Array.isArray(value)) throw new JqError(`Cannot iterate over ${describe(value)}`);
  return value;
};
const elements = (value: Json): Json[] => (Array.isArray(value) ? value : Object.values(object(value)));
const object = (value: Json): Record<string, Json> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new JqError(`${describe(value)} is no object`);
  }
  return value;
};
const text = (value: Json): string => {
  if (typeof value !== 'string') throw new JqError(`${describe(value)} is no string`);
  return value;
};
const number = (value: Json): number => {
  if (typeof value !== 'number') throw new JqError(`${describe(value)} is no number`);
  return value;
};

const byKey = (a: Item, b: Item) => compare(a.key, b.key);
const sorted = (items: Item[]) => [...items].sort(byKey);

function groups(items: Item[]): Item[][] {
  const found: Item[][] = [];
  for (const item of sorted(items)) {
    const last = found.at(-1);
    if (last && byKey(last[0]!, item) === 0) last.push(item);
    else found.push([item]);
  }
  return found;
}

const values = (items: Item[]): Json[] => items.map(({ value }) => value);
const alone = (input: Json): Item[] => array(input).map((value) => ({ value, key: value }));

function length(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'string') return Array.from(value).length;
  if (typeof value === 'boolean') throw new JqError(`${describe(value)} has no length`);
  return Object.keys(value).length;
}

const keys = (value: Json): Json[] =>
  Array.isArray(value) ? value.map((_, index) => index) : Object.keys(object(value)).sort();

function toNumber(value: Json): number {
  if (typeof value === 'number') return value;
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (Number.isNaN(found)) throw new JqError(`Cannot parse ${describe(value)} as a number`);
  return found;
}

function sum(list: Json[]): Json {
  if (list.length === 0) return null;
  if (list.every((each) => typeof each === 'number')) return list.reduce((all, each) => all + each, 0);
  if (list.every((each) => typeof each === 'string')) return list.join('');
  if (list.every((each) => Array.isArray(each))) return list.flat(1);
  return Object.assign({}, ...list.map(object)) as Json;
}

const entries = (value: Json): Json[] =>
  Object.entries(object(value)).map(([key, each]) => ({ key, value: each }));

function fromEntries(value: Json): Json {
  const made: Record<string, Json> = {};
  for (const each of array(value)) {
    const { key, k, name, value: given, v } = object(each);
    const named = key ?? k ?? name ?? null;
    made[typeof named === 'string' ? named : JSON.stringify(named)] = given ?? v ?? null;
  }
  return made;
}

function test(input: Json, pattern: Json): boolean {
  try {
    return new RegExp(text(pattern), 'u').test(text(input));
  } catch (error) {
    if (error instanceof JqError) throw error;
    throw new JqError(`${describe(pattern)} is not a valid regular expression`);
  }
}

function contains(a: Json, b: Json): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
  if (Array.isArray(a) && Array.isArray(b))
    return b.every((each) => a.some((other) => contains(other, each)));
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const [left, right] = [object(a), object(b)];
    return Object.entries(right).every(([key, each]) => key in left && contains(left[key]!, each));
  }
  return compare(a, b) === 0;
}

function row(value: Json, separator: string, quote: (text: string) => string): string {
  return array(value)
    .map((each) => (typeof each === 'string' ? quote(each) : each === null ? '' : JSON.stringify(each)))
    .join(separator);
}

const flatten = (list: Json[]): Json[] =>
  list.flatMap((each) => (Array.isArray(each) ? flatten(each) : [each]));

const tabEscapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

export const functions: Readonly<Record<string, Make>> = {
  'length/0': plain(length),
  'keys/0': plain(keys),
  'keys_unsorted/0': plain((value) => (Array.isArray(value) ? keys(value) : Object.keys(object(value)))),
  'not/0': plain((value) => !truthy(value)),
  'type/0': plain((value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)),
  'tonumber/0': plain(toNumber),
  'tostring/0': plain((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  'tojson/0': plain((value) => JSON.stringify(value)),
  'fromjson/0': plain((value) => {
    try {
      return JSON.parse(text(value)) as Json;
    } catch {
      throw new JqError(`${describe(value)} is not valid JSON`);
    }
  }),
  'floor/0': plain((value) => Math.floor(number(value))),
  'ceil/0': plain((value) => Math.ceil(number(value))),
  'round/0': plain((value) => Math.round(number(value))),
  'abs/0': plain((value) => Math.abs(number(value))),
  'sqrt/0': plain((value) => Math.sqrt(number(value))),
  'todate/0': plain((value) => new Date(number(value) * 1000).toISOString().replace(/\.\d+Z$/, 'Z')),
  'fromdate/0': plain((value) => {
    const time = Date.parse(text(value));
    if (Number.isNaN(time)) throw new JqError(`${describe(value)} is no date`);
    return Math.floor(time / 1000);
  }),
  'ascii_downcase/0': plain((value) => text(value).toLowerCase()),
  'ascii_upcase/0': plain((value) => text(value).toUpperCase()),
  'reverse/0': plain((value) =>
    typeof value === 'string'
      ? Array.from(value).reverse().join('')
      : value === null
        ? []
        : [...array(value)].reverse(),
  ),
  'sort/0': plain((value) => values(sorted(alone(value)))),
  'unique/0': plain((value) => groups(alone(value)).map((group) => group[0]!.value)),
  'min/0': plain((value) => sorted(alone(value))[0]?.value ?? null),
  'max/0': plain((value) => sorted(alone(value)).at(-1)?.value ?? null),
  'add/0': plain((value) => sum(elements(value))),
  'any/0': plain((value) => elements(value).some(truthy)),
  'all/0': plain((value) => elements(value).every(truthy)),
  'flatten/0': plain((value) => flatten(array(value))),
  'first/0': plain((value) => array(value)[0] ?? null),
  'last/0': plain((value) => array(value).at(-1) ?? null),
  'to_entries/0': plain(entries),
  'from_entries/0': plain(fromEntries),
  '@csv/0': plain((value) => row(value, ',', (each) => `"${each.replaceAll('"', '""')}"`)),
  '@tsv/0': plain((value) =>
    row(value, '\t', (each) => each.replaceAll(/[\t\n\r\\]/g, (sign) => tabEscapes[sign]!)),
  ),
  '@json/0': plain((value) => JSON.stringify(value)),
  '@text/0': plain((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  'empty/0': () =>
    function* () {
      // Nothing.
    },
  'values/0': () =>
    function* (input) {
      if (input !== null) yield input;
    },
  'select/1': (condition) =>
    function* (input, scope) {
      for (const holds of condition(input, scope)) if (truthy(holds)) yield input;
    },
  'map/1': (filter) =>
    function* (input, scope) {
      yield elements(input).flatMap((value) => [...filter(value, scope)]);
    },
  'map_values/1': (filter) =>
    function* (input, scope) {
      const made = Object.entries(object(input)).flatMap(([key, value]) =>
        [...filter(value, scope)].slice(0, 1).map((each): [string, Json] => [key, each]),
      );
      yield Object.fromEntries(made);
    },
  'with_entries/1': (filter) =>
    function* (input, scope) {
      yield fromEntries(entries(input).flatMap((entry) => [...filter(entry, scope)]));
    },
  'recurse/0': () =>
    function* walk(input, scope): Generator<Json> {
      yield input;
      if (typeof input === 'object' && input !== null) {
        for (const value of elements(input)) yield* walk(value, scope);
      }
    },
  'first/1': (filter) =>
    function* (input, scope) {
      for (const value of filter(input, scope)) {
        yield value;
        return;
      }
    },
  'limit/2': (count, filter) =>
    function* (input, scope) {
      for (const most of count(input, scope)) {
        let left = number(most);
        if (left <= 0) continue;
        for (const value of filter(input, scope)) {
          yield value;
          if (--left <= 0) break;
        }
      }
    },
  'any/1': (filter) =>
    function* (input, scope) {
      yield elements(input).some((value) => [...filter(value, scope)].some(truthy));
    },
  'all/1': (filter) =>
    function* (input, scope) {
      yield elements(input).every((value) => [...filter(value, scope)].every(truthy));
    },
  'sort_by/1': withKeys((items) => values(sorted(items))),
  'group_by/1': withKeys((items) => groups(items).map(values)),
  'unique_by/1': withKeys((items) => groups(items).map((group) => group[0]!.value)),
  'min_by/1': withKeys((items) => sorted(items)[0]?.value ?? null),
  'max_by/1': withKeys((items) => sorted(items).at(-1)?.value ?? null),
  'has/1': withValue((input, key) =>
    Array.isArray(input) ? number(key) in input : Object.hasOwn(object(input), text(key)),
  ),
  'contains/1': withValue(contains),
  'inside/1': withValue((input, outer) => contains(outer, input)),
  'startswith/1': withValue((input, start) => text(input).startsWith(text(start))),
  'endswith/1': withValue((input, end) => text(input).endsWith(text(end))),
  'ltrimstr/1': withValue((input, start) =>
    typeof input === 'string' && typeof start === 'string' && input.startsWith(start)
      ? input.slice(start.length)
      : input,
  ),
  'rtrimstr/1': withValue((input, end) =>
    typeof input === 'string' && typeof end === 'string' && end !== '' && input.endsWith(end)
      ? input.slice(0, -end.length)
      : input,
  ),
  'split/1': withValue((input, separator) => text(input).split(text(separator))),
  'join/1': withValue((input, separator) =>
    array(input)
      .map((each) => (each === null ? '' : typeof each === 'string' ? each : JSON.stringify(each)))
      .join(text(separator)),
  ),
  'test/1': withValue(test),
};
