/** The worker: loads the engine once and answers one request after another. */
import deferredUrl from './generated/promenade.deferred.wasm?url';
import wasmUrl from './generated/promenade.wasm?url';
import type { WorkerRequest, WorkerResponse } from './messages';
import { EngineModule, type ModuleResponse } from './module';

/** Longer than a page's first results take: the second part of the engine must not hold them up. */
const prefetchDelayMs = 2000;

let deferred: WebAssembly.Module | undefined;

/** Needed in the midst of a call, so there is no time to wait for a promise. */
function fetchDeferred(): WebAssembly.Module {
  if (deferred) return deferred;
  const request = new XMLHttpRequest();
  request.responseType = 'arraybuffer';
  request.open('GET', deferredUrl, false);
  request.send();
  if (request.status !== 200) throw new Error(`${deferredUrl} answered ${request.status}`);
  return new WebAssembly.Module(request.response as ArrayBuffer);
}

/** Spares the first call that needs it the wait. That call tries again, if this fails. */
async function prefetchDeferred(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, prefetchDelayMs));
  deferred = await WebAssembly.compileStreaming(fetch(deferredUrl, { priority: 'low' }));
}

const engine = WebAssembly.compileStreaming(fetch(wasmUrl)).then((primary) => {
  prefetchDeferred().catch(() => undefined);
  return EngineModule.load(primary, fetchDeferred);
});

function answer(module: EngineModule, request: WorkerRequest): ModuleResponse {
  switch (request.kind) {
    case 'open':
      return module.openWorld(request.workload, request.seed, request.historySeconds);
    case 'ask':
      return module.ask(request.world, request.method, request.url, request.body);
    case 'grade':
      return module.grade(request.exerciseYaml, request.answer);
  }
}

async function respond(request: WorkerRequest): Promise<WorkerResponse> {
  try {
    return { id: request.id, ...answer(await engine, request) };
  } catch (error) {
    return { id: request.id, failure: error instanceof Error ? error.message : String(error) };
  }
}

addEventListener('message', (event: MessageEvent<WorkerRequest>) => {
  void respond(event.data).then((response) => postMessage(response));
});
