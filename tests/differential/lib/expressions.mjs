// Random PromQL that is well typed: a tree of nodes, printed for either server, and its smaller relatives
// for shrinking. A node is { kind, type, exact, parts, print }:
//
//   type    'vector', 'scalar' or 'matrix'
//   exact   whether its values are free of rounding. Data are multiples of 1/8, so what only selects, counts and
//           adds them is. Whatever jumps (floor, ==, topk, ...) is applied to exact values only: otherwise the last
//           bit of a sum, which differs between versions, would decide.
//   parts   its subexpressions
//   print   from the printed parts to text
//
// What 2.42 writes in another way than 3.x is printed for the dialect 'peer' by known_differences.mjs.
import { forPeer, renamed } from '../known_differences.mjs';

const jobs = ['api', 'web', 'db'];

/** Metric name -> labels that matchers can use, with their values. */
const metrics = {
  requests_total: { job: jobs, code: ['200', '404', '500'], method: ['get', 'post'] },
  errors_total: { job: jobs, code: ['404', '500'] },
  temperature: { job: jobs, room: ['a', 'b'] },
  queue_length: { job: jobs },
  up: { job: jobs },
  build_info: { job: jobs, version: ['2.0', '2.1'] },
  limit: { job: jobs },
  lonely: { x: ['1'] },
  latency_seconds_bucket: { job: jobs, le: ['0.1', '1', '+Inf'] },
  latency_seconds_count: { job: jobs },
  latency_seconds_sum: { job: jobs },
  odd_bucket: { le: ['1', 'x'] },
  fast: { job: ['api'] },
  slow: { job: ['web'] },
  still: { job: ['db'] },
  zero: { job: ['db'] },
  absent_metric: { job: jobs },
};
const counters = [
  'requests_total',
  'errors_total',
  'latency_seconds_count',
  'latency_seconds_sum',
  'latency_seconds_bucket',
];
/** Metrics without NaN and infinities. */
const tame = Object.keys(metrics).filter((name) => name !== 'temperature');
const labels = ['job', 'instance', 'code', 'method', 'room', 'version', 'le', 'x', 'nolabel'];

export const start = 1_700_000_000;
export const end = start + 100 * 60;

const node = (kind, type, exact, parts, print) => ({ kind, type, exact, parts, print });
const text = (tree, dialect = 'ours') =>
  tree.print(
    tree.parts.map((part) => text(part, dialect)),
    dialect,
  );
export { text as print };

export function* walk(tree) {
  yield tree;
  for (const part of tree.parts) yield* walk(part);
}

const number = (value) => node('number', 'scalar', true, [], () => value);

const smoothFunctions = [
  'abs',
  'deg',
  'rad',
  'sin',
  'cos',
  'atan',
  'asinh',
  'tanh',
  'sqrt',
  'exp',
  'ln',
  'log2',
  'log10',
  'acos',
  'asin',
  'acosh',
  'atanh',
  'cosh',
  'sinh',
  'tan',
];
const jumpingFunctions = ['ceil', 'floor', 'sgn', 'round'];
const dateFunctions = [
  'minute',
  'hour',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
];
/** Range functions -> whether they keep exactness. */
const rangeFunctions = {
  rate: false, increase: false, delta: false, irate: false, idelta: true, resets: true, changes: true, avg_over_time: false,
  min_over_time: true, max_over_time: true, sum_over_time: true, count_over_time: true, last_over_time: true, present_over_time: true,
}; // prettier-ignore
/** Range functions that square: for exact and finite input only. */
const delicateRangeFunctions = ['deriv', 'stddev_over_time', 'stdvar_over_time'];

export class Expressions {
  constructor(random) {
    this.random = random;
  }

  duration(choices = ['30s', '1m', '90s', '2m', '5m', '7m', '20m', '1h']) {
    return this.random.pick(choices);
  }

