/**
 * The engine's WebAssembly module behind plain functions. The C side is wasm/engine_abi.cc; nothing
 * outside this file knows about addresses, nor that the engine comes in two parts: what the first lessons
 * run, and the rest, which is linked in when it is first called (wasm/CMakeLists.txt).
 */

interface Exports {
  memory: WebAssembly.Memory;
  __indirect_function_table: WebAssembly.Table;
  _initialize(): void;
  promenade_allocate(size: number): number;
  promenade_release(address: number): void;
  promenade_open_world(
    workload: number,
    size: number,
    seed: number,
    historySeconds: number,
    files: number,
    filesSize: number,
  ): number;
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

  /** `loadDeferred` gives the second part; it is called at most once, in the midst of a call of the engine. */
  static async load(
    primary: WebAssembly.Module,
    loadDeferred: () => WebAssembly.Module,
  ): Promise<EngineModule> {
    const host = new Host(loadDeferred);
    const instance = await WebAssembly.instantiate(primary, imports(primary, host));
    host.exports = instance.exports as unknown as Exports;
    host.exports._initialize();
    return new EngineModule(host.exports);
  }

  openWorld(
    workload: string,
    seed: number,
    historySeconds: number,
    files: Readonly<Record<string, string>> = {},
  ): ModuleResponse {
    // Reading JSON is of the second part, which a world without files should not need.
    const json = Object.keys(files).length === 0 ? '' : JSON.stringify(files);
    return this.withTexts([workload, json], ([text, given]) =>
      this.exports.promenade_open_world(...text!, seed, historySeconds, ...given!),
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

/** What the engine calls outside of itself. */
class Host {
  exports: Exports | undefined;
  private isLinked = false;
  private failure: Error | undefined;

  constructor(private readonly loadDeferred: () => WebAssembly.Module) {}

  /**
   * Stands in the function table where a deferred function belongs, and puts all of them there when it is
   * called. No placeholder passes floating point numbers, whose NaNs JavaScript may change: the build keeps
   * such functions in the first part.
   */
  placeholder(index: number): TableFunction {
    const standIn: TableFunction = (...args) => {
      this.link();
      const deferred = this.exports!.__indirect_function_table.get(index) as TableFunction;
      return deferred(...args);
    };
    return standIn;
  }

  private link(): void {
    if (this.isLinked) throw new EngineExit('The two parts of the engine do not fit together.');
    // Cleaning up after a failure calls deferred functions, too: they must not try again.
    if (this.failure) throw this.failure;
    try {
      new WebAssembly.Instance(this.loadDeferred(), {
        primary: this.exports as unknown as WebAssembly.ModuleImports,
      });
      this.isLinked = true;
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      throw this.failure;
    }
  }

  /** WASI fd_write: an array of (address, size) pairs; the number of bytes taken goes to `written`. */
  writeToConsole(vectors: number, count: number, written: number): number {
    if (!this.exports) return wasiNotSupported;
    const { buffer } = this.exports.memory;
    const view = new DataView(buffer);
    let text = '';
    let size = 0;
    for (let i = 0; i < count; i++) {
      const address = view.getUint32(vectors + 8 * i, true);
      const length = view.getUint32(vectors + 8 * i + 4, true);
      text += new TextDecoder().decode(new Uint8Array(buffer, address, length));
      size += length;
    }
    if (text.trim()) console.error(text.trimEnd());
    view.setUint32(written, size, true);
    return 0;
  }
}

type TableFunction = (...args: unknown[]) => unknown;
type Imported = (...args: never[]) => unknown;

/**
 * What the module imports: placeholders, and the C library's view of a system. The engine needs none of
 * the latter but a place for the last words of a failed CHECK; the rest says "not supported".
 */
function imports(source: WebAssembly.Module, host: Host): WebAssembly.Imports {
  const provided: Record<string, Imported> = {
    emscripten_notify_memory_growth: () => 0,
    proc_exit: (status: number) => {
      throw new EngineExit(`The engine stopped itself (status ${status}).`);
    },
    fd_write: (_file: number, vectors: number, count: number, written: number) =>
      host.writeToConsole(vectors, count, written),
  };
  const all: Record<string, Record<string, Imported>> = {};
  for (const { module, name } of WebAssembly.Module.imports(source)) {
    (all[module] ??= {})[name] =
      module === 'placeholder'
        ? host.placeholder(Number(name))
        : (provided[name] ?? (() => wasiNotSupported));
  }
  return all;
}
