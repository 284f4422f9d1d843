/**
 * A dashboard, and Grafana's JSON for it. What is read keeps all that is not edited here, but for rows, which are
 * dissolved, and places: panels stand in two columns. What is written can be loaded by Grafana as it is, with the data
 * source of provisioning.ts.
 */
export type Json = Readonly<Record<string, unknown>>;

export const panelTypes = ['timeseries', 'stat', 'gauge', 'bargauge', 'table', 'heatmap'] as const;
export type PanelType = (typeof panelTypes)[number];

export interface PanelQuery {
  readonly expr: string;
  /** A template such as `{{job}}`; "" for all labels. */
  readonly legend: string;
  readonly rest: Json;
}

export interface Panel {
  readonly title: string;
  /** One of panelTypes, or another that can't be drawn here. */
  readonly type: string;
  readonly queries: readonly PanelQuery[];
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
  /** Ascending. */
  readonly thresholds: readonly number[];
  /** Whether the level above all thresholds is the one to wish for. */
  readonly isHighGood: boolean;
  readonly rest: Json;
}

/** Chosen above the panels, it stands in their queries as `$name`. */
export interface Variable {
  readonly name: string;
  /** `label_values(metric, label)`. */
  readonly query: string;
  /** Several values can be chosen. */
  readonly multi: boolean;
  readonly rest: Json;
}

export interface Dashboard {
  readonly title: string;
  /** How far back it looks, such as 1h. */
  readonly range: string;
  readonly variables: readonly Variable[];
  readonly panels: readonly Panel[];
  readonly rest: Json;
}

export const emptyPanel: Panel = {
  title: 'New panel',
  type: 'timeseries',
  queries: [{ expr: '', legend: '', rest: {} }],
  unit: 'short',
  thresholds: [],
  isHighGood: false,
  rest: {},
};

/** Panels of Grafana's older versions, by their present names. */
const renamed: Readonly<Record<string, string>> = {
  graph: 'timeseries',
  singlestat: 'stat',
  'table-old': 'table',
  barchart: 'bargauge',
};
const panelsMax = 40;
const queriesMax = 10;

/** Throws, in words for the learner, when the text is no dashboard. */
export function readDashboard(text: string): Dashboard {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const whole = objectOf(parsed);
  // The API of Grafana wraps it.
  const root = 'dashboard' in whole && !('panels' in whole) ? objectOf(whole['dashboard']) : whole;
  const panels = flattened(listOf(root['panels'])).slice(0, panelsMax).map(readPanel);
  if (!Array.isArray(root['panels'])) throw new Error('The dashboard has no panels: write "panels": [ … ].');
  return {
    title: textOf(root['title']),
    range: /^now-(\d+[smhd])$/.exec(textOf(objectOf(root['time'])['from']))?.[1] ?? '1h',
    variables: listOf(objectOf(root['templating'])['list']).map(objectOf).filter(isQueried).map(readVariable),
    panels,
    rest: root,
  };
}

/** Rows hold panels of their own. */
function flattened(panels: readonly unknown[]): Json[] {
  return panels.map(objectOf).flatMap((panel) => {
    const inside = flattened(listOf(panel['panels']));
    return panel['type'] === 'row' ? inside : [panel];
  });
}

function readPanel(panel: Json): Panel {
  const defaults = objectOf(objectOf(panel['fieldConfig'])['defaults']);
  const type = textOf(panel['type']) || 'timeseries';
  const { min, max } = { min: numberOf(defaults['min']), max: numberOf(defaults['max']) };
  return {
    title: textOf(panel['title']),
    type: renamed[type] ?? type,
    queries: listOf(panel['targets'])
      .slice(0, queriesMax)
      .map(objectOf)
      .map((target) => ({
        expr: textOf(target['expr']),
        legend: textOf(target['legendFormat']).replace(/^__auto$/, ''),
        rest: target,
      })),
    unit: textOf(defaults['unit']) || 'short',
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...readThresholds(defaults),
    rest: panel,
  };
}

