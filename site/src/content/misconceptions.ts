/** The table of exercises/misconceptions.md: what people believe, and what is true instead. */
import { readFile } from 'node:fs/promises';
import { z } from 'astro/zod';
import type { Loader } from 'astro/loaders';

export const misconceptionSchema = z.object({
  /** As somebody who holds it would say it; may hold `code`. */
  belief: z.string(),
  truth: z.string(),
});

const row = /^\| `(MC\d+)` \| “?"?(.*?)"?”? \| (.*?) \|$/gm;

export function misconceptionLoader(file: string): Loader {
  return {
    name: 'misconception-loader',
    load: async (context) => {
      const { store, config, logger } = context;
      const text = await readFile(new URL(file, config.root), 'utf8');
      store.clear();
      for (const [, id = '', belief = '', truth = ''] of text.matchAll(row)) {
        store.set({ id, data: await context.parseData({ id, data: { belief, truth } }) });
      }
      const codes = [...text.matchAll(/^\| `MC/gm)].length;
      if (store.keys().length !== codes) {
        throw new Error(
          `${file}: ${codes - store.keys().length} rows were not read; keep to the table's form.`,
        );
      }
      logger.info(`${codes} misconceptions`);
    },
  };
}
