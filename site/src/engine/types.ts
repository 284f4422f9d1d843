/**
 * What the page knows of an engine. A component talks to "a Prometheus" through `Prometheus` and
 * can't tell whether a WebAssembly worker or a server answers.
 */

export interface EngineRequest {
  /** GET unless said otherwise. */
  method?: 'GET' | 'POST' | 'DELETE';
  /** For POST: an application/x-www-form-urlencoded body, or JSON if it starts with `{` or `[`. */
  body?: string;
  /** Aborting rejects with an AbortError; a worker stuck in the query is restarted. */
  signal?: AbortSignal;
}

export interface EngineResponse {
  status: number;
  body: string;
}

/** One Prometheus server. `path` is path and query: `/api/v1/query?query=up`. */
export interface Prometheus {
  ask(path: string, request?: EngineRequest): Promise<EngineResponse>;
  /** The instant that "now" means there, in seconds since the epoch. */
  now(): Promise<number>;
}

export interface WorldOptions {
  /** A workload of engine/sim, e.g. `web-shop`. */
  workload: string;
  /** The same seed gives the same world. */
  seed: number;
  /** Seconds of history to simulate before the first query. */
  historySeconds: number;
  /**
   * Files by name: `prometheus.yml` instead of the workload's own; `alertmanager.yml`, which brings an
   * Alertmanager at http://alertmanager:9093 and an inbox at http://inbox/notifications; other `.yml` files
   * are rule files. What is wrong with one rejects with file:line:column (engine/sim/world.h).
   */
  files?: Readonly<Record<string, string>>;
}

/** A simulated data centre in a worker, with one Prometheus in it. */
export interface World extends Prometheus {
  /** Any host of the world by absolute URL: `http://checkout-1:8080/metrics`. */
  askHost(url: string, request?: EngineRequest): Promise<EngineResponse>;
  /** Moves virtual time on; resolves with the new "now". */
  advance(seconds: number): Promise<number>;
}

/** A few samples on which the answer and the goal differ, made as small as the difference allows. */
export interface Counterexample {
  /** When both were asked, in seconds since the epoch. */
  time: number;
  /** A series as Prometheus writes it, and its samples: seconds since the epoch, and the value as text. */
  series: { name: string; samples: [number, string][] }[];
  /** What the goal gives, and what the answer does. No rows: nothing. */
  expected: { name: string; value: string }[];
  found: { name: string; value: string }[];
}

/** The grader's verdict on an answer: engine/grading/grader.h. What is optional is there when it says something. */
export interface Verdict {
  outcome: 'pass' | 'wrong' | 'invalid';
  message: string;
  /** Code of the misconception that the answer's result matches, e.g. `MC19`; "" when none does. */
  misconception: string;
  /** The misconception in a few words: "regexes match substrings". */
  misconceptionName?: string;
  /** What differs from the goal; "" unless wrong. */
  difference: string;
  /** Byte range of the answer that an invalid one fails at. */
  span?: { begin: number; end: number };
  /** Up to two more things to say after `message`, best first. */
  further?: string[];
  /** What the task asks for, and whether the answer does it. */
  requirements?: { text: string; holds: boolean }[];
  /** Wrong, but one small step from right. */
  isNear?: boolean;
  /** A sentence: what the answer computes instead. */
  computes?: string;
  counterexample?: Counterexample;
  /** After a pass: what an expert would add. Markdown code spans. */
  remarks?: string[];
}

export interface Engine {
  /** Opens the world, or gives the one already open with the same options. */
  openWorld(options: WorldOptions): Promise<World>;
  /** Judges an answer to an exercise given as the text of its YAML file. */
  grade(exerciseYaml: string, answer: string): Promise<Verdict>;
}