  /** "" most of the time. */
  modifiers() {
    const { random } = this;
    const found = [];
    if (random.chance(0.12))
      found.push(`offset ${random.chance(0.2) ? '-' : ''}${this.duration(['10s', '1m', '7m', '33m', '1h'])}`);
    if (random.chance(0.08)) {
      found.push(
        random.pick([
          '@ start()',
          '@ end()',
          `@ ${start + random.below(6000)}`,
          `@ ${start + random.below(60000) / 10}`,
        ]),
      );
    }
    if (random.chance(0.5)) found.reverse();
    return found.map((modifier) => ` ${modifier}`).join('');
  }

  matchers(name) {
    const { random } = this;
    const chosen = Object.entries(metrics[name]).filter(() => random.chance(0.35));
    return chosen.map(([label, values]) => {
      const [one, other] = [random.pick(values), random.pick(values)].map((value) =>
        value.replace('+', '\\\\+').replace('.', '\\\\.'),
      );
      return random.pick([
        () => `${label}="${random.pick(values)}"`,
        () => `${label}!="${random.pick(values)}"`,
        () => `${label}=~"${one}|${other}"`,
        () => `${label}!~"${one}|${other}"`,
        () => `${label}=~".*${one.slice(-1)}.*"`,
        () => `${label}=~".+"`,
        () => `${label}!=""`,
      ])();
    });
  }

  selectorText(names) {
    const { random } = this;
    const name = random.pick(names);
    const matchers = this.matchers(name);
    if (random.chance(0.04)) return `{${[`__name__=~"${name}|up"`, ...matchers].join(',')}}`;
    return matchers.length > 0 ? `${name}{${matchers.join(',')}}` : name;
  }

  selector(names = Object.keys(metrics)) {
    const printed = this.selectorText(names) + this.modifiers();
    return node('selector', 'vector', true, [], () => printed);
  }

  /** `isExact`: only what has no rounding in it, and no infinity either. */
  matrix(depth, isExact, names) {
    const { random } = this;
    if (depth > 0 && random.chance(0.3)) {
      const inner = this.vector(depth - 1, isExact);
      const step = random.pick(['', '15s', '30s', '47s', '1m', '5m']);
      const suffix = `[${this.duration(['1m', '3m', '5m', '20m', '1h'])}:${step}]${this.modifiers()}`;
      return node(
        'subquery',
        'matrix',
        inner.exact,
        [inner],
        ([vector]) => `${wrap(inner, vector)}${suffix}`,
      );
    }
    const printed = `${this.selectorText(names ?? (isExact ? tame : Object.keys(metrics)))}[${this.duration()}]${this.modifiers()}`;
    return node('matrix', 'matrix', true, [], () => printed);
  }

  scalar(depth, isExact = false) {
    const { random } = this;
    const choice = depth > 0 ? random.below(10) : random.below(6);
    if (choice < 4)
      return number(
        random.pick([
          '0',
          '1',
          '2',
          '3',
          '0.5',
          '-1',
          '10',
          '-2.5',
          '100',
          '1e3',
          'NaN',
          'Inf',
          '-Inf',
          '0x10',
        ]),
      );
    if (choice === 4) return node('time', 'scalar', true, [], () => 'time()');
    if (choice === 5) return isExact ? number('7') : node('pi', 'scalar', false, [], () => 'pi()');
    if (choice < 8) return this.call('scalar', 'scalar', (exact) => exact, this.vector(depth - 1, isExact));
    const operator = random.pick(isExact ? ['+', '-'] : ['+', '-', '*', '/', '^', 'atan2']);
    return this.binary(operator, '', this.scalar(depth - 1, isExact), this.scalar(depth - 1, isExact));
  }

  call(name, type, exactness, ...parts) {
    const exact = exactness(parts.every((part) => part.exact));
    return node(name, type, exact, parts, (printed) => `${name}(${printed.join(', ')})`);
  }

