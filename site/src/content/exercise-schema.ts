/** An exercise file as the site reads it; engine/grading proves that its answers are what they claim. */
import { z } from 'astro/zod';

const text = z.string().trim().min(1);

const exerciseFields = {
  format_version: z.literal(1),
  id: z.string().regex(/^\d+\.\d+-E\d+$/, 'an id like 3.2-E1'),
  /** Folder and file of the lesson that holds it, e.g. 03-promql-basics/02-selectors. */
  lesson: text,
  title: text,
  world: text,
  task: text,
  /** What stands in the editor at first. May be empty. */
  starter: z.string(),
  reference: text,
  equivalents: z.array(text).min(1),
  misconceptions: z
    .array(z.strictObject({ code: z.string().regex(/^MC\d+$/), query: text, message: text }))
    .min(1),
  hints: z.array(text).min(1),
  explanation: text,
  ordered: z.boolean().optional(),
  ignore_metric_name: z.boolean().optional(),
};

/** A file of exercises/. Unknown keys are mistakes. */
export const exerciseFileSchema = z.strictObject(exerciseFields);

/** An entry of the collection: the file's fields and its text, which is what the engine grades by. */
export const exerciseSchema = exerciseFileSchema.extend({ source: z.string() });

export type ExerciseFile = z.infer<typeof exerciseFileSchema>;
