/**
 * The part of jq that questions to an API need: paths, iterators, pipes, construction of objects and arrays,
 * conditions, variables, and the functions in jq-functions.ts. A filter is a function from one value to any number of
 * values, as in jq itself. What is not here is refused with its name and place.
 */
import { compare, describe, JqError, truthy, type Filter, type Json, type Scope } from './jq-values';
import { functions } from './jq-functions';

export { JqError, type Json } from './jq-values';

/** Throws JqError with status 3 for text that is no filter of ours. */
export function compile(source: string): (input: Json, scope?: Scope) => Iterable<Json> {
  const parser = new Parser(source);
  const filter = parser.whole();
  return (input, scope = {}) => filter(input, scope);
}

type Token = {
  readonly text: string;
  readonly at: number;
  readonly kind: 'name' | 'field' | 'string' | 'number' | 'sign' | 'end';
};

const patterns: readonly [Token['kind'], RegExp][] = [
  ['field', /^\.[A-Za-z_]\w*/],
  ['number', /^\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/],
  ['name', /^[$@]?[A-Za-z_]\w*/],
  ['sign', /^(?:\/\/=?|[|+*/%-]=|==|!=|<=|>=|\.\.|[|,.:;()[\]{}?+*/%<>=-])/],
];

class Parser {
  private readonly tokens: Token[] = [];
  private next = 0;

  constructor(private readonly source: string) {
    this.tokenize();
  }

  whole(): Filter {
    if (this.peek().kind === 'end') return identity;
    const filter = this.pipe();
    if (this.peek().kind !== 'end') this.fail(`unexpected ${this.shown()}`);
    return filter;
  }

