// The page's engine under Node: worlds as the lessons have them, and their Prometheus.
import { readFileSync } from 'node:fs';

/** Loads the WebAssembly module; every import is a function that does nothing. */
export function loadEngine(file) {
  const source = new WebAssembly.Module(readFileSync(file));
  const imports = {};
  for (const { module, name } of WebAssembly.Module.imports(source)) {
    imports[module] = { ...imports[module], [name]: () => 0 };
  }
  const { exports } = new WebAssembly.Instance(source, imports);
  exports._initialize();

  const pass = (text) => {
    const bytes = new TextEncoder().encode(text);
    const address = exports.promenade_allocate(bytes.length);
    new Uint8Array(exports.memory.buffer, address, bytes.length).set(bytes);
    return [address, bytes.length];
  };
  const read = (response) => {
    const [status, body, size] = new Uint32Array(exports.memory.buffer, response, 3);
    return { status, body: new TextDecoder().decode(new Uint8Array(exports.memory.buffer, body, size)) };
  };
  return {
    openWorld({ workload, seed, historySeconds, files = {} }) {
      const opened = read(
        exports.promenade_open_world(...pass(workload), seed, historySeconds, ...pass(JSON.stringify(files))),
      );
      if (opened.status !== 200) throw new Error(opened.body);
      const world = Number(opened.body);
      const ask = (url) => read(exports.promenade_ask(world, ...pass('GET'), ...pass(url), ...pass('')));
      return new LessonWorld(ask, historySeconds);
    },
  };
}

class LessonWorld {
  constructor(ask, historySeconds) {
    this.ask = ask;
    this.historySeconds = historySeconds;
    this.now = JSON.parse(ask('http://world/clock').body).now;
  }

  /** What the Table tab shows: the API's answer. */
  table(query) {
    return this.answer('query', { query, time: this.now });
  }

  /** What the Graph tab shows with its longest range: about 240 points (site/src/result/graph-model.ts). */
  graph(query) {
    return this.answer('query_range', {
      query,
      start: this.now - this.historySeconds,
      end: this.now,
      step: this.historySeconds / 240,
    });
  }

  answer(endpoint, parameters) {
    return JSON.parse(
      this.ask(`http://prometheus:9090/api/v1/${endpoint}?${new URLSearchParams(parameters)}`).body,
    );
  }
}

/** Whether an answer of the API has at least one element. */
export const hasElements = ({ status, data }) =>
  status === 'success' &&
  (data.resultType === 'scalar' || data.resultType === 'string' || data.result.length > 0);
