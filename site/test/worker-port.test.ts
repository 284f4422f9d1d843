import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WorkerRequest, WorkerResponse } from '../src/engine/messages';
import { WorkerPort } from '../src/engine/worker-port';

/** A worker that answers when the test says so. */
class ScriptedWorker extends EventTarget {
  requests: WorkerRequest[] = [];
  isTerminated = false;
  postMessage(request: WorkerRequest): void {
    this.requests.push(request);
  }
  terminate(): void {
    this.isTerminated = true;
  }
  answer(response: WorkerResponse): void {
    this.dispatchEvent(new MessageEvent('message', { data: response }));
  }
}

const grade = { kind: 'grade', exerciseYaml: '', answer: 'up' } as const;
const workers: ScriptedWorker[] = [];
const port = () =>
  new WorkerPort(() => {
    const worker = new ScriptedWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  });

beforeEach(() => {
  workers.length = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('WorkerPort', () => {
  test('gives the worker one request at a time, in order', async () => {
    const engine = port();
    const first = engine.call(grade);
    const second = engine.call(grade);
    expect(workers[0]!.requests.map(({ id }) => id)).toEqual([1]);
    workers[0]!.answer({ id: 1, status: 200, body: 'one' });
    expect((await first).body).toBe('one');
    workers[0]!.answer({ id: 2, status: 200, body: 'two' });
    expect((await second).body).toBe('two');
  });

  test('cancelling a request that waits leaves the running one alone', async () => {
    const engine = port();
    const running = engine.call(grade);
    const controller = new AbortController();
    const waiting = engine.call(grade, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow('cancelled');
    vi.advanceTimersByTime(5_000);
    expect(workers[0]!.isTerminated).toBe(false);
    workers[0]!.answer({ id: 1, status: 200, body: 'graded' });
    expect((await running).body).toBe('graded');
    expect(workers[0]!.requests).toHaveLength(1);
  });

  test('a cancelled request that keeps the worker busy costs the worker', async () => {
    const engine = port();
    const controller = new AbortController();
    const stuck = engine.call(grade, controller.signal);
    controller.abort();
    await expect(stuck).rejects.toThrow('cancelled');
    vi.advanceTimersByTime(400);
    expect(workers[0]!.isTerminated).toBe(false);
    vi.advanceTimersByTime(200);
    expect(workers[0]!.isTerminated).toBe(true);
    expect(engine.generation).toBe(1);
  });

  test('a failing worker rejects what it had, and the next request starts a new one', async () => {
    const engine = port();
    const lost = [engine.call(grade), engine.call(grade)];
    workers[0]!.answer({ id: 1, failure: 'out of memory' });
    for (const call of lost) await expect(call).rejects.toThrow('The engine failed: out of memory.');
    const next = engine.call(grade);
    workers[1]!.answer({ id: 3, status: 200, body: 'again' });
    expect((await next).body).toBe('again');
  });

  test('a worker that never answers is replaced', async () => {
    const engine = port();
    const call = engine.call(grade);
    vi.advanceTimersByTime(30_000);
    await expect(call).rejects.toThrow('no answer within 30 seconds');
    expect(workers[0]!.isTerminated).toBe(true);
  });

  test('a worker that waits for the network is left in peace, also by a cancelled request', async () => {
    const engine = port();
    const controller = new AbortController();
    const cancelled = engine.call(grade, controller.signal);
    workers[0]!.answer({ id: 1, isFetching: true });
    controller.abort();
    await expect(cancelled).rejects.toThrow('cancelled');
    const next = engine.call(grade);
    vi.advanceTimersByTime(45_000);
    expect(workers[0]!.isTerminated).toBe(false);
    workers[0]!.answer({ id: 1, isFetching: false });
    workers[0]!.answer({ id: 1, status: 200, body: 'late' });
    workers[0]!.answer({ id: 2, status: 200, body: 'graded' });
    expect((await next).body).toBe('graded');
  });

  test('once the network has answered, the worker has to', async () => {
    const engine = port();
    const call = engine.call(grade);
    workers[0]!.answer({ id: 1, isFetching: true });
    workers[0]!.answer({ id: 1, isFetching: false });
    vi.advanceTimersByTime(30_000);
    await expect(call).rejects.toThrow('no answer within 30 seconds');
  });
});
