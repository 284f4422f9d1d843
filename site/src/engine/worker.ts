/** The worker: loads the engine once and answers one request after another. */
import deferredUrl from './generated/promenade.deferred.wasm?url';
import wasmUrl from './generated/promenade.wasm?url';
import type { WorkerRequest, WorkerResponse } from './messages';
import { EngineModule, type ModuleResponse } from './module';

/** A line that takes longer for the engine's second part has stalled. */
const fetchMsMax = 60_000;

let deferred: WebAssembly.Module | undefined;
let prefetched: Promise<void> | undefined;
let running = 0;

/** Spares the first call that needs the second part the wait. That call tries again, if this fails. */
async function prefetchDeferred(): Promise<void> {
  try {
    deferred = await WebAssembly.compileStreaming(fetch(deferredUrl, { priority: 'low' }));
  } catch {
    prefetched = undefined;
  }
}

/** In the midst of a call there is no waiting for a promise. */
function loadDeferred(): WebAssembly.Module {
  if (deferred) return deferred;
  say({ id: running, isFetching: true });
  const module = new WebAssembly.Module(fetchNow(deferredUrl));
  say({ id: running, isFetching: false });
  return module;
}

function fetchNow(url: string): ArrayBuffer {
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  request.responseType = 'arraybuffer';
  request.timeout = fetchMsMax;
  try {
    request.send();
  } catch {
    throw new Error('its second part could not be loaded; check the connection');
  }
  if (request.status !== 200) {
    throw new Error(`its second part could not be loaded (status ${request.status}); reload the page`);
  }
  return request.response as ArrayBuffer;
}

const engine = WebAssembly.compileStreaming(fetch(wasmUrl)).then((primary) =>
  EngineModule.load(primary, loadDeferred),
);

function answer(module: EngineModule, request: WorkerRequest): ModuleResponse {
  switch (request.kind) {
    case 'open':
      return module.openWorld(request.workload, request.seed, request.historySeconds, request.files);
    case 'ask':
      return module.ask(request.world, request.method, request.url, request.body);
    case 'grade':
      return module.grade(request.exerciseYaml, request.answer);
  }
}

async function respond(request: WorkerRequest): Promise<WorkerResponse> {
  try {
    const module = await engine;
    running = request.id;
    return { id: request.id, ...answer(module, request) };
  } catch (error) {
    return { id: request.id, failure: error instanceof Error ? error.message : String(error) };
  }
}

function say(response: WorkerResponse): void {
  postMessage(response);
}

addEventListener('message', (event: MessageEvent<WorkerRequest>) => {
  void respond(event.data).then((response) => {
    say(response);
    // Opening a world is no result yet: what the learner waits for comes first.
    if (event.data.kind !== 'open') prefetched ??= prefetchDeferred();
  });
});
