/**
 * The explanation of a query: its tree, where it is looked at, and all about the chosen node. The tree shows
 * the whole range; everything else shows one moment in it, which the learner moves.
 */
import { element, phrase } from '../dom/element';
import { loadStyle } from '../dom/load-style';
import type { Explanation } from '../engine/explain';
import type { Outcome, TimeRange } from '../prometheus/api';
import { formatTime } from '../result/format';
import { excerpt, pathTo } from './model';
import styleAddress from '../styles/explain.css?url';
import { NodeView } from './node-view';
import { TreeView } from './tree-view';

/** Await this before the view is shown. */
export const styled = loadStyle(styleAddress);

export interface ExplainInput {
  readonly query: string;
  readonly range: TimeRange;
  readonly overTime: Explanation;
  readonly atMoment: Explanation;
  /** The moment that `atMoment` is of. */
  readonly moment: number;
  /** Explains the same query at another moment. */
  readonly explainAt: (moment: number, signal: AbortSignal) => Promise<Outcome<Explanation>>;
}

export interface ExplainActions {
  /** The bytes of the query that the chosen node stands for. */
  onSelect(span: { start: number; end: number } | undefined): void;
  onReplace(query: string): void;
  /** Of the headings in it, one below that of the page's part around it. */
  readonly headingLevel: number;
}

export class ExplainView {
  readonly root = element('div', { class: 'explain' });
  private readonly crumbs = element('nav', { class: 'crumbs', 'aria-label': 'Enclosing parts' });
  private readonly tree = new TreeView(
    (id) => this.select(id),
    (id) => this.reroot(id),
  );
  private readonly node = new NodeView((id) => this.reroot(id));
  private readonly slider = element('input', { type: 'range', 'aria-label': 'Moment to look at' });
  private readonly face = element('output', {});
  private input: ExplainInput | undefined;
  private rootId = 0;
  private request: AbortController | undefined;

  constructor(private readonly actions: ExplainActions) {
    this.slider.addEventListener('input', () => void this.moveTo(Number(this.slider.value)));
    const moment = element(
      'label',
      { class: 'moment-control' },
      element('span', {}, 'Moment'),
      this.slider,
      this.face,
    );
    const left = element('div', { class: 'explain-left' }, this.crumbs, this.tree.root, moment);
    this.root.append(left, this.node.root);
  }

  /** Shows another explanation. The chosen node stays chosen where the query still has the same shape there. */
  show(input: ExplainInput): void {
    this.request?.abort();
    const before = this.input?.atMoment.nodes.map(({ type }) => type).join();
    const isSameShape = before === input.atMoment.nodes.map(({ type }) => type).join();
    this.input = input;
    if (!isSameShape) this.rootId = 0;
    const { start, end, step } = input.range;
    Object.assign(this.slider, {
      min: String(start),
      max: String(Math.max(end, input.moment)),
      step: String(step === 15 ? 15 : 1),
    });
    this.slider.value = String(input.moment);
    const failed = input.atMoment.nodes.find(({ status }) => status === 'failed')?.id;
    this.draw(isSameShape ? this.tree.selected : (failed ?? 0));
  }

  destroy(): void {
    this.request?.abort();
    this.node.destroy();
    this.actions.onSelect(undefined);
  }

  private draw(selected: number): void {
    const { input } = this;
    if (!input) return;
    this.face.textContent = `${formatTime(input.moment)} UTC`;
    this.slider.setAttribute('aria-valuetext', `${formatTime(input.moment)} UTC`);
    const { query, overTime, atMoment, range, moment } = input;
    this.drawCrumbs();
    this.tree.show(
      { query, overTime, atMoment, moment, start: range.start, end: range.end },
      this.rootId,
      selected,
    );
    this.select(selected);
  }

  private select(id: number): void {
    const { input } = this;
    if (!input) return;
    const { query, overTime, atMoment, range, moment } = input;
    this.node.show(
      { query, overTime, atMoment, range, moment, onReplace: (text) => this.actions.onReplace(text) },
      id,
      this.rootId,
    );
    for (const heading of this.node.root.querySelectorAll('[role="heading"]')) {
      heading.setAttribute('aria-level', String(this.actions.headingLevel));
    }
    // The whole query needs no mark.
    this.actions.onSelect(id === 0 ? undefined : atMoment.nodes[id]?.position);
  }

  private reroot(id: number): void {
    this.rootId = id;
    this.draw(id);
  }

  /** The way from the whole query down to the tree's root. */
  private drawCrumbs(): void {
    if (!this.input) return;
    const { query, atMoment } = this.input;
    const { nodes } = atMoment;
    const above = pathTo(nodes, this.rootId).slice(0, -1);
    const buttons = above.map((node) => {
      const text = node.id === 0 ? 'Whole query' : excerpt(query, node, nodes);
      const button = element(
        'button',
        { type: 'button', class: 'quiet' },
        ...phrase(text.replaceAll('`', '')),
      );
      button.addEventListener('click', () => this.reroot(node.id));
      return button;
    });
    this.crumbs.replaceChildren(...buttons);
    this.crumbs.hidden = buttons.length === 0;
  }

  private async moveTo(moment: number): Promise<void> {
    const { input } = this;
    if (!input) return;
    this.face.textContent = `${formatTime(moment)} UTC`;
    this.request?.abort();
    const request = (this.request = new AbortController());
    try {
      const outcome = await input.explainAt(moment, request.signal);
      if (!outcome.ok || request.signal.aborted) return;
      this.input = { ...input, atMoment: outcome.data, moment };
      this.draw(this.tree.selected);
    } catch {
      // Another moment was asked for meanwhile, or the engine was restarted: the shown one stays.
    }
  }
}