function readThresholds(defaults: Json): Pick<Panel, 'thresholds' | 'isHighGood'> {
  const steps = listOf(objectOf(defaults['thresholds'])['steps'])
    .map(objectOf)
    .flatMap(({ value, color }) => (typeof value === 'number' ? [{ value, color: textOf(color) }] : []))
    .sort((a, b) => a.value - b.value);
  return {
    thresholds: steps.map(({ value }) => value),
    isHighGood: steps.at(-1)?.color.includes('green') ?? false,
  };
}

/** As they were, with the colours that they had, unless they were edited. */
function writeThresholds(defaults: Json, { thresholds, isHighGood }: Panel): unknown {
  const before = readThresholds(defaults);
  const isSame = before.isHighGood === isHighGood && before.thresholds.join() === thresholds.join();
  if (isSame && defaults['thresholds'] !== undefined) return defaults['thresholds'];
  const colors = thresholds.length === 1 ? ['green', 'red'] : stepColors;
  const values = [null, ...thresholds];
  const steps = values.map((value, index) => {
    const badness = isHighGood ? values.length - 1 - index : index;
    return { color: colors[Math.min(badness, colors.length - 1)], value };
  });
  return { mode: 'absolute', steps };
}

function isQueried(variable: Json): boolean {
  return (textOf(variable['type']) || 'query') === 'query' && textOf(variable['name']) !== '';
}

function readVariable(variable: Json): Variable {
  const { query, definition } = variable;
  return {
    name: textOf(variable['name']),
    query: textOf(query) || textOf(objectOf(query)['query']) || textOf(definition),
    multi: variable['multi'] === true,
    rest: variable,
  };
}

/** Grafana's identifier of the data source that provisioning.ts names. */
export const dataSource = { type: 'prometheus', uid: 'prometheus' } as const;

/** From the best level to the worst. */
const stepColors = ['green', 'orange', 'red', 'dark-red', 'purple'];
const columns = 2;
const panelSize = { w: 24 / columns, h: 8 };

export function writeDashboard({ title, range, variables, panels, rest }: Dashboard): string {
  const { time, templating } = rest;
  const others = listOf(objectOf(templating)['list']).filter((variable) => !isQueried(objectOf(variable)));
  const json = {
    ...rest,
    title,
    schemaVersion: numberOf(rest['schemaVersion']) ?? 39,
    timezone: rest['timezone'] ?? 'utc',
    time: { to: 'now', ...objectOf(time), from: `now-${range}` },
    templating: { ...objectOf(templating), list: [...others, ...variables.map(writeVariable)] },
    panels: panels.map(writePanel),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function writePanel(panel: Panel, index: number): Json {
  const { title, type, queries, unit, min, max, rest } = panel;
  const fieldConfig = objectOf(rest['fieldConfig']);
  const defaults = { ...objectOf(fieldConfig['defaults']) };
  delete defaults['min'];
  delete defaults['max'];
  return {
    ...rest,
    id: index + 1,
    type,
    title,
    datasource: rest['datasource'] ?? dataSource,
    gridPos: {
      ...panelSize,
      x: (index % columns) * panelSize.w,
      y: Math.floor(index / columns) * panelSize.h,
    },
    targets: queries.map((query, at) => ({
      ...query.rest,
      refId: String.fromCharCode(65 + at),
      expr: query.expr,
      legendFormat: query.legend,
      ...(isInstant(type) ? { instant: true, range: false } : { instant: false, range: true }),
      ...(type === 'table' && { format: 'table' }),
      ...(type === 'heatmap' && { format: 'heatmap' }),
    })),
    fieldConfig: {
      overrides: [],
      ...fieldConfig,
      defaults: {
        ...defaults,
        unit,
        ...(min !== undefined && { min }),
        ...(max !== undefined && { max }),
        thresholds: writeThresholds(defaults, panel),
      },
    },
  };
}

function writeVariable({ name, query, multi, rest }: Variable): Json {
  return {
    ...rest,
    type: 'query',
    name,
    datasource: rest['datasource'] ?? dataSource,
    query: { query, refId: name },
    definition: query,
    multi,
    includeAll: multi,
    refresh: rest['refresh'] ?? 2,
  };
}

/** Whether a panel shows one moment, not a development. */
export function isInstant(type: string): boolean {
  return type === 'stat' || type === 'gauge' || type === 'bargauge' || type === 'table';
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
