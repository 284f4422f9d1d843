/** What the page makes of a question's kind and setting: which form its answer has, and what is drawn beside it. */
import { z } from 'astro/zod';

import type { Question } from './exercise-schema';

export interface Form {
  readonly name: 'sandbox' | 'line' | 'text' | 'choice' | 'types' | 'board';
  /** Of a text. */
  readonly language?: 'yaml' | 'exposition' | 'promql';
}

const formsByKind: Readonly<Record<string, Form>> = {
  promql: { name: 'sandbox' },
  'fix-the-bug': { name: 'sandbox' },
  'chaos-drill': { name: 'text', language: 'promql' },
  'config-edit': { name: 'text', language: 'yaml' },
  'rule-edit': { name: 'text', language: 'yaml' },
  'relabel-edit': { name: 'text', language: 'yaml' },
  'route-edit': { name: 'text', language: 'yaml' },
  'exposition-edit': { name: 'text', language: 'exposition' },
  'metric-type': { name: 'types' },
  choice: { name: 'choice' },
  dashboard: { name: 'board' },
};

export function formOf({ kind, isOneLine }: Question): Form {
  return formsByKind[kind] ?? { name: isOneLine ? 'line' : 'text' };
}

export interface Choice {
  readonly pick: 'one' | 'all' | 'order';
  readonly options: readonly { readonly key: string; readonly text: string }[];
}

const choiceSetting = z.looseObject({
  pick: z.enum(['one', 'all', 'order']).default('one'),
  options: z.record(z.string(), z.coerce.string()),
});

/** The options in the order of the file, which is not the answer's. */
export function choiceOf({ setting }: Question): Choice {
  const { pick, options } = choiceSetting.parse(setting);
  return { pick, options: Object.entries(options).map(([key, text]) => ({ key, text })) };
}

const typesSetting = z.looseObject({ items: z.array(z.looseObject({ name: z.string() })) });

export function typesOf({ setting }: Question): string[] {
  return typesSetting.parse(setting).items.map(({ name }) => name);
}

const seriesSetting = z.looseObject({
  series: z.array(z.string()).min(1),
  interval: z.string().default('15s'),
  at: z.string().optional(),
});

export type ShownSeries = z.infer<typeof seriesSetting>;

/** The samples that a prediction is about; undefined where it is about none. */
export function seriesOf({ kind, setting }: Question): ShownSeries | undefined {
  return kind === 'predict' ? seriesSetting.safeParse(setting).data : undefined;
}
