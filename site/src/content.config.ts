import { docsSchema } from '@astrojs/starlight/schema';
import { file, glob } from 'astro/loaders';
import { defineCollection } from 'astro:content';

import { glossarySchema, lessonSchema, lessonSlug, moduleSchema } from './content/course';
import { exerciseLoader } from './content/exercise-loader';
import { exerciseSchema } from './content/exercise-schema';
import { functionLoader, functionSchema } from './content/functions';
import { misconceptionLoader, misconceptionSchema } from './content/misconceptions';

export const collections = {
  docs: defineCollection({
    loader: glob({
      base: '../course',
      pattern: '**/*.mdx',
      generateId: ({ entry }) => lessonSlug(entry),
    }),
    // Pages that aren't lessons (home, query, targets) have neither number nor objectives.
    schema: docsSchema({ extend: lessonSchema.partial() }),
  }),
  modules: defineCollection({
    loader: glob({
      base: '../course',
      pattern: '*/module.yaml',
      generateId: ({ entry }) => entry.replace(/\/module\.yaml$/, ''),
    }),
    schema: moduleSchema,
  }),
  glossary: defineCollection({
    loader: file('../course/glossary.yaml'),
    schema: glossarySchema,
  }),
  exercises: defineCollection({
    loader: exerciseLoader('../exercises'),
    schema: exerciseSchema,
  }),
  functions: defineCollection({ loader: functionLoader(), schema: functionSchema }),
  misconceptions: defineCollection({
    loader: misconceptionLoader('../exercises/misconceptions.md'),
    schema: misconceptionSchema,
  }),
};
