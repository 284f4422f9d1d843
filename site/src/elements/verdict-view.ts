/** What a verdict says besides right or wrong: requirements met, the idea behind the answer, where it differs. */
import { element, paragraphs, phrase } from '../dom/element';
import type { Counterexample, Verdict } from '../engine/types';
import { formatTime, formatValue } from '../result/format';
import { scroller } from '../result/table-view';

export function verdictParts(verdict: Verdict): Node[] {
  const { message, misconceptionName, computes, further = [], requirements = [], difference } = verdict;
  const { counterexample, remarks = [], isNear } = verdict;
  const parts: (Node | false | undefined)[] = [
    isNear === true && element('p', { class: 'near' }, 'One small step is missing.'),
    !!misconceptionName &&
      element('p', { class: 'idea' }, 'The idea behind it: ', ...phrase(misconceptionName), '.'),
    ...paragraphs(message),
    !!computes && element('p', {}, ...phrase(computes)),
    ...further.flatMap(paragraphs),
    requirements.length > 0 && requirementList(requirements),
    counterexample
      ? counterexampleTable(counterexample)
      : isNews(difference, [message, ...further]) &&
        element('p', { class: 'difference' }, ...phrase(difference)),
    remarks.length > 0 &&
      element(
        'div',
        {},
        element('p', {}, 'Beyond the task:'),
        element('ul', { class: 'beyond' }, ...remarks.map((each) => element('li', {}, ...phrase(each)))),
      ),
  ];
  return parts.filter((part): part is Node => part instanceof Node);
}

/** Not what another sentence says already. */
function isNews(sentence: string, said: readonly string[]): boolean {
  return sentence !== '' && !said.some((each) => each.includes(sentence));
}

function requirementList(requirements: NonNullable<Verdict['requirements']>): HTMLElement {
  const items = requirements.map(({ text, holds }) =>
    element(
      'li',
      { 'data-holds': String(holds) },
      element('span', { class: 'sr-only' }, holds ? 'done: ' : 'missing: '),
      ...phrase(text),
    ),
  );
  return element('ul', { class: 'requirements', 'aria-label': 'What the task asks for' }, ...items);
}

/** The smallest world found in which goal and answer differ: its samples, and what each gives. */
function counterexampleTable({ time, series, expected, found }: Counterexample): HTMLElement {
  const names = [...new Set([...expected, ...found].map(({ name }) => name))];
  const valueOf = (rows: Counterexample['expected'], name: string) => {
    const row = rows.find((each) => each.name === name);
    return element('td', { class: row ? 'value' : 'value absent' }, row ? formatValue(row.value) : 'nothing');
  };
  const rows =
    names.length === 0
      ? [element('tr', {}, element('td', { colspan: 3 }, 'nothing'))]
      : names.map((name) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, name),
            valueOf(expected, name),
            valueOf(found, name),
          ),
        );
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, 'series'),
    element('th', { scope: 'col', class: 'value' }, 'the goal'),
    element('th', { scope: 'col', class: 'value' }, 'your answer'),
  );
  const results = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
  const input = series.map(({ name, samples }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element(
        'td',
        {},
        samples.map(([at, value]) => `${formatValue(value)} at ${formatTime(at)}`).join(', '),
      ),
    ),
  );
  return element(
    'div',
    { class: 'counterexample' },
    element('p', {}, `Here they differ. Asked at ${formatTime(time)}:`),
    scroller('Where goal and answer differ', results),
    input.length > 0 &&
      element(
        'details',
        {},
        element('summary', {}, 'The samples that it takes'),
        scroller('Samples', element('table', {}, element('tbody', {}, ...input))),
      ),
  );
}
