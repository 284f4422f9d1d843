/**
 * What the page and the engine's worker say to each other. Every request gets exactly one answer or
 * failure; before it, the worker may say that it waits for the network.
 */

export type WorkerRequest =
  | {
      id: number;
      kind: 'open';
      workload: string;
      seed: number;
      historySeconds: number;
      files?: Readonly<Record<string, string>>;
    }
  | { id: number; kind: 'ask'; world: number; method: string; url: string; body: string }
  | { id: number; kind: 'grade'; exerciseYaml: string; answer: string };

/** A request as callers make it: `WorkerRequest` without its id. */
export type WorkerCall = WorkerRequest extends infer Request
  ? Request extends WorkerRequest
    ? Omit<Request, 'id'>
    : never
  : never;

export type WorkerResponse =
  | { id: number; status: number; body: string }
  /** The worker waits for the engine's second part, or goes on. */
  | { id: number; isFetching: boolean }
  /** The engine is in no state to go on; the worker must be replaced. */
  | { id: number; failure: string };
