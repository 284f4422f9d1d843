/** Everything about one node: its result over time and at the moment, what it changed, cost, and did. */
import { element, phrase } from '../dom/element';
import type { ExplainNode, Explanation } from '../engine/explain';
import type { TimeRange } from '../prometheus/api';
import type { QueryResult } from '../prometheus/result';
import { graphModel } from '../result/graph-model';
import { GraphView } from '../result/graph-view';
import { tableView } from '../result/table-view';
import { formatTime, formatValue, plural } from '../result/format';
import { partTitle } from './drawing';
import { formatBytes, formatSeconds, labelChange, nodeText, seriesOf, withOperator } from './model';
import { matchingView } from './matching-view';
import { quantileView } from './quantile-view';
import { rateView } from './rate-view';
import { selectorView } from './selector-view';

export interface NodeInput {
  readonly query: string;
  readonly overTime: Explanation;
  readonly atMoment: Explanation;
  readonly range: TimeRange;
  readonly moment: number;
  readonly onReplace: (query: string) => void;
}

export class NodeView {
  readonly root = element('section', { class: 'explain-node', 'aria-label': 'The chosen part' });
  private graph: GraphView | undefined;

  /** @param onRoot called to show a part of the query alone */
  constructor(private readonly onRoot: (id: number) => void) {}

  show(input: NodeInput, id: number, root: number): void {
    this.destroy();
    const node = input.atMoment.nodes[id];
    if (!node) return;
    this.root.replaceChildren(
      element(
        'header',
        {},
        element('pre', { class: 'query' }, element('code', {}, nodeText(input.query, node))),
        id !== root && node.children.length > 0 && this.rootButton(id),
      ),
      element('p', { class: 'reading' }, ...phrase(node.reading)),
      ...remarks(node),
      ...this.status(node, input),
    );
  }

  private rootButton(id: number): HTMLElement {
    const button = element('button', { type: 'button', class: 'quiet' }, 'Show this part alone');
    button.addEventListener('click', () => this.onRoot(id));
    return button;
  }

  destroy(): void {
    this.graph?.destroy();
    this.graph = undefined;
  }

  private status(node: ExplainNode, input: NodeInput): HTMLElement[] {
    switch (node.status) {
      case 'failed':
        return [
          element('p', { class: 'failure' }, element('strong', {}, 'It failed: '), node.error.error),
          ...matching(node, input),
        ];
      case 'blocked':
        return [element('p', {}, 'It has no result because a part of it has none.')];
      case 'skipped':
        return [element('p', {}, node.note)];
      case 'evaluated':
        return this.evaluated(node, input);
    }
  }

  private evaluated(node: Extract<ExplainNode, { status: 'evaluated' }>, input: NodeInput): HTMLElement[] {
    const { nodes } = input.atMoment;
    const samplesOf = (metric: Readonly<Record<string, string>>) =>
      node.children.flatMap((id) => seriesOf(nodes[id]!)).find(({ labels }) => sameLabels(labels, metric))
        ?.samples ?? [];
    return [
      ...matching(node, input),
      ...(node.rates?.length
        ? [rateView(node.name ?? 'rate', node.rates, ({ metric }) => samplesOf(metric))]
        : []),
      ...(node.quantiles?.length ? [quantileView(node.quantiles)] : []),
      ...this.overTime(input, node.id),
      atMoment(node, input.moment),
      ...(node.selector && node.valueType === 'vector' ? [selectorView(node.selector)] : []),
      facts(node, nodes),
    ];
  }

  private overTime({ overTime, range }: NodeInput, id: number): HTMLElement[] {
    const node = overTime.nodes[id];
    // A range vector has no graph of its own, and a constant's is a flat line.
    if (!node || node.status !== 'evaluated' || node.valueType !== 'vector' || node.resultType !== 'matrix')
      return [];
    if (node.inSubquery) return [];
    this.graph = new GraphView(graphModel({ type: 'matrix', series: seriesOf(node) }, range));
    const left = node.seriesLeftOut ?? 0;
    return [
      element(
        'section',
        {},
        partTitle('Over time'),
        this.graph.root,
        left > 0 && element('p', {}, `${plural(left, 'more series is', 'more series are')} not drawn.`),
      ),
    ];
  }
}

function remarks(node: ExplainNode): HTMLElement[] {
  if (node.status !== 'evaluated') return [];
  const all = [
    ...(node.warnings ?? []).map((text) => ['Warning: ', text] as const),
    ...(node.infos ?? []).map((text) => ['Note: ', text] as const),
  ];
  if (all.length === 0) return [];
  return [
    element(
      'ul',
      { class: 'node-remarks' },
      ...all.map(([kind, text]) => element('li', {}, element('strong', {}, kind), text)),
    ),
  ];
}

function matching(node: ExplainNode, input: NodeInput): HTMLElement[] {
  if (!node.matching) return [];
  const { nodes } = input.atMoment;
  return [
    matchingView(node.matching, (operator) =>
      input.onReplace(withOperator(input.query, node, nodes, operator)),
    ),
  ];
}

function atMoment(node: Extract<ExplainNode, { status: 'evaluated' }>, moment: number): HTMLElement {
  const heading = partTitle(`At ${formatTime(moment)}`);
  if (node.resultType === 'scalar' || node.resultType === 'string') {
    return element(
      'section',
      {},
      heading,
      element('p', {}, element('code', {}, formatValue(node.result[1]))),
    );
  }
  const series = seriesOf(node);
  if (series.length === 0) return element('section', {}, heading, element('p', {}, 'No series.'));
  const result: QueryResult = { type: node.resultType, series };
  const left = node.seriesLeftOut ?? 0;
  return element(
    'section',
    {},
    heading,
    tableView(result),
    left > 0 && element('p', { class: 'quiet' }, `The first ${series.length} of ${node.series} series.`),
  );
}

function facts(
  node: Extract<ExplainNode, { status: 'evaluated' }>,
  nodes: readonly ExplainNode[],
): HTMLElement {
  const { dropped, added } = labelChange(node, nodes);
  const names = (list: readonly string[]) => list.map((name) => `\`${name}\``).join(', ');
  const labels = (node.labels ?? []).map(
    ({ name, values, examples }) =>
      `\`${name}\` (${values === 1 ? examples[0] : `${plural(values, 'value', 'values')}: ${examples.join(', ')}${values > examples.length ? ', …' : ''}`})`,
  );
  const rows: [string, string][] = [];
  if (labels.length > 0) rows.push(['Labels', labels.join('; ')]);
  if (dropped.length > 0) rows.push(['Dropped', names(dropped)]);
  if (added.length > 0) rows.push(['Added', names(added)]);
  if (node.samplesRead > 0) rows.push(['Read', plural(node.samplesRead, 'sample', 'samples')]);
  if (node.seconds !== undefined && node.seconds > 0)
    rows.push(['Took', `${formatSeconds(node.seconds)}, without its parts`]);
  rows.push(['Size', formatBytes(node.bytes)]);
  return element(
    'section',
    {},
    partTitle('What it is made of'),
    element(
      'dl',
      { class: 'facts' },
      ...rows.flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, ...phrase(text))]),
    ),
  );
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
