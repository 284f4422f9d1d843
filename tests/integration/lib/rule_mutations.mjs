// Ways in which people break rule files, and ways of writing that change nothing: [name, text => text].
// A mutation that finds nothing to change in a file gives it back as it was.
const first = (pattern, replacement) => (text) => text.replace(pattern, replacement);
const all = (pattern, replacement) => (text) => text.replaceAll(pattern, replacement);

export const mutations = [
  // Still right.
  ['as it is', (text) => `${text}# nothing changed\n`],
  ['line ends of Windows', all('\n', '\r\n')],
  ['a second document', (text) => `${text}---\nthis: is not looked at\n`],
  ['a marker at the start', (text) => `---\n${text}`],
  ['the unit of zero left out', first(/for: \w+/, 'for: 0')],
  ['a duration of parts', first(/for: \w+/, 'for: 1d2h3m4s5ms')],
  ['a number as a label value', first(/severity: \w+/, 'severity: 7')],
  ['true as a label value', first(/severity: \w+/, 'severity: true')],
  ['an empty label value', first(/severity: \w+/, 'severity: ""')],
  ['no label value', first(/severity: \w+\n/, 'severity:\n')],
  ['blank lines', all('\n', '\n\n')],
  ['a range vector as the expression', first(/expr: sum\(/, 'expr: foo[5m] # (')],
  ['interval of zero', first(/interval: \w+/, 'interval: 0s')],
  ['a limit of zero', first(/limit: \d+/, 'limit: 0')],
  // Keys.
  ['a misspelt key of a rule', first(/annotations:/, 'anotations:')],
  ['a misspelt key of a group', first(/interval:/, 'intervall:')],
  ['a misspelt key of the file', first(/groups:/, 'group:')],
  ['a key in capitals', first(/expr:/, 'Expr:')],
  ['a key twice', first(/( +)for: (\w+)\n/, '$1for: $2\n$1for: $2\n')],
  ['an unknown key at the end', (text) => `${text}owner: me\n`],
  ['a group without a name', first(/name: .*/, 'name: ""')],
  ['every group with one name', all(/name: [\w.]+ *\n/g, 'name: same\n')],
  // The rule itself.
  ['neither an alert nor a record', first(/- alert: \w+\n +/, '- ')],
  ['an alert without a name', first(/alert: \w+/, 'alert: ""')],
  ['an alert and a record', first(/alert: (\w+)\n( +)/, 'alert: $1\n$2record: $1\n$2')],
  ['no expression', first(/\n +expr: [^|>\n]*\n/, '\n')],
  ['an empty expression', first(/expr: [^|>\n]*\n/, 'expr: ""\n')],
  ['a list for an expression', first(/expr: [^|>\n]*\n/, 'expr: [up]\n')],
  ['a recording rule with for', first(/(record: [\w:]+\n +)/, '$1for: 5m\n        ')],
  ['a recording rule with keep_firing_for', (text) => withKey(text, 'record', 'keep_firing_for: 5m')],
  ['a recording rule with for, well indented', (text) => withKey(text, 'record', 'for: 5m')],
  ['a recording rule with annotations', (text) => withKey(text, 'record', 'annotations: {a: b}')],
  ['a recording rule with braces', first(/record: ([\w:]+)/, 'record: $1{job="x"}')],
  ['a recording rule with a blank name', first(/record: ([\w:]+)/, 'record: "a b{"')],
  // Durations.
  ['a duration without a unit', first(/for: \w+/, 'for: 5')],
  ['a duration in words', first(/for: \w+/, 'for: five minutes')],
  ['a negative duration', first(/for: \w+/, 'for: -5m')],
  ['a duration with a fraction', first(/for: \w+/, 'for: 1.5h')],
  ['units in the wrong order', first(/for: \w+/, 'for: 5m1h')],
  ['a bad interval', first(/interval: \w+/, 'interval: often')],
  ['a bad limit', first(/limit: \d+/, 'limit: many')],
  // Labels and annotations.
  ['__name__ as a label', first(/severity:/, '__name__:')],
  ['a list of labels', first(/labels: \{.*\}/, 'labels: [a, b]')],
  ['text for labels', first(/labels: \{.*\}/, 'labels: severity=page')],
  ['a map as a label value', first(/severity: \w+/, 'severity: {is: page}')],
  ['an unclosed template', first(/\{\{ \$labels\.(\w+) \}\}/, '{{ $labels.$1 }')],
  ['an unknown function', first(/\{\{ \$value \}\}|\| humanize\w*/, '| humanise }} {{ $value | humanise')],
  ['a template that does not end its if', first(/\{\{ ?end ?\}\}/, '')],
  ['an unknown variable', first(/\$value/, '$vlaue')],
  ['labels without a dollar sign', first(/\$labels\./, 'labels.')],
  // Expressions.
  ['a bracket too few', first(/(expr: .*)\)/, '$1')],
  ['a bracket too many', first(/(expr: [^|>"'\n]*\S)\n/, '$1)\n')],
  ['a misspelt function', first(/rate\(/, 'rat(')],
  ['a function too old', first(/rate\(/, 'persecond(')],
  ['no range', first(/\[5m\]/, '')],
  ['a range without a unit', first(/\[5m\]/, '[5x]')],
  ['an equals sign for a comparison', first(/ == 0/, ' = 0')],
  ['a comparison of two strings', first(/ == 0/, ' == "0"')],
  ['an operator at the end', first(/ > /, ' > > ')],
  ['a bad regular expression', first(/=~"([^"]*)"/, '=~"($1"')],
  ['quotes left open', first(/job="/, 'job=')],
  ['and in capitals, which is allowed', first(/ and /, ' AND ')],
  ['and between a vector and a number', first(/ and /, ' and 1 + ')],
  ['by without brackets', first(/by \((\w+)\)/, 'by $1')],
  ['an aggregation without an argument', first(/sum by \((\w+)\) \(/, 'sum by ($1) () + (')],
  // YAML.
  ['a tab for indentation', first(/\n {6,}/, '\n\t\t')],
  ['a list that is not closed', first(/groups:\s*\n/, 'groups: [\n')],
  ['indented too little', first(/\n {8}expr/, '\n  expr')],
  ['a colon too many', first(/(expr: [^|>"'{\n]+)\n/, '$1: 5\n')],
  ['an alias of nothing', first(/severity: \w+/, 'severity: *nothing')],
  ['rules that are not a list', first(/rules:\s*\n/, 'rules: none\n')],
  ['all of it one list', (text) => text.replace(/groups:\s*\n/, '')],
  ['text instead of a file', () => 'just some text\n'],
  ['nothing at all', () => ''],
];

/** Adds a line to the first rule that has `key` at the start of its own lines. */
function withKey(text, key, line) {
  return text.replace(new RegExp(`\\n( +)- ${key}: (.*)\\n`), `\n$1- ${key}: $2\n$1  ${line}\n`);
}

/**
 * Every different file that the mutations make of `files` (name -> text): [name, text]. The two that
 * ignore their file are made once.
 */
export function variants(files) {
  const seen = new Set();
  const made = [];
  for (const [file, text] of Object.entries(files)) {
    for (const [mutation, apply] of mutations) {
      const variant = apply(text);
      if (variant === text || seen.has(variant)) continue;
      seen.add(variant);
      made.push([`${file}, ${mutation}`, variant]);
    }
  }
  return made;
}
