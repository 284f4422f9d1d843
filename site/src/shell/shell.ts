/**
 * A small shell over a simulated world: what a learner types in a lesson runs here. The programs are those that
 * lessons on Prometheus show; what they say of the world, the world's engine has answered.
 */
import { alertmanagerTool } from './amtool';
import { containers } from './containers';
import { curl } from './curl';
import { jqProgram } from './jq-program';
import { Files, home, ProgramError, type Outcome, type Program, type Programs, type System } from './program';
import { promtool } from './promtool';
import { textTools } from './text-tools';
import { parseLine, ShellError, type Command, type Pipeline } from './words';

export type Surroundings = Pick<System, 'world' | 'scratch' | 'grade'>;

const historyMax = 200;

export class Shell {
  readonly history: string[] = [];
  readonly files: Files;
  private readonly programs: Programs;
  private readonly system: System;
  private status = 0;

  constructor(surroundings: Surroundings, files: Readonly<Record<string, string>> = {}) {
    this.files = new Files(files);
    this.programs = {
      curl,
      jq: jqProgram,
      promtool,
      amtool: alertmanagerTool,
      ...containers,
      ...textTools,
      help: { about: 'this list', run: () => this.help() },
      history: {
        about: 'what was typed',
        run: () => ({
          out: this.history.map((line, index) => `${String(index + 1).padStart(5)}  ${line}\n`).join(''),
          err: '',
          status: 0,
        }),
      },
    };
    this.system = {
      ...surroundings,
      files: this.files,
      run: (words, input) => this.runWords(words, input),
    };
  }

  /** Runs a line. Never rejects but when the engine is lost. */
  async run(line: string): Promise<Outcome> {
    if (line.trim() !== '') this.history.push(line);
    if (this.history.length > historyMax) this.history.shift();
    /** Read anew before each pipeline: `$?` is that of the one before. */
    const read = (): Pipeline[] => parseLine(line, (name) => this.variable(name));
    let count: number;
    try {
      count = read().length;
    } catch (error) {
      if (!(error instanceof ShellError)) throw error;
      this.status = 2;
      return { out: '', err: `sh: ${error.message}\n`, status: 2 };
    }
    let out = '';
    let err = '';
    for (let i = 0; i < count; i++) {
      const { commands, when } = read()[i]!;
      if (when !== 'always' && (this.status === 0) !== (when === 'success')) continue;
      const outcome = await this.runPipeline(commands);
      out += outcome.out;
      err += outcome.err;
      this.status = outcome.status;
    }
    return { out, err, status: this.status };
  }

  /**
   * What the word at the end of `line` could become: the part of the line that stays, and the words.
   */
  async complete(line: string): Promise<{ kept: string; words: string[] }> {
    const [, kept = '', current = ''] = /^([^]*?)([^\s|;&'"]*)$/.exec(line) ?? [];
    const words = (/(?:^|\|\||&&|[|;])\s*([^|;]*)$/.exec(kept)?.[1] ?? '').split(/\s+/).filter(Boolean);
    const choices = await this.choices(words, current);
    return {
      kept,
      words: [...new Set(choices)].filter((word) => word.startsWith(current) && word !== current).sort(),
    };
  }

  private async choices(words: readonly string[], current: string): Promise<readonly string[]> {
    const [name, ...args] = words;
    if (name === undefined) return Object.keys(this.programs);
    const program = this.program(name);
    const own = (await program?.complete?.([...args, current], this.system)) ?? [];
    return [...own, ...this.files.names()];
  }

  private program(name: string): Program | undefined {
    return Object.hasOwn(this.programs, name) ? this.programs[name] : undefined;
  }

  private variable(name: string): string {
    return { '?': String(this.status), PWD: home, HOME: home }[name] ?? '';
  }

  private async runPipeline(commands: readonly Command[]): Promise<Outcome> {
    let input = '';
    let err = '';
    let status = 0;
    for (const { words, output } of commands) {
      const outcome = await this.runWords(
        words.flatMap((word) => this.files.expand(word)),
        input,
      );
      err += outcome.err;
      status = outcome.status;
      input = outcome.out;
      if (!output) continue;
      if (output.file !== '/dev/null') {
        this.files.write(output.file, (output.append ? (this.files.read(output.file) ?? '') : '') + input);
      }
      input = '';
    }
    return { out: input, err, status };
  }

  private async runWords(words: readonly string[], input: string): Promise<Outcome> {
    const [name = '', ...args] = words;
    const program = this.program(name);
    if (!program) {
      return { out: '', err: `sh: ${name}: command not found; help lists what there is\n`, status: 127 };
    }
    try {
      return await program.run(args, input, this.system);
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      return { out: '', err: `${error.message}\n`, status: error.status };
    }
  }

  private help(): Outcome {
    const width = Math.max(...Object.keys(this.programs).map((name) => name.length));
    const list = Object.entries(this.programs).map(
      ([name, { about }]) => `${name.padEnd(width)}  ${about}\n`,
    );
    return { out: list.join(''), err: '', status: 0 };
  }
}
