/** What lessons and modules are, and how their files become addresses. */
import { z } from 'astro/zod';

/** course/<module>/module.yaml */
export const moduleSchema = z.strictObject({
  title: z.string(),
  /** What a learner can do after the module, one sentence. */
  goal: z.string(),
});

/** An entry of course/glossary.yaml; its key is what <Term> names. */
export const glossarySchema = z.strictObject({
  /** `file` puts the key here. */
  id: z.string().optional(),
  word: z.string(),
  /** One or two sentences; may hold `code`. */
  text: z.string(),
  /** The number of the lesson that explains it at length. */
  lesson: z.string().optional(),
});

/** Front matter of a lesson, beside Starlight's own. */
export const lessonSchema = z.object({
  /** The lesson's number in the curriculum, e.g. "3.2". */
  number: z.string(),
  /** What a learner can do after the lesson. */
  objectives: z
    .array(
      z.union([
        z.string(),
        z.strictObject({
          text: z.string(),
          /** Those that practise it, e.g. 3.2-E1. */
          exercises: z.array(z.string()).min(1),
        }),
      ]),
    )
    .min(2),
  /** Numbers of lessons whose contents are taken for known. */
  prerequisites: z.array(z.string()).optional(),
});

/**
 * The address of a lesson's file: the numbers only order the files.
 *
 * @example lessonSlug('03-promql-basics/02-selectors.mdx') // => 'course/promql-basics/selectors'
 */
export function lessonSlug(file: string): string {
  const parts = file.replace(/\.mdx$/, '').split('/');
  return ['course', ...parts.map((part) => part.replace(/^\d+-/, ''))].join('/');
}
