/** One panel of a dashboard: what it shows, and, while it is edited, the form for it. */
import { element, uniqueId } from '../dom/element';
import { QueryEditor } from '../editor/query-editor';
import type { Prometheus } from '../engine/types';
import { panelTypes, type Panel, type PanelQuery, type PanelType } from './model';
import { panelData, type View } from './panel-data';
import { drawPanel } from './panel-view';
import { numbersIn, units } from './units';

export interface CardActions {
  readonly headingLevel: 2 | 3 | 4;
  /** For completion. */
  readonly prometheus: Promise<Prometheus>;
  /** The panel was edited. */
  readonly onChange: () => void;
  readonly onRemove: () => void;
  readonly onMove: (by: -1 | 1) => void;
}

const typeTitles: Record<PanelType, string> = {
  timeseries: 'Time series',
  stat: 'Stat',
  gauge: 'Gauge',
  bargauge: 'Bars',
  table: 'Table',
  heatmap: 'Heat map',
};
const typingPauseMs = 250;

export class PanelCard {
  readonly root: HTMLElement;
  private readonly title: HTMLHeadingElement;
  private readonly content = element('div', { class: 'content' });
  private readonly problem = element('p', { class: 'problem', role: 'status' });
  private readonly form = element('div', { class: 'form', hidden: true });
  private readonly editButton: HTMLButtonElement;
  private release: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private shown: Panel,
    private readonly actions: CardActions,
  ) {
    this.title = element(`h${actions.headingLevel}`, { id: uniqueId('panel-title') });
    this.editButton = this.button('Edit', 'Edit', () => this.toggle());
    this.editButton.setAttribute('aria-expanded', 'false');
    const acts = element(
      'div',
      { class: 'acts' },
      this.editButton,
      this.button('←', 'Move to the front', () => actions.onMove(-1)),
      this.button('→', 'Move to the back', () => actions.onMove(1)),
      this.button('Remove', 'Remove', actions.onRemove),
    );
    this.root = element(
      'section',
      { class: 'panel', 'aria-labelledby': this.title.id },
      element('div', { class: 'head' }, this.title, acts),
      this.problem,
      this.content,
      this.form,
    );
    this.showTitle();
  }

  get panel(): Panel {
    return this.shown;
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.release?.();
  }

  focus(): void {
    this.editButton.focus();
  }

  /** Asks, and shows the answer; the last picture stays beside a problem. */
  async draw(view: View, signal: AbortSignal): Promise<void> {
    const panel = this.shown;
    const data = await panelData(panel, view, signal);
    if (signal.aborted || panel !== this.shown) return;
    this.problem.textContent = data.ok ? '' : data.message;
    if (!data.ok) return;
    this.release?.();
    const { content, destroy } = drawPanel(panel, data.series, view.range);
    this.release = destroy;
    this.content.replaceChildren(content);
  }

  /** Opens the form, and goes there. */
  edit(): void {
    if (this.form.hidden) this.toggle();
  }

  private toggle(): void {
    const opens = this.form.hidden !== false;
    this.form.hidden = !opens;
    this.root.classList.toggle('edited', opens);
    this.editButton.setAttribute('aria-expanded', String(opens));
    if (!opens) return;
    this.drawForm();
    this.form.querySelector('input')?.focus();
  }

  private update(change: Partial<Panel>, { soon = false } = {}): void {
    this.shown = { ...this.shown, ...change };
    this.showTitle();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.actions.onChange(), soon ? 0 : typingPauseMs);
  }

  private showTitle(): void {
    this.title.textContent = this.shown.title || 'Without a title';
  }

  private drawForm(): void {
    const { title, type, unit, min, max, thresholds, isHighGood, queries } = this.shown;
    const knownType = panelTypes.some((each) => each === type);
    this.form.replaceChildren(
      this.text('Title', title, (value) => this.update({ title: value })),
      this.select(
        'Form',
        [
          ...panelTypes.map((each) => [each, typeTitles[each]] as const),
          ...(knownType ? [] : [[type, type] as const]),
        ],
        type,
        (value) => this.update({ type: value }, { soon: true }),
      ),
      this.select(
        'Unit',
        [
          ...units.map(({ id, title: name }) => [id, name] as const),
          ...(units.some(({ id }) => id === unit) ? [] : [[unit, unit] as const]),
        ],
        unit,
        (value) => this.update({ unit: value }, { soon: true }),
      ),
      this.text('Thresholds', thresholds.join(' '), (value) => this.update({ thresholds: numbersIn(value) })),
      this.check('High is good', isHighGood, (value) => this.update({ isHighGood: value }, { soon: true })),
      this.text('Least', String(min ?? ''), (value) => this.updateEnd('min', value)),
      this.text('Most', String(max ?? ''), (value) => this.updateEnd('max', value)),
      ...queries.map((query, index) => this.queryFields(query, index)),
      this.button('Add a query', 'Add a query', () => {
        this.update({ queries: [...this.shown.queries, { expr: '', legend: '', rest: {} }] }, { soon: true });
        this.drawForm();
        this.form.querySelector<HTMLElement>('.query:last-of-type .cm-content')?.focus();
      }),
    );
  }

  /** An empty field, or one that is no number, leaves the end open. */
  private updateEnd(end: 'min' | 'max', value: string): void {
    const { min: least, max: most, ...others } = this.shown;
    const [typed] = numbersIn(value);
    const min = end === 'min' ? typed : least;
    const max = end === 'max' ? typed : most;
    this.shown = { ...others, ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
    this.update({});
  }

  private queryFields(query: PanelQuery, index: number): HTMLElement {
    const box = element('div', { class: 'editor' });
    const change = (part: Partial<PanelQuery>) =>
      this.update({
        queries: this.shown.queries.map((each, at) => (at === index ? { ...each, ...part } : each)),
      });
    new QueryEditor(box, {
      text: query.expr,
      label: `Query ${index + 1} of the panel ${this.shown.title}`,
      prometheus: this.actions.prometheus,
      onChange: (expr) => change({ expr }),
      onRun: () => this.actions.onChange(),
      // The key goes on to the board.
      onCheck: () => undefined,
      onFormat: () => undefined,
    });
    return element(
      'div',
      { class: 'query' },
      box,
      this.text('Legend, such as {{job}}', query.legend, (legend) => change({ legend })),
    );
  }

  private text(title: string, value: string, onInput: (value: string) => void): HTMLElement {
    const input = element('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' });
    input.value = value;
    input.addEventListener('input', () => onInput(input.value));
    return element('label', {}, title, input);
  }

  private check(title: string, value: boolean, onChange: (value: boolean) => void): HTMLElement {
    const input = element('input', { type: 'checkbox' });
    input.checked = value;
    input.addEventListener('change', () => onChange(input.checked));
    return element('label', { class: 'check' }, input, title);
  }

  private select(
    title: string,
    choices: readonly (readonly [string, string])[],
    value: string,
    onChoose: (value: string) => void,
  ): HTMLElement {
    const options = choices.map(([id, name]) => element('option', { value: id }, name));
    const select = element('select', {}, ...options);
    select.value = value;
    select.addEventListener('change', () => onChoose(select.value));
    return element('label', {}, title, select);
  }

  private button(sign: string, title: string, act: () => void): HTMLButtonElement {
    const button = element('button', { type: 'button' }, sign);
    if (sign !== title) button.setAttribute('aria-label', title);
    button.addEventListener('click', act);
    return button;
  }
}
