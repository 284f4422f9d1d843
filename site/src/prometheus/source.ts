/** Where a sandbox's Prometheus comes from: the page's own engine, or the server that served the page. */
import { httpPrometheus, loadEngine, type Engine, type Prometheus, type World } from '../engine';

/** Data attributes of a sandbox or an exercise, as the page says them. */
export interface SourceOptions {
  /** `server`, or the name of a workload. */
  readonly world: string;
  readonly seed: number;
  /** How much history a simulated world has, in seconds; a server has its own. */
  readonly historySeconds: number;
  /** Configuration of a simulated world, by file name; see WorldOptions. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The page's engine. Its worker and its code are fetched at the first request. */
export function pageEngine(): Promise<Engine> {
  return loadEngine();
}

export async function openSource(options: SourceOptions): Promise<Prometheus> {
  if (options.world === 'server') return httpPrometheus('');
  const { world: workload, seed, historySeconds, files } = options;
  return (await pageEngine()).openWorld({ workload, seed, historySeconds, ...(files && { files }) });
}

/** A Prometheus whose time can be moved on. */
export function isWorld(prometheus: Prometheus): prometheus is World {
  return 'advance' in prometheus;
}
