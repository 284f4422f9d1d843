/** The engine in a worker, as the page's components see it. */
import type { Engine, EngineRequest, EngineResponse, Verdict, World, WorldOptions } from './types';
import type { WorkerPort } from './worker-port';

/** The most that a world's clock moves on in one request (engine/sim/world.cc). */
const advanceSecondsMax = 24 * 3600;

const prometheusUrl = 'http://prometheus:9090';

/**
 * A world is what its options say plus the time that went by since. Both are kept here, so a world
 * lost with its worker comes back as it was.
 */
class WorkerWorld implements World {
  private opened: { generation: number; handle: Promise<number> } | undefined;
  private advancedSeconds = 0;

  constructor(
    private readonly port: WorkerPort,
    private readonly options: WorldOptions,
  ) {}

  ask(path: string, request?: EngineRequest): Promise<EngineResponse> {
    return this.askHost(prometheusUrl + path, request);
  }

  async askHost(url: string, request: EngineRequest = {}): Promise<EngineResponse> {
    return this.send(await this.handle(), url, request);
  }

  async now(): Promise<number> {
    return parseClock(await this.askHost('http://world/clock'));
  }

  async advance(seconds: number): Promise<number> {
    const now = parseClock(await this.askHost(advanceUrl(seconds), { method: 'POST' }));
    this.advancedSeconds += seconds;
    return now;
  }

  /** Rejects when the world can't be opened. */
  async handle(): Promise<number> {
    if (this.opened?.generation !== this.port.generation) {
      this.opened = { generation: this.port.generation, handle: this.open() };
    }
    return this.opened.handle;
  }

  private async open(): Promise<number> {
    const response = await this.port.call({ kind: 'open', ...this.options });
    if (response.status !== 200) throw new Error(response.body);
    const handle = Number(response.body);
    for (let left = this.advancedSeconds; left > 0; left -= advanceSecondsMax) {
      const url = advanceUrl(Math.min(left, advanceSecondsMax));
      parseClock(await this.send(handle, url, { method: 'POST' }));
    }
    return handle;
  }

  private send(world: number, url: string, request: EngineRequest): Promise<EngineResponse> {
    const { method = 'GET', body = '', signal } = request;
    return this.port.call({ kind: 'ask', world, method, url, body }, signal);
  }
}

const advanceUrl = (seconds: number) => `http://world/clock?advance=${seconds}`;

function parseClock(response: EngineResponse): number {
  if (response.status !== 200) throw new Error(response.body);
  const clock: unknown = JSON.parse(response.body);
  if (typeof clock === 'object' && clock !== null && 'now' in clock && typeof clock.now === 'number') {
    return clock.now;
  }
  throw new Error(`The world's clock answered ${response.body}`);
}

export class WorkerEngine implements Engine {
  private readonly worlds = new Map<string, WorkerWorld>();

  constructor(private readonly port: WorkerPort) {}

  async openWorld(options: WorldOptions): Promise<World> {
    const { workload, seed, historySeconds, files = {} } = options;
    const key = JSON.stringify([workload, seed, historySeconds, Object.entries(files).sort()]);
    let world = this.worlds.get(key);
    if (!world) {
      world = new WorkerWorld(this.port, options);
      this.worlds.set(key, world);
    }
    await world.handle();
    return world;
  }

  async grade(exerciseYaml: string, answer: string): Promise<Verdict> {
    const response = await this.port.call({ kind: 'grade', exerciseYaml, answer });
    if (response.status !== 200) throw new Error(response.body);
    return JSON.parse(response.body) as Verdict;
  }
}
