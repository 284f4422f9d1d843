/** The worker: loads the engine once and answers one request after another. */
import wasmUrl from './generated/promenade.wasm?url';
import type { WorkerRequest, WorkerResponse } from './messages';
import { EngineModule, type ModuleResponse } from './module';

const engine = WebAssembly.compileStreaming(fetch(wasmUrl)).then((source) => EngineModule.load(source));

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
