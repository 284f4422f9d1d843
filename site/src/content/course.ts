/** What lessons and modules are, and how their files become addresses. */
import { z } from 'astro/zod';

/** course/<module>/module.yaml */
export const moduleSchema = z.strictObject({
  title: z.string(),
  /** What a learner can do after the module, one sentence. */
  goal: z.string(),
});

/** Front matter of a lesson, beside Starlight's own. */
export const lessonSchema = z.object({
  /** The lesson's number in the curriculum, e.g. "3.2". */
  number: z.string(),
  /** What a learner can do after the lesson. */
  objectives: z.array(z.string()).min(2),
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