  private tokenize(): void {
    let at = 0;
    while (at < this.source.length) {
      const rest = this.source.slice(at);
      const space = /^(?:\s+|#[^\n]*)/.exec(rest)?.[0];
      if (space !== undefined) {
        at += space.length;
        continue;
      }
      if (rest.startsWith('"')) {
        const end = stringEnd(this.source, at);
        this.tokens.push({ text: this.source.slice(at, end), at, kind: 'string' });
        at = end;
        continue;
      }
      const found = patterns
        .map(([kind, pattern]) => ({ kind, text: pattern.exec(rest)?.[0] }))
        .find(({ text }) => text !== undefined);
      if (found?.text === undefined)
        throw new JqError(`syntax error: unexpected ${rest[0]!} at character ${at + 1}`, 3);
      this.tokens.push({ text: found.text, at, kind: found.kind });
      at += found.text.length;
    }
    this.tokens.push({ text: '', at: this.source.length, kind: 'end' });
  }

  private peek(): Token {
    return this.tokens[this.next]!;
  }

  private take(): Token {
    return this.tokens[this.next++]!;
  }

  private accept(text: string): boolean {
    if (this.peek().kind === 'string' || this.peek().text !== text) return false;
    this.next++;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected ${text}, found ${this.shown()}`);
  }

  private shown(): string {
    return this.peek().kind === 'end' ? 'the end' : this.peek().text;
  }

  private fail(message: string): never {
    throw new JqError(`syntax error: ${message} at character ${this.peek().at + 1}`, 3);
  }

  private pipe(): Filter {
    const first = this.comma();
    if (this.accept('as')) return this.binding(first);
    if (!this.accept('|')) return first;
    const second = this.pipe();
    return piped(first, second);
  }

  /** VALUE as $NAME | BODY */
  private binding(value: Filter): Filter {
    const name = this.take().text;
    if (!name.startsWith('$')) this.fail('expected a variable such as $x after as');
    this.expect('|');
    const body = this.pipe();
    return function* (input, scope) {
      for (const bound of value(input, scope)) yield* body(input, { ...scope, [name]: bound });
    };
  }

  private comma(): Filter {
    const parts = [this.alternative()];
    while (this.accept(',')) parts.push(this.alternative());
    if (parts.length === 1) return parts[0]!;
    return function* (input, scope) {
      for (const part of parts) yield* part(input, scope);
    };
  }

  private alternative(): Filter {
    const first = this.binary(0);
    if (!this.accept('//')) return first;
    const second = this.alternative();
    return function* (input, scope) {
      let found = false;
      try {
        for (const value of first(input, scope)) {
          if (!truthy(value)) continue;
          found = true;
          yield value;
        }
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
      }
      if (!found) yield* second(input, scope);
    };
  }

  private binary(level: number): Filter {
    const operators = levels[level];
    if (!operators) return this.postfix();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = operators.find((each) => this.accept(each));
      if (operator === undefined) return left;
      left = combine(operator, left, this.binary(level + 1));
    }
  }

  private postfix(): Filter {
    let filter = this.term();
    for (;;) {
      const { kind, text } = this.peek();
      if (kind === 'field') {
        this.take();
        filter = piped(filter, field(text.slice(1)));
      } else if (text === '[' && kind === 'sign') {
        this.take();
        filter = this.bracket(filter);
      } else if (
        text === '.' &&
        kind === 'sign' &&
        ['[', '"'].includes(this.tokens[this.next + 1]?.text[0] ?? '')
      ) {
        this.take();
        if (this.peek().kind === 'string') filter = piped(filter, index(this.text(this.take())));
      } else if (this.accept('?')) filter = quiet(filter);
      else return filter;
    }
  }

  /** After `[`: nothing (all elements), an index, or a slice. */
  private bracket(base: Filter): Filter {
    if (this.accept(']')) return piped(base, iterate);
    const from = this.accept(':') ? undefined : this.pipe();
    if (from && this.accept(']')) {
      return function* (input, scope) {
        for (const value of base(input, scope)) {
          for (const key of from(input, scope)) yield at(value, key);
        }
      };
    }
    if (from) this.expect(':');
    const to = this.accept(']') ? undefined : this.pipe();
    if (to) this.expect(']');
    return function* (input, scope) {
      for (const value of base(input, scope)) {
        if (value === null) yield null;
        else if (typeof value === 'string' || Array.isArray(value)) {
          const start = from ? numberOf(first(from(input, scope))) : 0;
          yield value.slice(start, to ? numberOf(first(to(input, scope))) : undefined);
        } else throw new JqError(`Cannot index ${describe(value)} with object`);
      }
    };
  }

  private term(): Filter {
    const token = this.take();
    switch (token.kind) {
      case 'field':
        return field(token.text.slice(1));
      case 'number':
        return constant(Number(token.text));
      case 'string':
        return this.text(token);
      case 'name':
        return this.named(token);
      default:
        return this.sign(token);
    }
  }

  private sign({ text }: Token): Filter {
    switch (text) {
      case '.':
        return this.peek().kind === 'string' ? index(this.text(this.take())) : identity;
      case '..':
        return recurse;
      case '(': {
        const inner = this.pipe();
        this.expect(')');
        return inner;
      }
      case '[':
        return this.array();
      case '{':
        return this.object();
      case '-': {
        const operand = this.postfix();
        return map(operand, (value) => -numberOf(value));
      }
      default:
        this.next--;
        return this.fail(`unexpected ${this.shown()}`);
    }
  }

  private array(): Filter {
    if (this.accept(']')) return map(identity, () => []);
    const inner = this.pipe();
    this.expect(']');
    return function* (input, scope) {
      yield [...inner(input, scope)];
    };
  }

  private object(): Filter {
    const entries: [Filter, Filter][] = [];
    if (!this.accept('}')) {
      do entries.push(this.entry());
      while (this.accept(','));
      this.expect('}');
    }
    return function* build(input, scope): Generator<Json> {
      yield* product(entries, input, scope, 0, {});
    };
  }

  private entry(): [Filter, Filter] {
    const token = this.take();
    if (token.kind === 'name') {
      const name = token.text.replace(/^\$/, '');
      if (this.accept(':')) return [constant(name), this.entryValue()];
      return [constant(name), token.text.startsWith('$') ? variable(token.text) : field(name)];
    }
    if (token.kind === 'string') {
      const name = this.text(token);
      return this.accept(':') ? [name, this.entryValue()] : [name, index(name)];
    }
    if (token.text === '(') {
      const key = this.pipe();
      this.expect(')');
      this.expect(':');
      return [key, this.entryValue()];
    }
    this.next--;
    return this.fail(`expected a key of the object, found ${this.shown()}`);
  }

  /** No comma and no pipe: those need parentheses here. */
  private entryValue(): Filter {
    return this.alternative();
  }

  private named({ text }: Token): Filter {
    if (text.startsWith('$')) return variable(text);
    if (text in keywords) return keywords[text]!;
    if (text === 'if') return this.condition();
    if (text === 'try') return quiet(this.postfix());
    const args: Filter[] = [];
    if (this.accept('(')) {
      do args.push(this.pipe());
      while (this.accept(';'));
      this.expect(')');
    }
    const made = functions[`${text}/${args.length}`];
    const [one = identity, two = identity] = args;
    if (made) return made(one, two);
    throw new JqError(`${text}/${args.length} is not defined here`, 3);
  }

  private condition(): Filter {
    const when = this.pipe();
    this.expect('then');
    const then = this.pipe();
    let otherwise: Filter = identity;
    if (this.accept('elif')) otherwise = this.condition();
    else {
      if (this.accept('else')) otherwise = this.pipe();
      this.expect('end');
    }
    return function* (input, scope) {
      for (const holds of when(input, scope)) yield* (truthy(holds) ? then : otherwise)(input, scope);
    };
  }

  /** A string, whose \(…) are filters of their own. */
  private text({ text }: Token): Filter {
    const parts: (string | Filter)[] = [];
    let plain = '';
    for (let i = 1; i < text.length - 1; i++) {
      if (text[i] !== '\\') plain += text[i]!;
      else if (text[i + 1] === '(') {
        const end = closing(text, i + 1);
        parts.push(unescape(plain), new Parser(text.slice(i + 2, end)).whole());
        plain = '';
        i = end;
      } else {
        plain += text.slice(i, i + 2);
        i++;
      }
    }
    parts.push(unescape(plain));
    return function* (input, scope) {
      yield parts
        .map((part) => {
          if (typeof part === 'string') return part;
          const value = first(part(input, scope));
          return typeof value === 'string' ? value : JSON.stringify(value);
        })
        .join('');
    };
  }
}

const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const identity: Filter = function* (input) {
  yield input;
};
const constant = (value: Json): Filter => map(identity, () => value);
const field = (name: string): Filter => map(identity, (input) => at(input, name));
const keywords: Readonly<Record<string, Filter>> = {
  null: constant(null),
  true: constant(true),
  false: constant(false),
};

const index = (key: Filter): Filter =>
  function* (input, scope) {
    for (const name of key(input, scope)) yield at(input, name);
  };

const variable = (name: string): Filter =>
  function* (_input, scope) {
    const value = scope[name];
    if (value === undefined) throw new JqError(`${name} is not defined`, 3);
    yield value;
  };

const piped = (before: Filter, after: Filter): Filter =>
  function* (input, scope) {
    for (const value of before(input, scope)) yield* after(value, scope);
  };

function map(filter: Filter, change: (value: Json) => Json): Filter {
  return function* (input, scope) {
    for (const value of filter(input, scope)) yield change(value);
  };
}

const quiet = (filter: Filter): Filter =>
  function* (input, scope) {
    try {
      yield* filter(input, scope);
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
    }
  };

const iterate: Filter = function* (input) {
  if (Array.isArray(input)) yield* input;
  else if (typeof input === 'object' && input !== null) yield* Object.values(input);
  else throw new JqError(`Cannot iterate over ${describe(input)}`);
};

const recurse: Filter = function* walk(input, scope): Generator<Json> {
  yield input;
  if (typeof input === 'object' && input !== null) {
    for (const value of Object.values(input)) yield* walk(value, scope);
  }
};

/** What stands under a key or an index; null where there is nothing. */
function at(value: Json, key: Json): Json {
  if (value === null && (typeof key === 'string' || typeof key === 'number')) return null;
  if (Array.isArray(value) && typeof key === 'number') return value.at(Math.floor(key)) ?? null;
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && typeof key === 'string') {
    return Object.hasOwn(value, key) ? value[key]! : null;
  }
  const shown = typeof key === 'string' ? `"${key}"` : describe(key);
  throw new JqError(`Cannot index ${kindOf(value)} with ${shown}`);
}

const kindOf = (value: Json) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

function combine(operator: string, left: Filter, right: Filter): Filter {
  if (operator === 'and' || operator === 'or') {
    return function* (input, scope) {
      for (const value of left(input, scope)) {
        if (truthy(value) === (operator === 'or')) yield operator === 'or';
        else for (const other of right(input, scope)) yield truthy(other);
      }
    };
  }
  return function* (input, scope) {
    for (const b of right(input, scope)) for (const a of left(input, scope)) yield apply(operator, a, b);
  };
}

function apply(operator: string, a: Json, b: Json): Json {
  switch (operator) {
    case '==':
      return compare(a, b) === 0;
    case '!=':
      return compare(a, b) !== 0;
    case '<':
      return compare(a, b) < 0;
    case '<=':
      return compare(a, b) <= 0;
    case '>':
      return compare(a, b) > 0;
    case '>=':
      return compare(a, b) >= 0;
    case '+':
      return add(a, b);
    default:
      return calculate(operator, a, b);
  }
}

function add(a: Json, b: Json): Json {
  if (a === null) return b;
  if (b === null) return a;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (isObject(a) && isObject(b)) return { ...a, ...b };
  throw new JqError(`${describe(a)} and ${describe(b)} cannot be added`);
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function calculate(operator: string, a: Json, b: Json): Json {
  if (operator === '-' && Array.isArray(a) && Array.isArray(b)) {
    return a.filter((value) => !b.some((other) => compare(value, other) === 0));
  }
  if (operator === '/' && typeof a === 'string' && typeof b === 'string') return a.split(b);
  if (typeof a !== 'number' || typeof b !== 'number') {
    const verb =
      { '-': 'subtracted', '*': 'multiplied', '/': 'divided', '%': 'divided' }[operator] ?? 'combined';
    throw new JqError(`${describe(a)} and ${describe(b)} cannot be ${verb}`);
  }
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (b === 0)
    throw new JqError(`${describe(a)} and ${describe(b)} cannot be divided because the divisor is zero`);
  return operator === '/' ? a / b : Math.trunc(a) % Math.trunc(b);
}

function* product(
  entries: readonly [Filter, Filter][],
  input: Json,
  scope: Scope,
  from: number,
  made: { readonly [key: string]: Json },
): Generator<Json> {
  const entry = entries[from];
  if (!entry) {
    yield { ...made };
    return;
  }
  for (const key of entry[0](input, scope)) {
    if (typeof key !== 'string') throw new JqError(`Object keys must be strings, not ${describe(key)}`);
    for (const value of entry[1](input, scope)) {
      yield* product(entries, input, scope, from + 1, { ...made, [key]: value });
    }
  }
}

function first(values: Iterable<Json>): Json {
  for (const value of values) return value;
  return null;
}

function numberOf(value: Json): number {
  if (typeof value !== 'number') throw new JqError(`${describe(value)} is no number`);
  return value;
}

function unescape(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    throw new JqError(`syntax error: "${text}" is not a string that jq can read`, 3);
  }
}

/** Just after the quote that ends the string at `start`; strings may hold filters that hold strings. */
function stringEnd(source: string, start: number): number {
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === '"') return i + 1;
    if (source[i] !== '\\') continue;
    i = source[i + 1] === '(' ? closing(source, i + 1) : i + 1;
  }
  throw new JqError('syntax error: a string is not closed', 3);
}

/** The parenthesis that closes the one at `open`. */
function closing(source: string, open: number): number {
  let depth = 0;
  for (let i = open; i < source.length; i++) {
    if (source[i] === '"') i = stringEnd(source, i) - 1;
    else if (source[i] === '(') depth++;
    else if (source[i] === ')' && --depth === 0) return i;
  }
  throw new JqError('syntax error: a parenthesis is not closed', 3);
}