  /** A vector; with `isExact` one without rounding. */
  vector(depth, isExact = false) {
    const { random } = this;
    if (depth <= 0) return this.selector(isExact ? tame : undefined);
    const exactMakers = [
      [4, () => this.selector(isExact ? tame : undefined)],
      [4, () => this.aggregation(depth, isExact)],
      [3, () => this.exactRange(depth)],
      [4, () => this.vectorMatching(depth, isExact)],
      [2, () => this.vectorAndScalar(depth, isExact)],
      [2, () => this.setOperation(depth, isExact)],
      [2, () => this.jump(depth)],
      [2, () => this.comparison(depth)],
      [1, () => this.choice(depth)],
      [1, () => this.labelFunction(depth, isExact)],
      [1, () => this.plainFunction(depth, isExact)],
    ];
    const roundedMakers = [
      [6, () => this.range(depth)],
      [2, () => this.smooth(depth)],
      [1, () => this.delicateRange(depth)],
      [2, () => this.quantile(depth)],
      [1, () => this.division(depth)],
    ];
    const makers = isExact ? exactMakers : [...exactMakers, ...roundedMakers];
    let at = random.below(makers.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of makers) {
      at -= weight;
      if (at < 0) return make();
    }
    throw new Error('no maker was chosen');
  }

  grouping() {
    const { random } = this;
    if (random.chance(0.25)) return '';
    const list = random.some(labels, 0.3).join(', ');
    return ` ${random.pick(['by', 'without'])} (${list})`;
  }

  aggregation(depth, isExact) {
    const { random } = this;
    const chosen = random.pick(
      isExact
        ? ['sum', 'min', 'max', 'count', 'group']
        : ['sum', 'sum', 'avg', 'min', 'max', 'count', 'group', 'quantile', 'stddev', 'stdvar'],
    );
    const isDelicate = chosen === 'stddev' || chosen === 'stdvar';
    const inner = this.vector(depth - 1, isExact || isDelicate);
    const operator = isDelicate && !this.isSquarable(inner) ? 'avg' : chosen;
    const clause = this.grouping();
    const isFirst = random.chance(0.7);
    const exact =
      ['count', 'group'].includes(operator) || (inner.exact && ['sum', 'min', 'max'].includes(operator));
    const parts =
      operator === 'quantile'
        ? [number(random.pick(['0', '0.25', '0.5', '0.9', '1', '-1', '2', 'NaN'])), inner]
        : [inner];
    return node(operator, 'vector', exact, parts, (printed) =>
      isFirst && clause
        ? `${operator}${clause} (${printed.join(', ')})`
        : `${operator}(${printed.join(', ')})${clause}`,
    );
  }

  /**
   * topk, bottomk and count_values, which depend on every bit of their input. With k = 1 topk takes the first of equal
   * values, and only selectors have an order over a range (the peer's operators put series into a hash map). With a
   * k between that and all of them it depends on how a heap moves its elements, which 2.44 changed (prometheus#12190).
   */
  choice(depth) {
    const { random } = this;
    const inner = this.vector(depth - 1, true);
    const operator = random.pick(['topk', 'bottomk', 'count_values']);
    const isOrdered = inner.kind === 'selector' || inner.parts[0]?.kind === 'matrix';
    const clause = this.grouping();
    const parameter =
      operator === 'count_values'
        ? random.pick(['"value"', '"job"'])
        : random.pick(['100', '0', '-1', ...(isOrdered ? ['1', '1', '1'] : [])]);
    return node(
      operator,
      'vector',
      true,
      [inner],
      ([vector]) => `${operator}${clause} (${parameter}, ${vector})`,
    );
  }

  range(depth) {
    const { random } = this;
    const name = random.pick(Object.keys(rangeFunctions));
    const isCounter = ['rate', 'increase', 'irate', 'resets'].includes(name);
    // Resets and changes jump with every bit, and of a difference only the last bits may be left.
    const isDelicate = isCounter || ['changes', 'delta', 'idelta'].includes(name);
    const names = isCounter && random.chance(0.7) ? counters : Object.keys(metrics);
    const matrix = this.matrix(depth - 1, isDelicate, names);
    return this.call(name, 'vector', (exact) => exact && rangeFunctions[name], matrix);
  }

