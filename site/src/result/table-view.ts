/** Draws a result as a table. */
import { element } from '../dom/element';
import type { QueryResult, Sample } from '../prometheus/result';
import { formatLabels, formatTime, formatValue, plural } from './format';
import { rowsAtFirst, tableModel, type TableModel } from './table-model';

/** The table, with a button for the rest of the rows when there are many. */
export function tableView(result: QueryResult): HTMLElement {
  const view = element('div', { class: 'result-table' });
  const draw = (limit: number) => {
    const model = tableModel(result, limit);
    view.replaceChildren(
      ...parts(model, () => {
        draw(Infinity);
      }),
    );
  };
  draw(result.type === 'matrix' ? rowsAtFirst.matrix : rowsAtFirst.vector);
  return view;
}

function parts(model: TableModel, showAll: () => void): HTMLElement[] {
  const drawn: HTMLElement[] = [];
  if (Object.keys(model.shared).length > 0) {
    drawn.push(
      element(
        'p',
        { class: 'shared-labels' },
        'In common: ',
        element('code', {}, formatLabels(model.shared)),
      ),
    );
  }
  drawn.push(scroller('Result', table(model)));
  if (model.rows.length < model.total) {
    const button = element('button', { type: 'button', class: 'quiet' }, `Show all ${model.total} series`);
    button.addEventListener('click', showAll);
    drawn.push(button);
  }
  return drawn;
}

/** A box that scrolls sideways, also by keyboard. */
export function scroller(label: string, content: HTMLElement): HTMLElement {
  return element('div', { class: 'scroller', tabindex: 0, role: 'group', 'aria-label': label }, content);
}

function table({ columns, rows, isRange }: TableModel): HTMLTableElement {
  const headings = columns.map((name) =>
    element('th', { scope: 'col' }, name === '__name__' ? 'metric' : name),
  );
  const values = element('th', { scope: 'col', class: 'value' }, isRange ? 'samples' : 'value');
  const body = rows.map(({ cells, samples }) =>
    element(
      'tr',
      {},
      ...cells.map((cell) =>
        element('td', { class: cell === undefined ? 'absent' : undefined }, cell ?? 'none'),
      ),
      element('td', { class: 'value' }, isRange ? sampleList(samples) : value(samples[0])),
    ),
  );
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...headings, values)),
    element('tbody', {}, ...body),
  );
}

function value(sample: Sample | undefined): HTMLElement {
  return element('span', { title: sample?.value }, formatValue(sample?.value ?? ''));
}

function sampleList(samples: readonly Sample[]): HTMLElement {
  const lines = samples.map((sample) =>
    element('li', {}, value(sample), ' ', element('span', { class: 'at' }, `at ${formatTime(sample.time)}`)),
  );
  const count = element('span', { class: 'count' }, plural(samples.length, 'sample', 'samples'));
  return element('div', { class: 'samples' }, count, element('ol', {}, ...lines));
}
