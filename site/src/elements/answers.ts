/** What each tab of a sandbox asks for, and how it draws the answer. */
import { element } from '../dom/element';
import type { Prometheus } from '../engine/types';
import type { ExplainActions, ExplainView } from '../explain/explain-view';
import { instantQuery, rangeQuery, type Outcome, type TimeRange } from '../prometheus/api';
import type { QueryResult } from '../prometheus/result';
import { graphModel } from '../result/graph-model';
import type { GraphView } from '../result/graph-view';
import { emptyAdvice, graphLine, isEmpty, tableLine } from '../result/summary';
import { tableView } from '../result/table-view';

export type ResultTab = 'table' | 'graph' | 'explain';

export interface Question {
  readonly prometheus: Prometheus;
  readonly query: string;
  readonly range: TimeRange;
  /** The instant for what is not a graph. */
  readonly moment: number;
  readonly signal: AbortSignal;
}

/** A result, ready to be shown. */
export interface Answer {
  readonly status: string;
  readonly content: HTMLElement;
  readonly isEmpty: boolean;
}

/** The code that a tab needs besides the editor's, so that it comes while the engine starts. */
export function preload(tab: ResultTab): void {
  if (tab === 'graph') void import('../result/graph-view');
  if (tab === 'explain') void import('../explain/explain-view');
}

export class Answers {
  private graph: GraphView | undefined;
  private explanation: ExplainView | undefined;

  constructor(private readonly explainActions: ExplainActions) {}

  ask(tab: ResultTab, question: Question): Promise<Outcome<Answer>> {
    switch (tab) {
      case 'table':
        return this.askTable(question);
      case 'graph':
        return this.askGraph(question);
      case 'explain':
        return this.askExplanation(question);
    }
  }

  /** Lets go of what the tab drew, where it holds on to more than elements. */
  leave(tab: ResultTab): void {
    if (tab === 'explain') this.explainActions.onSelect(undefined);
  }

  private async askTable({ prometheus, query, moment, signal }: Question): Promise<Outcome<Answer>> {
    const outcome = await instantQuery(prometheus, query, moment, signal);
    if (!outcome.ok) return outcome;
    const { data } = outcome;
    return { ...outcome, data: answer(data, tableLine(data), () => tableView(data)) };
  }

  private async askGraph({ prometheus, query, range, signal }: Question): Promise<Outcome<Answer>> {
    const outcome = await rangeQuery(prometheus, query, range, signal);
    if (!outcome.ok || signal.aborted) return outcome as Outcome<never>;
    const { GraphView } = await import('../result/graph-view');
    const { data } = outcome;
    const draw = () => {
      this.graph?.destroy();
      this.graph = new GraphView(graphModel(data, range));
      return this.graph.root;
    };
    return { ...outcome, data: answer(data, graphLine(data, range.step), draw) };
  }

  private async askExplanation({
    prometheus,
    query,
    range,
    moment,
    signal,
  }: Question): Promise<Outcome<Answer>> {
    const [{ ExplainView, styled }, { explainAt, explainOverTime }, { explainLine }] = await Promise.all([
      import('../explain/explain-view'),
      import('../prometheus/explain-api'),
      import('../explain/model'),
    ]);
    const atMoment = await explainAt(prometheus, query, moment, signal);
    if (!atMoment.ok) return atMoment;
    const overTime = await explainOverTime(prometheus, query, range, signal);
    if (signal.aborted) throw new DOMException('Another query came.', 'AbortError');
    await styled;
    this.explanation ??= new ExplainView(this.explainActions);
    this.explanation.show({
      query,
      range,
      moment,
      atMoment: atMoment.data,
      // A range vector has an explanation at a moment only.
      overTime: overTime.ok ? overTime.data : atMoment.data,
      explainAt: (at, wanted) => explainAt(prometheus, query, at, wanted),
    });
    const data = { status: explainLine(atMoment.data), content: this.explanation.root, isEmpty: false };
    return { ...atMoment, data };
  }
}

function answer(data: QueryResult, status: string, draw: () => HTMLElement): Answer {
  return isEmpty(data)
    ? { status, content: element('p', { class: 'empty' }, emptyAdvice), isEmpty: true }
    : { status, content: draw(), isEmpty: false };
}
