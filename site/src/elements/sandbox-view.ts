/**
 * A live query: the editor, its result as table, graph and explanation, and what went wrong. It evaluates
 * while the learner types; until a query gives a result again, the last good one stays and says that it is
 * old.
 */
import { element, uniqueId } from '../dom/element';
import { headingLevelIn } from '../dom/heading-level';
import { QueryEditor } from '../editor/query-editor';
import type { Prometheus } from '../engine/types';
import type { Outcome, Problem, TimeRange } from '../prometheus/api';
import { formatQuery } from '../prometheus/query-help';
import { parseDuration } from '../result/format';
import { stepFor } from '../result/graph-model';
import { Answers, preload, type Answer, type ResultTab } from './answers';
import { ClockControl } from './clock-control';
import { QueryTools } from './query-tools';
import { Remarks } from './remarks';
import { Tabs } from './tabs';

export type { ResultTab } from './answers';

/** What is shown, for an address that brings it back. */
export interface Shown {
  readonly query: string;
  readonly tab: ResultTab;
  readonly range: string;
  /** In seconds. */
  readonly time: number;
}

export interface SandboxOptions {
  readonly query: string;
  /** What Reset goes back to, if not `query`. */
  readonly original?: string;
  /** The accessible name of the editor. */
  readonly label: string;
  readonly prometheus: Promise<Prometheus>;
  /** What is happening until the Prometheus answers for the first time. */
  readonly waiting: string;
  readonly tab: ResultTab;
  /** Lengths of time that the graph may show, and the first choice. */
  readonly ranges: readonly string[];
  readonly range: string;
  /** The moment to begin at, if not now. */
  readonly time?: number;
  /** Waits for the learner's Run before the first evaluation. */
  readonly hold: boolean;
  /** Lets the linter remark on the query. Not where the remark may be the answer. */
  readonly lint: boolean;
  /** Lets the learner choose the time of evaluation. */
  readonly timeInput: boolean;
  readonly onChange: (text: string) => void;
  readonly onCheck: () => void;
  /** After each result: what is shown. */
  readonly onShown: (shown: Shown) => void;
  /** The address of what is shown; missing where there is nothing to share. */
  readonly share?: (shown: Shown) => Promise<string>;
}

const typingPauseMs = 120;
/** An answer that takes no longer than this is asked for with every key. */
const quickMs = 40;
const symbols = ['{', '}', '[', ']', '(', ')', '"', '=', '~', '!'];

export class SandboxView {
  private readonly editor: QueryEditor;
  private readonly tabs: Tabs<ResultTab>;
  private readonly panels: Record<ResultTab, HTMLElement> = {
    table: element('div'),
    graph: element('div'),
    explain: element('div'),
  };
  private readonly status = element('p', { class: 'status', role: 'status' });
  private readonly alert = element('p', { class: 'sr-only', role: 'alert' });
  private readonly staleNote = element(
    'p',
    { class: 'stale-note' },
    'This is the result of the previous query.',
  );
  private readonly result = element('div', { class: 'result' });
  private readonly range: HTMLSelectElement;
  private readonly time = element('input', { type: 'datetime-local', step: 1 });
  private readonly clock: ClockControl;
  private readonly remarks: Remarks;
  private readonly answers: Answers;
  private readonly tools: QueryTools;
  /** Whether a panel shows a result, now or of an earlier query. */
  private readonly hasResult: Record<ResultTab, boolean> = { table: false, graph: false, explain: false };
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the last answer was there soon enough to ask again with every key. */
  private isQuick = false;
  private request: AbortController | undefined;
  private shown: Shown | undefined;

