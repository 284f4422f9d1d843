/** What the explain tree shows of a node, apart from drawing it. */
import { utf16Offset } from '../editor/offsets';
import type { ExplainNode, Explanation, RateSteps } from '../engine/explain';
import type { Series } from '../prometheus/result';
import { formatTime, formatValue, plural } from '../result/format';

type RateArithmetic = Exclude<RateSteps, { refusal: string }>;

/** The text that a node stands for. */
export function nodeText(query: string, { position }: ExplainNode): string {
  return query.slice(utf16Offset(query, position.start), utf16Offset(query, position.end));
}

/**
 * The node's own part of the text: what its children stand for is an ellipsis, unless it is a number or a
 * text.
 *
 * @example excerpt('sum by (job) (up)', root, nodes) // => 'sum by (job) (…)'
 */
export function excerpt(query: string, node: ExplainNode, nodes: readonly ExplainNode[]): string {
  const offset = (bytes: number) => utf16Offset(query, bytes);
  let text = '';
  let at = offset(node.position.start);
  for (const child of node.children.map((id) => nodes[id]!)) {
    if (child.type === 'numberLiteral' || child.type === 'stringLiteral') continue;
    text += `${query.slice(at, offset(child.position.start))}…`;
    at = offset(child.position.end);
  }
  return (text + query.slice(at, offset(node.position.end))).replaceAll(/\s+/g, ' ').trim();
}

/** The tree under `root` as a list, parents before children, each with its depth. */
export function flatten(
  nodes: readonly ExplainNode[],
  root: number,
  isOpen: (id: number) => boolean = () => true,
): { node: ExplainNode; depth: number; index: number; count: number }[] {
  const rows: { node: ExplainNode; depth: number; index: number; count: number }[] = [];
  const visit = (id: number, depth: number, index: number, count: number) => {
    const node = nodes[id];
    if (!node) return;
    rows.push({ node, depth, index, count });
    if (!isOpen(id)) return;
    for (const [at, child] of node.children.entries()) visit(child, depth + 1, at, node.children.length);
  };
  visit(root, 0, 0, 1);
  return rows;
}

/** From the whole query to the node. */
export function pathTo(nodes: readonly ExplainNode[], id: number): ExplainNode[] {
  const node = nodes[id];
  if (!node) return [];
  return node.parent === undefined ? [node] : [...pathTo(nodes, node.parent), node];
}

/** How much a node gave, in a few words. */
export function yieldOf(node: ExplainNode): string {
  switch (node.status) {
    case 'evaluated':
      if (node.resultType === 'scalar' || node.resultType === 'string') {
        return node.resultType === 'scalar' ? formatValue(node.result[1]) : 'text';
      }
      return plural(node.series, 'series', 'series');
    case 'failed':
      return 'failed';
    case 'blocked':
      return 'no input';
    case 'skipped':
      return 'not evaluated';
  }
}

/** The labels that the children had and the node has no more, and those that only the node has. */
export function labelChange(node: ExplainNode, nodes: readonly ExplainNode[]) {
  const namesOf = (each: ExplainNode) =>
    each.status === 'evaluated' ? (each.labels ?? []).map(({ name }) => name) : [];
  const before = new Set(node.children.flatMap((id) => namesOf(nodes[id]!)));
  const after = new Set(namesOf(node));
  return {
    dropped: [...before].filter((name) => !after.has(name)),
    added: before.size === 0 ? [] : [...after].filter((name) => !before.has(name)),
  };
}

/** The series that a node's answer shows; none for a number or a text. */
export function seriesOf(node: ExplainNode): Series[] {
  if (node.status !== 'evaluated') return [];
  if (node.resultType === 'vector') {
    return node.result.map(({ metric, value, histogram }) => ({
      labels: metric,
      samples: [toSample(value) ?? toHistogramSample(histogram)].filter((sample) => sample !== undefined),
    }));
  }
  if (node.resultType !== 'matrix') return [];
  return node.result.map(({ metric, values = [], histograms = [] }) => ({
    labels: metric,
    samples: [
      ...values.map((value) => toSample(value)!),
      ...histograms.map((value) => toHistogramSample(value)!),
    ],
  }));
}

function toSample(sample: readonly [number, string] | undefined) {
  return sample && { time: sample[0], value: sample[1] };
}

function toHistogramSample(sample: readonly [number, { count: string; sum: string }] | undefined) {
  return (
    sample && { time: sample[0], value: `histogram with count ${sample[1].count}, sum ${sample[1].sum}` }
  );
}

export interface Step {
  readonly title: string;
  readonly arithmetic: string;
  readonly why: string;
}

const seconds = (value: number) => `${formatValue(String(value))} s`;

