/**
 * One engine worker as a function from request to response. A worker that fails, or does not answer
 * in time, is thrown away; the next call starts a new one. `generation` tells callers that what they
 * had opened in the old one is gone.
 */
import type { WorkerCall, WorkerResponse } from './messages';
import type { EngineResponse } from './types';

/** Longer than any honest request takes: the engine's own budgets end a query well before. */
const answerMsMax = 30_000;
/** How long an aborted request may keep the worker busy before the worker is replaced. */
const abortGraceMs = 500;

interface Pending {
  resolve(response: EngineResponse): void;
  reject(reason: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

export class WorkerPort {
  generation = 0;
  private worker: Worker | undefined;
  private lastId = 0;
  private readonly pending = new Map<number, Pending>();

  constructor(private readonly start: () => Worker) {}

  call(call: WorkerCall, signal?: AbortSignal): Promise<EngineResponse> {
    if (signal?.aborted) return Promise.reject(abortError());
    const worker = (this.worker ??= this.startWorker());
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.replace(`The engine gave no answer within ${answerMsMax / 1000} seconds and was restarted.`);
      }, answerMsMax);
      this.pending.set(id, { resolve, reject, timer });
      signal?.addEventListener('abort', () => this.abort(id), { once: true });
      worker.postMessage({ ...call, id });
    });
  }

  private startWorker(): Worker {
    const worker = this.start();
    worker.addEventListener('message', (event: MessageEvent<WorkerResponse>) => this.settle(event.data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.replace(`The engine could not start: ${event.message || 'its worker failed to load'}.`);
    });
    return worker;
  }

  private settle(response: WorkerResponse): void {
    if ('failure' in response) {
      this.replace(`The engine failed and was restarted: ${response.failure}`);
      return;
    }
    const pending = this.take(response.id);
    pending?.resolve({ status: response.status, body: response.body });
  }

  /** Rejects at once; the late answer, if it comes soon, only clears the grace timer. */
  private abort(id: number): void {
    const pending = this.take(id);
    if (!pending) return;
    pending.reject(abortError());
    const timer = setTimeout(() => {
      this.replace('The engine was restarted because a cancelled request kept it busy.');
    }, abortGraceMs);
    const ignore = () => undefined;
    this.pending.set(id, { resolve: ignore, reject: ignore, timer });
  }

  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    if (!pending) return undefined;
    clearTimeout(pending.timer);
    this.pending.delete(id);
    return pending;
  }

  private replace(reason: string): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.generation++;
    for (const id of [...this.pending.keys()]) this.take(id)?.reject(new Error(reason));
  }
}

function abortError(): DOMException {
  return new DOMException('The request was cancelled.', 'AbortError');
}