  constructor(
    root: HTMLElement,
    private readonly options: SandboxOptions,
  ) {
    this.range = rangeSelect(options.ranges, options.range);
    const titles = { table: 'Table', graph: 'Graph', explain: 'Explain' };
    const tabs = (['table', 'graph', 'explain'] as const).map((name) => ({
      name,
      title: titles[name],
      panel: this.panels[name],
    }));
    this.tabs = new Tabs('Result', tabs, options.tab, (_, left) => {
      this.answers.leave(left);
      void this.evaluate();
    });
    this.clock = new ClockControl(
      options.prometheus,
      () => {
        if (this.result.dataset['state'] !== 'held') void this.evaluate();
      },
      options.time,
    );
    const replace = (query: string) => {
      this.text = query;
      this.editor.focus();
    };
    this.remarks = new Remarks((spans) => this.editor.showRemarks(spans), replace);
    this.answers = new Answers({
      onSelect: (span) => this.editor.showPart(span),
      onReplace: replace,
      headingLevel: headingLevelIn(root),
    });
    this.tools = this.queryTools();
    const editorBox = element('div', { class: 'editor' });
    root.replaceChildren(
      editorBox,
      this.symbolBar(),
      this.remarks.root,
      this.bar(),
      this.clock.panel,
      this.resultBox(),
      this.alert,
    );
    this.editor = new QueryEditor(editorBox, {
      text: options.query,
      label: options.label,
      prometheus: options.prometheus,
      onChange: (text) => this.onEdit(text),
      onRun: () => void this.evaluate({ explicit: true }),
      onCheck: options.onCheck,
      onFormat: () => void this.tools.format(),
    });
    this.range.addEventListener('change', () => void this.evaluate());
    this.time.addEventListener('change', () => void this.evaluate());
    preload(options.tab);
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
    this.timer = setTimeout(() => void this.evaluate(), this.isQuick ? 0 : typingPauseMs);
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
      this.remarks.clear();
      this.say('held', 'Type a query; the result appears while you type.');
      return;
    }
    if (!this.result.dataset['state']) this.say('waiting', this.options.waiting);
    const tab = this.tabs.current;
    const since = performance.now();
    const { outcome, moment } = await this.ask(query, tab, request.signal);
    if (request.signal.aborted) return;
    this.isQuick = performance.now() - since < quickMs;
    if (!outcome.ok) {
      // Half a word is a mistake only once the learner pauses.
      if (!explicit && this.isQuick) await pause(typingPauseMs);
      if (isAborted(request)) return;
      this.showFailure(outcome.problem, explicit);
      return;
    }
    this.showAnswer(outcome, tab);
    this.remarks.note(query, outcome.warnings, outcome.infos);
    this.shown = { query, tab, range: this.range.value, time: moment };
    this.options.onShown(this.shown);
    if (!this.options.lint) return;
    const prometheus = await this.options.prometheus;
    await this.remarks.lint(prometheus, query, tab === 'graph' ? 'range' : 'instant', request.signal);
  }

  private async ask(
    query: string,
    tab: ResultTab,
    signal: AbortSignal,
  ): Promise<{ outcome: Outcome<Answer>; moment: number }> {
    let moment = 0;
    try {
      const prometheus = await this.options.prometheus;
      const typed = this.time.valueAsNumber / 1000;
      moment = Number.isFinite(typed) ? typed : (this.clock.moment ?? (await prometheus.now()));
      const range = rangeUntil(moment, parseDuration(this.range.value) ?? 3600);
      return { outcome: await this.answers.ask(tab, { prometheus, query, range, moment, signal }), moment };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { outcome: { ok: false, problem: { kind: 'unreachable', message } }, moment };
    }
  }

  private showAnswer({ data }: Extract<Outcome<Answer>, { ok: true }>, tab: ResultTab): void {
    this.editor.showProblem(undefined);
    this.alert.textContent = '';
    // The explanation keeps its element, and with it the learner's focus.
    if (this.panels[tab].firstChild !== data.content) this.panels[tab].replaceChildren(data.content);
    this.status.textContent = data.status;
    this.hasResult[tab] = !data.isEmpty;
    this.setState('fresh');
  }

  private showFailure(problem: Problem, explicit: boolean): void {
    this.editor.showProblem(problem);
    this.remarks.clear();
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
    this.hasResult.table = this.hasResult.graph = this.hasResult.explain = false;
    this.status.textContent = '';
    this.setState(state);
  }

  private setState(state: 'waiting' | 'held' | 'fresh' | 'stale' | 'failed'): void {
    this.result.dataset['state'] = state;
    this.staleNote.hidden = state !== 'stale';
  }

  private queryTools(): QueryTools {
    const { share } = this.options;
    return new QueryTools({
      format: () => this.format(),
      undo: () => this.editor.undo(),
      reset: () => {
        this.text = this.options.original ?? this.options.query;
      },
      share:
        share &&
        (() => {
          const { tab, range, time } = this.shown ?? {
            tab: this.tabs.current,
            range: this.range.value,
            time: 0,
          };
          return share({ query: this.editor.text, tab, range, time });
        }),
    });
  }

  /** Sets the query as the engine prints it. What can't be parsed stays, and its problem is shown. */
  private async format(): Promise<string | undefined> {
    try {
      const before = this.editor.text;
      const outcome = await formatQuery(await this.options.prometheus, before);
      if (this.editor.text !== before) return undefined;
      if (!outcome.ok) {
        this.editor.showProblem(outcome.problem);
        return 'It can’t be formatted before it parses.';
      }
      this.text = outcome.data;
      return outcome.data === before ? 'It is well set already.' : undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
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
    return element('div', { class: 'bar' }, run, keys, this.tools.root, this.clock.root);
  }

  private resultBox(): HTMLElement {
    const range = element('label', { class: 'range' }, 'Range ', this.range);
    const time = element('label', { class: 'time' }, 'Until (UTC; empty is now) ', this.time);
    const head = element(
      'div',
      { class: 'result-head' },
      this.tabs.list,
      this.status,
      this.options.timeInput && time,
      range,
    );
    this.result.id = uniqueId('result');
    this.result.append(head, this.staleNote, ...Object.values(this.panels));
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

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asked again after a wait: it may have changed meanwhile. */
const isAborted = ({ signal }: AbortController): boolean => signal.aborted;
