/**
 * A live query: the editor, its result as table and graph, and what went wrong. It evaluates while the
 * learner types; until a query gives a result again, the last good one stays and says that it is old.
 */
import { element, uniqueId } from '../dom/element';
import { QueryEditor } from '../editor/query-editor';
import type { Prometheus } from '../engine/types';
import { instantQuery, rangeQuery, type Outcome, type Problem, type TimeRange } from '../prometheus/api';
import type { QueryResult } from '../prometheus/result';
import { parseDuration } from '../result/format';
import { graphModel, stepFor } from '../result/graph-model';
import type { GraphView } from '../result/graph-view';
import { emptyAdvice, graphLine, isEmpty, tableLine } from '../result/summary';
import { tableView } from '../result/table-view';
import { ClockControl } from './clock-control';
import { Tabs } from './tabs';

export type ResultTab = 'table' | 'graph';

export interface SandboxOptions {
  readonly query: string;
  /** The accessible name of the editor. */
  readonly label: string;
  readonly prometheus: Promise<Prometheus>;
  /** What is happening until the Prometheus answers for the first time. */
  readonly waiting: string;
  readonly tab: ResultTab;
  /** Lengths of time that the graph may show, and the first choice. */
  readonly ranges: readonly string[];
  readonly range: string;
  /** Waits for the learner's Run before the first evaluation. */
  readonly hold: boolean;
  /** Lets the learner choose the time of evaluation. */
  readonly timeInput: boolean;
  readonly onChange: (text: string) => void;
  readonly onCheck: () => void;
  /** After each result: what is shown. */
  readonly onShown: (shown: { query: string; tab: ResultTab; range: string }) => void;
}

const typingPauseMs = 250;
const symbols = ['{', '}', '[', ']', '(', ')', '"', '=', '~', '!'];

export class SandboxView {
  private readonly editor: QueryEditor;
  private readonly tabs: Tabs<ResultTab>;
  private readonly panels: Record<ResultTab, HTMLElement> = { table: element('div'), graph: element('div') };
  private readonly status = element('p', { class: 'status', role: 'status' });
  private readonly alert = element('p', { class: 'sr-only', role: 'alert' });
  private readonly staleNote = element(
    'p',
    { class: 'stale-note' },
    'This is the result of the previous query.',
  );
  private readonly notes = element('ul', { class: 'notes' });
  private readonly result = element('div', { class: 'result' });
  private readonly range: HTMLSelectElement;
  private readonly time = element('input', { type: 'datetime-local', step: 1 });
  /** Whether a panel shows a result, now or of an earlier query. */
  private readonly hasResult: Record<ResultTab, boolean> = { table: false, graph: false };
  private graph: GraphView | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | undefined;

  constructor(
    root: HTMLElement,
    private readonly options: SandboxOptions,
  ) {
    this.range = rangeSelect(options.ranges, options.range);
    const tabs = [
      { name: 'table', title: 'Table', panel: this.panels.table },
      { name: 'graph', title: 'Graph', panel: this.panels.graph },
    ] as const;
    this.tabs = new Tabs('Result', tabs, options.tab, () => void this.evaluate());
    const editorBox = element('div', { class: 'editor' });
    root.replaceChildren(editorBox, this.symbolBar(), this.bar(), this.resultBox(), this.alert);
    this.editor = new QueryEditor(editorBox, {
      text: options.query,
      label: options.label,
      prometheus: options.prometheus,
      onChange: (text) => this.onEdit(text),
      onRun: () => void this.evaluate({ explicit: true }),
      onCheck: options.onCheck,
    });
    this.range.addEventListener('change', () => void this.evaluate());
    this.time.addEventListener('change', () => void this.evaluate());
    // The graph's code comes while the engine starts.
    if (options.tab === 'graph') void import('../result/graph-view');
    if (options.hold) this.say('held', 'Predict, then press Run.');
    else void this.evaluate();
  }

  get text(): string {
    return this.editor.text;
  }

  /** Replaces the query, as an edit that the learner can undo. */
  set text(text: string) {
    if (text !== this.editor.text) this.editor.text = text;
  }

  focus(): void {
    this.editor.focus();
  }

  /** Shows a problem that something else than an evaluation found. */
  showProblem(problem: Problem): void {
    this.editor.showProblem(problem);
  }

  private onEdit(text: string): void {
    clearTimeout(this.timer);
    if (this.result.dataset['state'] === 'fresh') this.setState('stale');
    this.timer = setTimeout(() => void this.evaluate(), typingPauseMs);
    this.options.onChange(text);
  }

  /** Evaluates the query as it stands. An explicit run announces its failure at once. */
  private async evaluate({ explicit = false } = {}): Promise<void> {
    clearTimeout(this.timer);
    this.request?.abort();
    const request = (this.request = new AbortController());
    const query = this.editor.text;
    if (query.trim() === '') {
      this.editor.showProblem(undefined);
      this.say('held', 'Type a query; the result appears while you type.');
      return;
    }
    if (!this.result.dataset['state']) this.say('waiting', this.options.waiting);
    const tab = this.tabs.current;
    const { outcome, range } = await this.ask(query, tab, request.signal);
    if (request.signal.aborted) return;
    if (!outcome.ok) {
      this.showFailure(outcome.problem, explicit);
      return;
    }
    await this.showResult(outcome, tab, range);
    this.options.onShown({ query, tab, range: this.range.value });
  }

