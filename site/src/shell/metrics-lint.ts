/**
 * What a page of metrics that can be read should have besides: the conventions on names, types and help texts.
 * One line a finding, sorted, each beginning with the metric.
 */
interface Family {
  type: string;
  hasHelp: boolean;
}

const abbreviations = ['s', 'ms', 'us', 'ns', 'sec', 'b', 'kb', 'mb', 'gb', 'tb', 'pb', 'm', 'h', 'd'];
/** Units that have a base unit to use instead. */
const baseUnits: Readonly<Record<string, string>> = {
  milliseconds: 'seconds',
  microseconds: 'seconds',
  nanoseconds: 'seconds',
  minutes: 'seconds',
  hours: 'seconds',
  days: 'seconds',
  kilobytes: 'bytes',
  megabytes: 'bytes',
  gigabytes: 'bytes',
  bits: 'bytes',
  percent: 'ratio',
  fahrenheit: 'celsius',
};
const parts = /_(?:bucket|sum|count)$/;

export function lintMetrics(page: string): string[] {
  const families = readFamilies(page);
  const findings = [...families].flatMap(([name, family]) =>
    judge(name, family).map((text) => `${name} ${text}`),
  );
  return findings.sort();
}

function readFamilies(page: string): Map<string, Family> {
  const families = new Map<string, Family>();
  const family = (name: string): Family => {
    const known = families.get(name) ?? { type: 'untyped', hasHelp: false };
    families.set(name, known);
    return known;
  };
  for (const line of page.split('\n')) {
    const [, keyword, name = '', rest = ''] = /^#\s*(HELP|TYPE)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') family(name).hasHelp = rest.trim() !== '';
    else if (keyword === 'TYPE') family(name).type = rest.trim();
    else if (!line.startsWith('#')) {
      const sample = /^[a-zA-Z_:][\w:]*/.exec(line)?.[0];
      if (sample === undefined) continue;
      const base = sample.replace(parts, '');
      const type = families.get(base)?.type;
      if (type !== 'histogram' && type !== 'summary') family(sample);
    }
  }
  return families;
}

function judge(name: string, { type, hasHelp }: Family): string[] {
  const findings: string[] = [];
  const words = name.toLowerCase().split('_');
  if (!hasHelp) findings.push('no help text');
  if (type === 'counter' && !name.endsWith('_total'))
    findings.push('counter metrics should have "_total" suffix');
  if (type !== 'counter' && type !== 'untyped' && name.endsWith('_total')) {
    findings.push('non-counter metrics should not have "_total" suffix');
  }
  if (type !== 'histogram' && name.endsWith('_bucket'))
    findings.push('non-histogram metrics should not have "_bucket" suffix');
  for (const suffix of ['_count', '_sum']) {
    if (type !== 'histogram' && type !== 'summary' && name.endsWith(suffix)) {
      findings.push(`non-histogram and non-summary metrics should not have "${suffix}" suffix`);
    }
  }
  if (words.some((word) => abbreviations.includes(word)))
    findings.push('metric names should not contain abbreviated units');
  for (const word of words) {
    const base = Object.hasOwn(baseUnits, word) ? baseUnits[word] : undefined;
    if (base !== undefined) findings.push(`use base unit "${base}" instead of "${word}"`);
  }
  if (/[a-z][A-Z]/.test(name))
    findings.push("metric names should be written in 'snake_case' not 'camelCase'");
  if (name.includes(':')) findings.push("metric names should not contain ':'");
  for (const kind of ['counter', 'gauge', 'histogram', 'summary']) {
    if (words.includes(kind)) findings.push(`metric name should not include type '${kind}'`);
  }
  return findings;
}
