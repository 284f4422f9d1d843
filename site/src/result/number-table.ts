/** The numbers behind a picture: a row for each time, a column for each line, drawn when they are asked for. */
import { element } from '../dom/element';
import { formatTime } from './format';
import { scroller } from './table-view';

export interface Column {
  readonly name: string;
  /** One per time; null where there is none. */
  readonly values: readonly (number | null)[];
}

export function numberTable(
  label: string,
  times: readonly number[],
  columns: readonly Column[],
  format: (value: number) => string,
): HTMLElement {
  const details = element(
    'details',
    { class: 'data-table' },
    element('summary', {}, 'The numbers as a table'),
  );
  details.addEventListener('toggle', () => details.append(scroller(label, table(times, columns, format))), {
    once: true,
  });
  return details;
}

function table(
  times: readonly number[],
  columns: readonly Column[],
  format: (value: number) => string,
): HTMLTableElement {
  const headings = columns.map(({ name }) => element('th', { scope: 'col', class: 'value' }, name));
  const rows = times.map((time, index) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, formatTime(time)),
      ...columns.map(({ values }) => {
        const value = values[index];
        return element(
          'td',
          { class: 'value' },
          value === null || value === undefined ? 'none' : format(value),
        );
      }),
    ),
  );
  const head = element('tr', {}, element('th', { scope: 'col' }, 'time (UTC)'), ...headings);
  return element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
}