  private async ask(query: string, tab: ResultTab, signal: AbortSignal) {
    let range: TimeRange = { start: 0, end: 0, step: 1 };
    try {
      const prometheus = await this.options.prometheus;
      const end = Number.isFinite(this.time.valueAsNumber)
        ? this.time.valueAsNumber / 1000
        : await prometheus.now();
      range = rangeUntil(end, parseDuration(this.range.value) ?? 3600);
      const outcome =
        tab === 'table'
          ? await instantQuery(prometheus, query, end, signal)
          : await rangeQuery(prometheus, query, range, signal);
      return { outcome, range };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const problem: Problem = { kind: 'unreachable', message };
      return { outcome: { ok: false, problem } as const, range };
    }
  }

  private async showResult(
    { data, warnings, infos }: Extract<Outcome<QueryResult>, { ok: true }>,
    tab: ResultTab,
    range: TimeRange,
  ): Promise<void> {
    this.editor.showProblem(undefined);
    this.alert.textContent = '';
    const drawn = isEmpty(data)
      ? element('p', { class: 'empty' }, emptyAdvice)
      : await this.drawn(data, tab, range);
    this.panels[tab].replaceChildren(drawn);
    this.notes.replaceChildren(
      ...warnings.map((text) => element('li', {}, element('strong', {}, 'Warning: '), text)),
      ...infos.map((text) => element('li', {}, element('strong', {}, 'Note: '), text)),
    );
    this.status.textContent = tab === 'graph' ? graphLine(data, range.step) : tableLine(data);
    this.hasResult[tab] = !isEmpty(data);
    this.setState('fresh');
  }

  private async drawn(data: QueryResult, tab: ResultTab, range: TimeRange): Promise<HTMLElement> {
    this.graph?.destroy();
    this.graph = undefined;
    if (tab === 'table') return tableView(data);
    const { GraphView } = await import('../result/graph-view');
    this.graph = new GraphView(graphModel(data, range));
    return this.graph.root;
  }

  private showFailure(problem: Problem, explicit: boolean): void {
    this.editor.showProblem(problem);
    this.notes.replaceChildren();
    this.status.textContent = 'No result: see the message under the query.';
    // Typing passes through many errors; only a run that the learner asked for interrupts.
    this.alert.textContent = explicit ? problem.message : '';
    const tab = this.tabs.current;
    if (!this.hasResult[tab]) this.panels[tab].replaceChildren();
    this.setState(this.hasResult[tab] ? 'stale' : 'failed');
  }

  /** Puts a sentence where the result will be. */
  private say(state: 'waiting' | 'held', sentence: string): void {
    for (const panel of Object.values(this.panels))
      panel.replaceChildren(element('p', { class: 'empty' }, sentence));
    this.hasResult.table = this.hasResult.graph = false;
    this.status.textContent = '';
    this.notes.replaceChildren();
    this.setState(state);
  }

  private setState(state: 'waiting' | 'held' | 'fresh' | 'stale' | 'failed'): void {
    this.result.dataset['state'] = state;
    this.staleNote.hidden = state !== 'stale';
  }

  private symbolBar(): HTMLElement {
    const keys = symbols.map((symbol) => {
      const key = element('button', { type: 'button', tabindex: -1 }, symbol);
      key.addEventListener('click', () => this.editor.insert(symbol));
      return key;
    });
    return element('div', { class: 'symbols', role: 'group', 'aria-label': 'Signs to insert' }, ...keys);
  }

  private bar(): HTMLElement {
    const run = element(
      'button',
      { type: 'button', class: 'run', 'aria-keyshortcuts': 'Control+Enter Meta+Enter' },
      'Run',
    );
    run.addEventListener('click', () => void this.evaluate({ explicit: true }));
    const keys = element('span', { class: 'keys', 'aria-hidden': 'true' }, 'Ctrl Enter');
    const clock = new ClockControl(this.options.prometheus, () => {
      if (this.result.dataset['state'] !== 'held') void this.evaluate();
    });
    return element('div', { class: 'bar' }, run, keys, this.status, clock.root);
  }

  private resultBox(): HTMLElement {
    const range = element('label', { class: 'range' }, 'Range ', this.range);
    const time = element('label', { class: 'time' }, 'Until (UTC; empty is now) ', this.time);
    const head = element(
      'div',
      { class: 'result-head' },
      this.tabs.list,
      this.options.timeInput && time,
      range,
    );
    this.result.id = uniqueId('result');
    this.result.append(head, this.staleNote, this.panels.table, this.panels.graph, this.notes);
    return this.result;
  }
}

function rangeSelect(ranges: readonly string[], chosen: string): HTMLSelectElement {
  const all = ranges.includes(chosen) ? ranges : [...ranges, chosen];
  const select = element('select', {}, ...all.map((range) => element('option', { value: range }, range)));
  select.value = chosen;
  return select;
}

/** The graph's time grid, on multiples of its step so that points don't wander. */
function rangeUntil(end: number, seconds: number): TimeRange {
  const step = stepFor(seconds);
  const last = Math.floor(end / step) * step;
  return { start: last - Math.floor(seconds / step) * step, end: last, step };
}