  exactRange(depth) {
    const name = this.random.pick(
      Object.keys(rangeFunctions).filter((candidate) => rangeFunctions[candidate]),
    );
    return this.call(name, 'vector', () => true, this.matrix(depth - 1, true));
  }

  delicateRange(depth) {
    const { random } = this;
    const matrix = this.matrix(depth - 1, true);
    const name = random.pick([
      ...(this.isSquarable(matrix) ? [...delicateRangeFunctions, 'predict_linear'] : []),
      'holt_winters',
      'quantile_over_time',
      'quantile_over_time',
    ]);
    if (name === 'predict_linear')
      return this.call(name, 'vector', () => false, matrix, number(random.pick(['0', '60', '3600', '-600'])));
    if (name === 'quantile_over_time')
      return this.call(
        name,
        'vector',
        () => false,
        number(random.pick(['0', '0.3', '0.5', '0.99', '1', '-1', '2'])),
        matrix,
      );
    if (name === 'holt_winters') {
      const factors = [
        number(random.pick(['0.1', '0.5', '0.9', '1'])),
        number(random.pick(['0.1', '0.5', '0.9'])),
      ];
      return node(
        name,
        'vector',
        false,
        [matrix, ...factors],
        (printed, dialect) => `${dialect === 'peer' ? name : renamed[name]}(${printed.join(', ')})`,
      );
    }
    return this.call(name, 'vector', () => false, matrix);
  }

  smooth(depth) {
    const name = this.random.pick(smoothFunctions);
    // Of a large number, the last bit turns a sine round.
    const inner = this.vector(depth - 1, ['sin', 'cos', 'tan'].includes(name));
    // Go's cosh and sinh are infinite already where their value would still be a double: from 709.8 on.
    const isSteep = name === 'cosh' || name === 'sinh';
    const argument = isSteep
      ? this.call('clamp', 'vector', () => false, inner, number('-700'), number('700'))
      : inner;
    return this.call(name, 'vector', (exact) => exact && name === 'abs', argument);
  }

  jump(depth) {
    const { random } = this;
    const inner = this.vector(depth - 1, true);
    if (random.chance(0.25)) {
      return this.call(
        'round',
        'vector',
        () => false,
        inner,
        number(random.pick(['0.5', '2', '10', '0.25'])),
      );
    }
    return this.call(random.pick(jumpingFunctions), 'vector', () => true, inner);
  }

  plainFunction(depth, isExact) {
    const { random } = this;
    const inner = () => this.vector(depth - 1, isExact);
    const keeps = (exact) => exact;
    return random.pick([
      () => this.call('clamp', 'vector', keeps, inner(), this.scalar(0, true), this.scalar(0, true)),
      () => this.call('clamp_min', 'vector', keeps, inner(), this.scalar(0, true)),
      () => this.call('clamp_max', 'vector', keeps, inner(), this.scalar(0, true)),
      () => this.call('timestamp', 'vector', () => false, this.vector(depth - 1)),
      () => this.call('absent', 'vector', () => true, inner()),
      () => this.call('absent_over_time', 'vector', () => true, this.matrix(depth - 1, isExact)),
      () => this.call('vector', 'vector', keeps, this.scalar(depth - 1, isExact)),
      () => this.call(random.pick(['sort', 'sort_desc']), 'vector', keeps, inner()),
      () =>
        this.call(
          random.pick(dateFunctions),
          'vector',
          () => true,
          ...(random.chance(0.3) ? [] : [this.timestamps(depth)]),
        ),
      () =>
        node('negation', 'vector', isExact, [this.vector(depth - 1, isExact)], ([vector]) => `-(${vector})`),
    ])();
  }

