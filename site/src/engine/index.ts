/** How a page gets an engine: the one in its worker, or a server's. */
import type { Engine } from './types';
import { WorkerEngine } from './worker-engine';
import { WorkerPort } from './worker-port';

export * from './types';
export { httpPrometheus } from './http';

let engine: Engine | undefined;

/** The page's one engine; its worker starts with the first request. */
export function loadEngine(): Promise<Engine> {
  engine ??= new WorkerEngine(
    new WorkerPort(
      () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'promenade' }),
    ),
  );
  return Promise.resolve(engine);
}
