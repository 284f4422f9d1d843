/** Who met whom at a binary operator, who met nobody and why, and an operator that would do better. */
import { element, phrase } from '../dom/element';
import type { MatchingTable } from '../engine/explain';
import { formatLabels, formatTime, formatValue } from '../result/format';
import { partTitle } from './drawing';
import { splitLabels } from '../result/labels';
import { scroller } from '../result/table-view';

type Entry = MatchingTable['entries'][number];

const rowsAtFirst = 12;
const whysMax = 4;
/** Of one side of one entry. */
const elementsMax = 4;

const kinds: Record<Entry['kind'], { title: string; good: boolean }> = {
  matched: { title: 'met', good: true },
  leftOnly: { title: 'left alone', good: false },
  rightOnly: { title: 'right alone', good: false },
  manyLeft: { title: 'several left', good: false },
  manyRight: { title: 'several right', good: false },
  manyBoth: { title: 'several on both', good: false },
};

/** @param onFix puts another operator into the query */
export function matchingView(matching: MatchingTable, onFix: (operator: string) => void): HTMLElement {
  const { entries, counts, fix, fixReason, time } = matching;
  const counted = (Object.keys(kinds) as Entry['kind'][])
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${kinds[kind].title}`);
  const { shared, varying } = splitLabels(entries.map(({ key }) => ({ labels: key, samples: [] })));
  const draw = (entry: Entry) => row(entry, varying);
  const headings = varying.map((name) => element('th', { scope: 'col' }, name));
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, 'outcome'),
    ...headings,
    element('th', { scope: 'col' }, 'left'),
    element('th', { scope: 'col' }, 'right'),
  );
  const body = element('tbody', {}, ...entries.slice(0, rowsAtFirst).map(draw));
  const table = element('table', {}, element('thead', {}, head), body);
  const whys = [...new Set(entries.flatMap(({ why }) => (why === undefined ? [] : [why])))];
  return element(
    'section',
    { class: 'matching' },
    partTitle('Who met whom'),
    element(
      'p',
      {},
      ...phrase(rule(matching)),
      ` At ${formatTime(time)}: ${counted.join(', ') || 'nobody on either side'}.`,
    ),
    fix !== undefined && fixLine(fix, fixReason ?? '', onFix),
    Object.keys(shared).length > 0 &&
      element('p', { class: 'shared-labels' }, 'All agree in: ', element('code', {}, formatLabels(shared))),
    scroller('Who met whom', table),
    entries.length > rowsAtFirst && showAll(entries, body, draw),
    whys.length > 0 &&
      element(
        'ul',
        { class: 'whys' },
        ...whys.slice(0, whysMax).map((why) => element('li', {}, ...phrase(why))),
      ),
    whys.length > whysMax &&
      element('p', { class: 'quiet' }, 'The others that stayed alone did so for reasons like these.'),
  );
}

function showAll(
  entries: readonly Entry[],
  body: HTMLElement,
  draw: (entry: Entry) => HTMLElement,
): HTMLElement {
  const button = element('button', { type: 'button', class: 'quiet' }, `Show all ${entries.length} rows`);
  button.addEventListener('click', () => {
    body.replaceChildren(...entries.map(draw));
    button.remove();
  });
  return button;
}

function rule({ on, labels, card, include }: MatchingTable): string {
  const names = labels.map((name) => `\`${name}\``).join(', ');
  const by = on
    ? names
      ? `Series meet that agree in ${names}.`
      : 'All series meet: no label has to agree.'
    : names
      ? `Series meet that agree in all labels but ${names}.`
      : 'Series meet that agree in all labels.';
  const many =
    card === 'many-to-one'
      ? ' Several on the left may share one on the right.'
      : card === 'one-to-many'
        ? ' Several on the right may share one on the left.'
        : '';
  const taken = include.length > 0 ? ` ${include.map((name) => `\`${name}\``).join(', ')} comes along.` : '';
  return by + many + taken;
}

function fixLine(fix: string, reason: string, onFix: (operator: string) => void): HTMLElement {
  const button = element('button', { type: 'button' }, 'Use it');
  button.addEventListener('click', () => onFix(fix));
  return element(
    'p',
    { class: 'fix' },
    'This was tried, and works: ',
    element('code', {}, fix),
    '. ',
    ...phrase(reason),
    ' ',
    button,
  );
}

function row(
  { kind, key, left, leftCount, right, rightCount }: Entry,
  names: readonly string[],
): HTMLElement {
  const { title, good } = kinds[kind];
  return element(
    'tr',
    { 'data-match': good ? 'met' : 'alone' },
    element('td', {}, element('span', { class: 'outcome' }, title)),
    ...names.map((name) => element('td', { class: key[name] ? undefined : 'absent' }, key[name] ?? 'none')),
    element('td', {}, ...elements(left, leftCount, key)),
    element('td', {}, ...elements(right, rightCount, key)),
  );
}

/** The labels that are not in the key anyway, and the value. */
function elements(shown: Entry['left'], count: number, key: Entry['key']): HTMLElement[] {
  if (count === 0) return [element('span', { class: 'absent' }, 'nobody')];
  const lines = shown.slice(0, elementsMax).map(({ metric, value }) => {
    const own = Object.fromEntries(Object.entries(metric).filter(([name]) => !(name in key)));
    const text = Object.keys(own).length > 0 ? `${formatLabels(own)} ` : '';
    return element('div', {}, text, element('b', {}, formatValue(value)));
  });
  const rest = count - lines.length;
  return rest > 0 ? [...lines, element('div', { class: 'absent' }, `and ${rest} more`)] : lines;
}