  /** Seconds since 1970 leave no digits for a variance. */
  isSquarable(tree) {
    return ![...walk(tree)].some(({ kind }) => kind === 'time' || kind === 'timestamp');
  }

  /** What the date functions can be asked about. */
  timestamps(depth) {
    return this.call(
      'timestamp',
      'vector',
      () => true,
      depth > 1 ? this.vector(depth - 2, true) : this.selector(tame),
    );
  }

  labelFunction(depth, isExact) {
    const { random } = this;
    const inner = this.vector(depth - 1, isExact);
    const suffix = random.pick([
      '"dst", "$1", "job", "(.*)"',
      '"dst", "${1}-$2", "instance", "(.*)-(.*)"',
      '"job", "x", "code", "404"',
      '"job", "", "job", "api"',
      '"dst", "$0", "nolabel", ".*"',
      '"__name__", "renamed_$1", "job", "(.*)"',
      '"instance", "same", "instance", ".*"',
    ]);
    const joined = random.pick([
      '"dst", "-", "job", "instance"',
      '"dst", "", "nolabel"',
      '"job", "/", "job", "code", "method"',
      '"instance", "x"',
    ]);
    const isJoin = random.chance(0.3);
    return node(isJoin ? 'label_join' : 'label_replace', 'vector', inner.exact, [inner], ([vector]) =>
      isJoin ? `label_join(${vector}, ${joined})` : `label_replace(${vector}, ${suffix})`,
    );
  }

  quantile(depth) {
    const { random } = this;
    const buckets = ['latency_seconds_bucket', 'latency_seconds_bucket', 'odd_bucket'];
    const inner = random.pick([
      () => this.selector(buckets),
      () =>
        this.call(random.pick(['rate', 'increase']), 'vector', () => false, this.matrix(0, false, buckets)),
      () => {
        const rate = this.call('rate', 'vector', () => false, this.matrix(0, false, buckets));
        const clause = random.pick(['by (le)', 'by (job, le)', 'without (instance)']);
        return node('sum', 'vector', false, [rate], ([vector]) => `sum ${clause} (${vector})`);
      },
      () => this.vector(depth - 1, true),
    ])();
    // Where a rank falls on the edge of a bucket, the last bit of its count decides (2.46 looks away from it), so
    // that rounded counts are asked for ranks that can't.
    const q = random.pick(
      inner.exact
        ? ['0', '0.5', '0.9', '0.99', '1', '-1', '2', 'NaN']
        : ['0', '0.1373', '0.5013', '0.9137', '0.9907', '-1', '2', 'NaN'],
    );
    return this.call('histogram_quantile', 'vector', () => false, number(q), inner);
  }

  matching(isSet) {
    const { random } = this;
    if (random.chance(0.2)) return '';
    const clause = random.chance(0.5)
      ? `on (${random.pick(['job', 'instance', 'job, instance', 'job, instance, code', '', 'job, code'])})`
      : `ignoring (${random.pick(['code', 'method', 'code, method', 'code, method, room', 'version', 'instance', 'room, le', ''])})`;
    if (isSet || random.chance(0.5)) return ` ${clause}`;
    const side = random.pick(['group_left', 'group_right']);
    const copied = clause.startsWith('on')
      ? random.pick(['', 'version', 'room'])
      : random.pick(['', 'version', 'nolabel']);
    return ` ${clause} ${side} (${copied})`;
  }

  binary(operator, matching, left, right) {
    const exact = ['+', '-'].includes(operator) ? left.exact && right.exact : false;
    const type = left.type === 'scalar' && right.type === 'scalar' ? 'scalar' : 'vector';
    return node(`binary ${operator}`, type, exact, [left, right], ([a, b], dialect) => {
      const printed = `${wrap(left, a)} ${operator}${matching} ${wrap(right, b)}`;
      return dialect === 'peer' && type === 'vector' ? forPeer(operator, printed) : printed;
    });
  }

