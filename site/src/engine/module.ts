/**
 * The engine's WebAssembly module behind plain functions. The C side is wasm/engine_abi.cc; nothing
 * outside this file knows about addresses.
 */

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  promenade_allocate(size: number): number;
  promenade_release(address: number): void;
  promenade_open_world(workload: number, size: number, seed: number, historySeconds: number): number;
  promenade_ask(
    handle: number,
    method: number,
    methodSize: number,
    url: number,
    urlSize: number,
    body: number,
    bodySize: number,
  ): number;
  promenade_grade(exercise: number, exerciseSize: number, answer: number, answerSize: number): number;
}

export interface ModuleResponse {
  status: number;
  body: string;
}

/** The engine ended itself: one of its own invariants did not hold. */
export class EngineExit extends Error {}

const wasiNotSupported = 52;

export class EngineModule {
  private readonly encoder = new TextEncoder();
  private readonly decoder = new TextDecoder();

  private constructor(private readonly exports: Exports) {}

  static async load(source: WebAssembly.Module): Promise<EngineModule> {
    const host: { memory?: WebAssembly.Memory } = {};
    const instance = await WebAssembly.instantiate(
      source,
      imports(source, () => host.memory),
    );
    const exports = instance.exports as unknown as Exports;
    host.memory = exports.memory;
    exports._initialize();
    return new EngineModule(exports);
  }

  openWorld(workload: string, seed: number, historySeconds: number): ModuleResponse {
    return this.withTexts([workload], ([text]) =>
      this.exports.promenade_open_world(...text!, seed, historySeconds),
    );
  }

  ask(handle: number, method: string, url: string, body: string): ModuleResponse {
    return this.withTexts([method, url, body], ([m, u, b]) =>
      this.exports.promenade_ask(handle, ...m!, ...u!, ...b!),
    );
  }

  grade(exerciseYaml: string, answer: string): ModuleResponse {
    return this.withTexts([exerciseYaml, answer], ([exercise, text]) =>
      this.exports.promenade_grade(...exercise!, ...text!),
    );
  }

  /** Copies texts into the module's memory for the length of one call, and copies its answer out. */
  private withTexts(
    texts: string[],
    call: (texts: [address: number, size: number][]) => number,
  ): ModuleResponse {
    const passed = texts.map((text) => this.pass(text));
    try {
      return this.read(call(passed));
    } finally {
      for (const [address] of passed) this.exports.promenade_release(address);
    }
  }

  private pass(text: string): [address: number, size: number] {
    const bytes = this.encoder.encode(text);
    const address = this.exports.promenade_allocate(bytes.length);
    if (address === 0) throw new RangeError('The engine has no memory left for this text.');
    new Uint8Array(this.exports.memory.buffer, address, bytes.length).set(bytes);
    return [address, bytes.length];
  }

  private read(response: number): ModuleResponse {
    const words = new DataView(this.exports.memory.buffer, response, 12);
    const bytes = new Uint8Array(
      this.exports.memory.buffer,
      words.getUint32(4, true),
      words.getUint32(8, true),
    );
    return { status: words.getUint32(0, true), body: this.decoder.decode(bytes) };
  }
}

/**
 * What the module imports: the C library's view of a system. The engine needs none of it but a place
 * for the last words of a failed CHECK, so everything else says "not supported".
 */
function imports(
  source: WebAssembly.Module,
  memory: () => WebAssembly.Memory | undefined,
): WebAssembly.Imports {
  const provided: Record<string, (...args: number[]) => number> = {
    emscripten_notify_memory_growth: () => 0,
    proc_exit: (status) => {
      throw new EngineExit(`The engine stopped itself (status ${status}).`);
    },
    fd_write: (_file, vectors, count, written) => writeToConsole(memory(), vectors, count, written),
  };
  const all: Record<string, Record<string, (...args: number[]) => number>> = {};
  for (const { module, name } of WebAssembly.Module.imports(source)) {
    (all[module] ??= {})[name] = provided[name] ?? (() => wasiNotSupported);
  }
  return all;
}

/** WASI fd_write: an array of (address, size) pairs; the number of bytes taken goes to `written`. */
function writeToConsole(
  memory: WebAssembly.Memory | undefined,
  vectors: number,
  count: number,
  written: number,
): number {
  if (!memory) return wasiNotSupported;
  const view = new DataView(memory.buffer);
  let text = '';
  let size = 0;
  for (let i = 0; i < count; i++) {
    const address = view.getUint32(vectors + 8 * i, true);
    const length = view.getUint32(vectors + 8 * i + 4, true);
    text += new TextDecoder().decode(new Uint8Array(memory.buffer, address, length));
    size += length;
  }
  if (text.trim()) console.error(text.trimEnd());
  view.setUint32(written, size, true);
  return 0;
}