const reasons = {
  edge: 'The gap is no longer than 1.1 spacings, so the growth is taken to go on to the edge of the window.',
  halfInterval:
    'The gap is longer than 1.1 spacings: the series may have begun or ended in it, so only half a spacing is added.',
  zero: 'A counter cannot have been below zero: the line is followed back only to where it would have been 0.',
};

/**
 * The arithmetic of rate, increase or delta, step by step, with the numbers it was done with. The last step's
 * result is the engine's own.
 */
export function rateSteps(name: string, rate: RateArithmetic): Step[] {
  const value = formatValue;
  const { first, last, resets, window } = rate;
  const steps: Step[] = [
    {
      title: 'Last less first',
      arithmetic: `${value(last[1])} − ${value(first[1])} = ${value(String(Number(last[1]) - Number(first[1])))}`,
      why: `Of the ${plural(rate.samples, 'sample', 'samples')} in the window, the first is at ${formatTime(first[0])}, the last at ${formatTime(last[0])}.`,
    },
  ];
  if (resets.length > 0) {
    const lost = resets.map(
      ({ before, after, time }) => `${value(before)} → ${value(after)} at ${formatTime(time)}`,
    );
    steps.push({
      title: resets.length === 1 ? 'A restart' : `${resets.length} restarts`,
      arithmetic: `+ ${value(rate.correction)}, so it grew by ${value(rate.raw)}`,
      why: `The value fell: ${lost.join('; ')}. What had been counted before is added again.`,
    });
  }
  if (rate.factor !== 1 || rate.toStartSeconds + rate.toEndSeconds > 0) {
    const covered = rate.sampledSeconds + rate.toStartSeconds + rate.toEndSeconds;
    steps.push({
      title: 'To the edges of the window',
      arithmetic: `× (${seconds(rate.sampledSeconds)} + ${seconds(rate.toStartSeconds)} + ${seconds(rate.toEndSeconds)}) / ${seconds(rate.sampledSeconds)} = × ${value(String(rate.factor))}`,
      why: [
        `The samples cover ${seconds(rate.sampledSeconds)} of ${seconds(window.end - window.start)}, one every ${seconds(rate.intervalSeconds)} on average; with what is added it is ${seconds(covered)}.`,
        ...edgeReasons(rate),
      ]
        .filter(Boolean)
        .join(' '),
    });
  }
  if (rate.divisor !== 1) {
    steps.push({
      title: 'Per second',
      arithmetic: `/ ${seconds(rate.divisor)}`,
      why: 'Divided by the length of the window, not by the time between the samples.',
    });
  }
  return [...steps, { title: name, arithmetic: `= ${rate.result}`, why: '' }];
}

function edgeReasons(rate: RateArithmetic): string[] {
  const { gapStartSeconds, gapEndSeconds, startReach, endReach } = rate;
  if (gapStartSeconds > 0 && gapEndSeconds > 0 && startReach === 'edge' && endReach === 'edge') {
    return [
      `The gaps at its edges, ${seconds(gapStartSeconds)} and ${seconds(gapEndSeconds)}, are no longer than 1.1 spacings, so the growth is taken to go on to the edges.`,
    ];
  }
  return [edgeReason('start', gapStartSeconds, startReach), edgeReason('end', gapEndSeconds, endReach)];
}

function edgeReason(edge: 'start' | 'end', gap: number, reach: keyof typeof reasons): string {
  return gap > 0 ? `At the ${edge}: a gap of ${seconds(gap)}. ${reasons[reach]}` : '';
}

/** The query with the text between an operator's two sides replaced. */
export function withOperator(
  query: string,
  node: ExplainNode,
  nodes: readonly ExplainNode[],
  operator: string,
) {
  const [left, right] = node.children.map((id) => nodes[id]!);
  if (!left || !right) return query;
  const before = query.slice(0, utf16Offset(query, left.position.end));
  const after = query.slice(utf16Offset(query, right.position.start));
  return `${before} ${operator} ${after}`;
}

/** One line for the sandbox's status. */
export function explainLine({ nodes }: Explanation): string {
  const failed = nodes.filter(({ status }) => status === 'failed').length;
  const parts = plural(nodes.length, 'part', 'parts');
  if (failed > 0) return `${parts}, of which ${failed} failed`;
  const took = nodes.reduce((sum, node) => sum + (node.status === 'evaluated' ? (node.seconds ?? 0) : 0), 0);
  return took > 0 ? `${parts}, evaluated in ${formatSeconds(took)}` : parts;
}

/** @example formatSeconds(0.00042) // => '0.42 ms' */
export function formatSeconds(value: number): string {
  return value >= 1 ? `${Number(value.toPrecision(3))} s` : `${Number((value * 1000).toPrecision(2))} ms`;
}

/** @example formatBytes(2048) // => '2 kB' */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const thousands = bytes < 1e6;
  return `${Number((bytes / (thousands ? 1e3 : 1e6)).toPrecision(3))} ${thousands ? 'kB' : 'MB'}`;
}
