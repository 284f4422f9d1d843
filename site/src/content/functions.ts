/** The functions of PromQL as the engine itself documents them, asked at the build. */
import { readFile } from 'node:fs/promises';
import { z } from 'astro/zod';
import type { Loader } from 'astro/loaders';

import { EngineModule } from '../engine/module';

export const functionSchema = z.object({
  name: z.string(),
  args: z.array(z.string()),
  /** How many of `args` have to be there. */
  required: z.number(),
  /** More of the last one may follow; -1 is any number. */
  variadic: z.number(),
  returns: z.string(),
  help: z.string(),
  experimental: z.boolean(),
});

export type PromqlFunction = z.infer<typeof functionSchema>;

const answerSchema = z.object({ data: z.array(functionSchema) });

/** The smallest world; only its Prometheus's documentation is asked for. */
const workload = 'toy';

export function functionLoader(): Loader {
  return {
    name: 'function-loader',
    load: async (context) => {
      const { store, config } = context;
      const compiled = async (name: string) =>
        new WebAssembly.Module(await readFile(new URL(`src/engine/generated/${name}`, config.root)));
      const deferred = await compiled('promenade.deferred.wasm');
      const engine = await EngineModule.load(await compiled('promenade.wasm'), () => deferred);
      const world = Number(engine.openWorld(workload, 1, 0).body);
      const { body } = engine.ask(world, 'GET', 'http://prometheus:9090/api/v1/status/functions', '');
      store.clear();
      for (const each of answerSchema.parse(JSON.parse(body)).data) {
        store.set({ id: each.name, data: await context.parseData({ id: each.name, data: each }) });
      }
    },
  };
}

const kinds: Readonly<Record<string, string>> = {
  vector: 'instant vector',
  matrix: 'range vector',
  scalar: 'number',
  string: 'text',
};

/** @example signature(rate) // => 'rate(range vector)' */
export function signature({ name, args, required, variadic }: PromqlFunction): string {
  const shown = args.map((arg, index) => {
    const kind = kinds[arg] ?? arg;
    return index < required ? kind : `[${kind}]`;
  });
  return `${name}(${shown.join(', ')}${variadic < 0 || variadic > 1 ? ', …' : ''})`;
}