  vectorMatching(depth, isExact) {
    const operator = this.random.pick(isExact ? ['+', '-'] : ['+', '-', '*', '/', '^', 'atan2']);
    return this.binary(
      operator,
      this.matching(false),
      this.vector(depth - 1, isExact),
      this.vector(depth - 1, isExact),
    );
  }

  vectorAndScalar(depth, isExact) {
    const operator = this.random.pick(isExact ? ['+', '-'] : ['+', '-', '*', '/', '^', 'atan2']);
    const sides = [this.vector(depth - 1, isExact), this.scalar(depth - 1, isExact)];
    if (this.random.chance(0.5)) sides.reverse();
    return this.binary(operator, '', ...sides);
  }

  setOperation(depth, isExact) {
    const operator = this.random.pick(['and', 'or', 'unless']);
    const [left, right] = [this.vector(depth - 1, isExact), this.vector(depth - 1, isExact)];
    const made = this.binary(operator, this.matching(true), left, right);
    return { ...made, exact: left.exact && right.exact };
  }

  comparison(depth) {
    const { random } = this;
    const operator = random.pick(['==', '!=', '<', '>', '<=', '>=']);
    const bool = random.chance(0.4) ? ' bool' : '';
    const left = this.vector(depth - 1, true);
    const isScalar = random.chance(0.5);
    const right = isScalar ? this.scalar(depth - 1, true) : this.vector(depth - 1, true);
    const sides = isScalar && random.chance(0.3) ? [right, left] : [left, right];
    return { ...this.binary(operator, bool + (isScalar ? '' : this.matching(false)), ...sides), exact: true };
  }

  division(depth) {
    return this.binary(
      '%',
      '',
      this.vector(depth - 1, true),
      number(this.random.pick(['3', '-2', '0.5', '0', '1000'])),
    );
  }

  /** A whole query. */
  query() {
    const { random } = this;
    const depth = random.pick([1, 2, 2, 3, 3, 4]);
    if (random.chance(0.05)) return this.scalar(depth);
    return this.vector(depth);
  }
}

/** Parts of operators and subqueries stand in parentheses unless they are a word. */
function wrap(part, printed) {
  const isWord = ['number', 'time', 'pi'].includes(part.kind) && !printed.startsWith('-');
  return isWord ? printed : `(${printed})`;
}

/** Smaller relatives of `tree`, the smallest first: its parts, then itself with one part made smaller. */
export function* smaller(tree) {
  for (const part of tree.parts) if (part.type !== 'matrix') yield part;
  for (const [index, part] of tree.parts.entries()) {
    for (const candidate of smaller(part)) {
      if (candidate.type !== part.type) continue;
      yield {
        ...tree,
        parts: tree.parts.with
          ? tree.parts.with(index, candidate)
          : tree.parts.map((old, i) => (i === index ? candidate : old)),
      };
    }
  }
  yield* simplerText(tree);
}

/** The same node with a modifier, a matcher or a grouping label fewer. */
function* simplerText(tree) {
  const cuts = [
    / offset -?\w+/,
    / @ (start\(\)|end\(\)|[\d.]+)/,
    /(?<=\{)[^{},]+,|,[^{},]+(?=\})|\{[^{},]+\}/,
    / (by|without|on|ignoring) \([^()]*\)/,
    / group_(left|right) \([^()]*\)/,
    / bool/,
  ];
  for (const cut of cuts) {
    const dashes = tree.parts.map((_, index) => `\u0001${index}\u0001`);
    const printed = tree.print(dashes, 'ours');
    if (!cut.test(printed)) continue;
    const print = (parts, dialect) =>
      tree
        .print(
          parts.map((_, index) => `\u0001${index}\u0001`),
          dialect,
        )
        .replace(cut, '')
        .replace(/\u0001(\d+)\u0001/g, (_, index) => parts[index]);
    yield { ...tree, print };
  }
}
