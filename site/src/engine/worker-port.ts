/**
 * One engine worker as a function from request to response. Requests wait here, one at a time goes
 * to the worker: so one that is cancelled while it waits costs nothing. A worker that fails, or does
 * not answer in time, is thrown away; the next request starts a new one. `generation` tells callers
 * that what they had opened in the old one is gone.
 */
import type { WorkerCall, WorkerResponse } from './messages';
import type { EngineResponse } from './types';

/** Longer than any honest request takes. The engine limits a query's memory; this limits its time. */
const answerMsMax = 30_000;
/** How long a cancelled request may keep the worker busy before the worker is replaced. */
const abortGraceMs = 500;

interface Pending {
  id: number;
  call: WorkerCall;
  resolve(response: EngineResponse): void;
  reject(reason: Error): void;
}

export class WorkerPort {
  generation = 0;
  private worker: Worker | undefined;
  private lastId = 0;
  private waiting: Pending[] = [];
  private running: Pending | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isFetching = false;

  constructor(private readonly start: () => Worker) {}

  call(call: WorkerCall, signal?: AbortSignal): Promise<EngineResponse> {
    if (signal?.aborted) return Promise.reject(abortError());
    return new Promise((resolve, reject) => {
      const pending = { id: ++this.lastId, call, resolve, reject };
      this.waiting.push(pending);
      signal?.addEventListener('abort', () => this.abort(pending), { once: true });
      this.runNext();
    });
  }

  private runNext(): void {
    if (this.running) return;
    this.running = this.waiting.shift();
    if (!this.running) return;
    this.worker ??= this.startWorker();
    this.limitAnswerTime();
    this.worker.postMessage({ ...this.running.call, id: this.running.id });
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
    if (response.id !== this.running?.id) return;
    if ('isFetching' in response) {
      this.waitForNetwork(response.isFetching);
      return;
    }
    if ('failure' in response) {
      this.replace(`The engine failed: ${response.failure}.`);
      return;
    }
    this.running.resolve({ status: response.status, body: response.body });
    this.finish();
  }

  private abort(pending: Pending): void {
    pending.reject(abortError());
    this.waiting = this.waiting.filter((other) => other !== pending);
    if (this.running === pending && !this.isFetching) {
      this.replaceAfter(abortGraceMs, 'The engine was kept busy by a cancelled request.');
    }
  }

  /** A slow line is no reason to throw a worker away: it would have to begin again. */
  private waitForNetwork(isFetching: boolean): void {
    this.isFetching = isFetching;
    clearTimeout(this.timer);
    if (!isFetching) this.limitAnswerTime();
  }

  private limitAnswerTime(): void {
    this.replaceAfter(answerMsMax, `The engine gave no answer within ${answerMsMax / 1000} seconds.`);
  }

  private replaceAfter(delayMs: number, reason: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.replace(reason), delayMs);
  }

  /** What waits is lost with what ran: it may name a world that only the old worker had. */
  private replace(reason: string): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.generation++;
    const lost = [this.running, ...this.waiting];
    this.waiting = [];
    for (const pending of lost) pending?.reject(new Error(`${reason} It was restarted; try again.`));
    this.finish();
  }

  private finish(): void {
    clearTimeout(this.timer);
    this.isFetching = false;
    this.running = undefined;
    this.runNext();
  }
}

function abortError(): DOMException {
  return new DOMException('The request was cancelled.', 'AbortError');
}
