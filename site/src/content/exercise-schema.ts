/** An exercise file as the site reads it; engine/grading proves that its answers are what they claim. */
import { z } from 'astro/zod';

const text = z.string().trim().min(1);
const code = z.string().regex(/^MC\d+$/);

/** Kinds whose answers are queries, tried in the hidden worlds. */
const queryKinds = ['promql', 'fix-the-bug'] as const;
/** Kinds whose answers are used, in a setting of the exercise's own. */
const behaviourKinds = [
  'config-edit',
  'rule-edit',
  'relabel-edit',
  'route-edit',
  'exposition-edit',
  'metric-type',
  'predict',
  'dashboard',
  'chaos-drill',
  'choice',
] as const;

const questionFields = {
  task: text,
  /** What stands in the editor at first. May be empty. */
  starter: z.string(),
  reference: text,
  /** The engine's check says how many each kind needs. */
  equivalents: z.array(text).default([]),
};

const queryFields = {
  ...questionFields,
  kind: z.enum(queryKinds).default('promql'),
  world: text,
  misconceptions: z.array(z.strictObject({ code, query: text, message: text })).min(1),
  ordered: z.boolean().optional(),
  ignore_metric_name: z.boolean().optional(),
};

const behaviourFields = {
  ...questionFields,
  kind: z.enum(behaviourKinds),
  /** Its keys depend on the kind; the engine reads them, and proves them with the rest. */
  setting: z.record(z.string(), z.unknown()),
  misconceptions: z.array(z.strictObject({ code, answer: text, message: text })).min(1),
};

const exerciseFields = {
  format_version: z.literal(1),
  id: z.string().regex(/^\d+\.\d+-E\d+$/, 'an id like 3.2-E1'),
  /** Folder and file of the lesson that holds it, e.g. 03-promql-basics/02-selectors. */
  lesson: text,
  title: text,
  hints: z.array(text).min(1),
  explanation: text,
};

const queryExercise = z.strictObject({ ...exerciseFields, ...queryFields });
const behaviourExercise = z.strictObject({ ...exerciseFields, ...behaviourFields });
const stepsExercise = z.strictObject({
  ...exerciseFields,
  kind: z.literal('multi-step'),
  task: text,
  steps: z.array(z.union([z.strictObject(queryFields), z.strictObject(behaviourFields)])).min(1),
});

/** What the site shows of an exercise, whatever its kind. */
export interface ExerciseFile extends Question {
  id: string;
  lesson: string;
  title: string;
  reference: string;
  equivalents: string[];
  misconceptions: { code: string; query: string; message: string }[];
  hints: string[];
  explanation: string;
  /** Of several steps: each with a place of its own for its answer. */
  steps: Question[];
}

/** What a place for an answer depends on. */
export interface Question {
  kind: string;
  task: string;
  /** The workload of its sandbox; kinds with a setting of their own are shown beside the web shop. */
  world: string;
  starter: string;
  /** Whether an answer has one line only. */
  isOneLine: boolean;
  /** Of kinds with a setting of their own: what the answer is tried on. */
  setting: Record<string, unknown>;
}

type AnyExercise =
  z.infer<typeof queryExercise> | z.infer<typeof behaviourExercise> | z.infer<typeof stepsExercise>;

/** The answers of several steps, as they stand in one editor: a line of --- between two. */
const joined = (answers: string[]): string => answers.join('\n---\n');

type AnyQuestion = z.infer<z.ZodObject<typeof queryFields>> | z.infer<z.ZodObject<typeof behaviourFields>>;

const isOneLine = (answer: string): boolean => !answer.trim().includes('\n');

function questionOf(step: AnyQuestion): Question {
  const { kind, task, starter, reference } = step;
  return {
    kind,
    task,
    starter,
    isOneLine: isOneLine(reference),
    world: 'world' in step ? step.world : 'web-shop',
    setting: 'setting' in step ? step.setting : {},
  };
}

function common(file: AnyExercise): ExerciseFile {
  const { id, lesson, title, kind, task, hints, explanation } = file;
  const shared = { id, lesson, title, kind, task, hints, explanation };
  if ('steps' in file) {
    return {
      ...shared,
      world: 'web-shop',
      starter: joined(file.steps.map((step) => step.starter)),
      reference: joined(file.steps.map((step) => step.reference)),
      equivalents: [],
      misconceptions: file.steps.flatMap((step) => step.misconceptions.map(query)),
      isOneLine: false,
      setting: {},
      steps: file.steps.map(questionOf),
    };
  }
  const { starter, reference, equivalents } = file;
  const world = 'world' in file ? file.world : 'web-shop';
  return {
    ...shared,
    world,
    starter,
    reference,
    equivalents,
    misconceptions: file.misconceptions.map(query),
    isOneLine: isOneLine(reference),
    setting: 'setting' in file ? file.setting : {},
    steps: [],
  };
}

type Misconception = { code: string; message: string } & ({ query: string } | { answer: string });
const query = (one: Misconception) => ({
  code: one.code,
  query: 'query' in one ? one.query : one.answer,
  message: one.message,
});

/** A file of exercises/. Unknown keys are mistakes. */
export const exerciseFileSchema = z
  .looseObject({ kind: z.string().default('promql') })
  .transform((file, context): ExerciseFile => {
    const schema =
      file.kind === 'multi-step'
        ? stepsExercise
        : behaviourKinds.some((kind) => kind === file.kind)
          ? behaviourExercise
          : queryExercise;
    const parsed = schema.safeParse(file);
    if (parsed.success) return common(parsed.data);
    type Issue = (typeof context.issues)[number];
    for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: file } as Issue);
    return z.NEVER;
  });

const shownQuestion = {
  kind: text,
  task: text,
  world: text,
  starter: z.string(),
  isOneLine: z.boolean(),
  setting: z.record(z.string(), z.unknown()),
};

/** An entry of the collection: the file's fields and its text, which is what the engine grades by. */
export const exerciseSchema = z.strictObject({
  ...shownQuestion,
  id: text,
  lesson: text,
  title: text,
  reference: text,
  equivalents: z.array(text),
  misconceptions: z.array(z.strictObject({ code, query: text, message: text })),
  hints: z.array(text),
  explanation: text,
  steps: z.array(z.strictObject(shownQuestion)),
  source: z.string(),
});
