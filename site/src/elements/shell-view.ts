/**
 * The shell in the page: a line to type, what it answered, and the lesson's commands as buttons. Tab completes while
 * there is something to complete; Escape gives Tab back, so the keyboard is never caught.
 */
import http from '../../../course/rules/http.yml?raw';
import operations from '../../../course/rules/operations.yml?raw';
import styleAddress from '../styles/shell.css?url';
import { element } from '../dom/element';
import { loadStyle } from '../dom/load-style';
import { isWorld, openSource, pageEngine } from '../prometheus/source';
import { plural } from '../result/format';
import type { World } from '../engine/types';
import { Shell, type Surroundings } from '../shell/shell';
import type { Outcome } from '../shell/program';

/** Beyond this a screen reader hears a count instead of the text. */
const spokenLinesMax = 4;
const shownLinesMax = 1000;
const entriesMax = 60;
/** In pixels, above the entry that came last. */
const logPadding = 8;

const lessonWorld = { world: 'lesson-shop', seed: 1, historySeconds: 7200 };

export async function openShell(host: HTMLElement): Promise<void> {
  await loadStyle(styleAddress);
  new ShellView(host);
}

class ShellView {
  private readonly shell: Shell;
  private readonly log = element('div', {
    class: 'log',
    role: 'region',
    'aria-label': 'What the shell answered',
    tabindex: 0,
    hidden: true,
  });
  private readonly input = element('input', {
    type: 'text',
    'aria-label': 'Command',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'go',
    placeholder: 'Type a command; help lists them',
  });
  private readonly said = element('p', { class: 'said', role: 'status' });
  private readonly run = element('button', { type: 'submit', class: 'primary' }, 'Run');
  private busy: Promise<void> = Promise.resolve();
  /** Where the arrow keys stand in the history; its length is the line being typed. */
  private at = 0;
  private completesWithTab = true;

  constructor(private readonly host: HTMLElement) {
    this.shell = new Shell(surroundings(host), files(host));
    const form = element(
      'form',
      {},
      element('span', { class: 'prompt', 'aria-hidden': 'true' }, '$'),
      this.input,
      this.run,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit(this.input.value);
    });
    this.input.addEventListener('keydown', (event) => this.onKey(event));
    this.input.addEventListener('input', () => {
      this.completesWithTab = true;
    });
    for (const code of host.querySelectorAll<HTMLElement>('.commands code')) this.offer(code);
    host.append(this.log, form, this.said);
    host.dataset['ready'] = '';
  }

  /** A command of the lesson becomes a button that runs it. */
  private offer(code: HTMLElement): void {
    const button = element('button', { type: 'button', title: 'Run this' });
    code.replaceWith(button);
    button.append(code);
    button.addEventListener('click', () => this.submit(code.textContent));
  }

  private submit(line: string): void {
    if (line.trim() === '') return;
    this.input.value = '';
    this.busy = this.busy.then(() => this.execute(line));
  }

  private async execute(line: string): Promise<void> {
    if (line.trim() === 'clear') {
      this.clear();
      return;
    }
    this.host.dataset['state'] = 'waiting';
    this.said.textContent = 'The world is asked …';
    let outcome: Outcome;
    try {
      outcome = await this.shell.run(line);
    } catch (error) {
      outcome = { out: '', err: error instanceof Error ? error.message : String(error), status: 1 };
    }
    delete this.host.dataset['state'];
    this.at = this.shell.history.length;
    this.show(line, outcome);
  }

  private show(line: string, { out, err, status }: Outcome): void {
    const lines = out.replace(/\n$/, '').split('\n');
    const cut = lines.length > shownLinesMax;
    const text = cut ? lines.slice(0, shownLinesMax).join('\n') : out;
    const entry = element(
      'div',
      { class: 'entry' },
      element('p', { class: 'typed' }, element('span', { 'aria-hidden': 'true' }, '$ '), line),
      out !== '' && element('pre', {}, text),
      cut &&
        element(
          'p',
          {},
          `${plural(lines.length - shownLinesMax, 'more line', 'more lines')}; head, grep or jq take less.`,
        ),
      err !== '' && element('pre', { class: 'error' }, err),
    );
    this.log.hidden = false;
    this.log.append(entry);
    while (this.log.childElementCount > entriesMax) this.log.firstElementChild?.remove();
    this.log.scrollTop = entry.offsetTop - this.log.offsetTop - logPadding;
    this.said.textContent = spoken(out, err, status);
  }

  private clear(): void {
    this.log.replaceChildren();
    this.log.hidden = true;
    this.said.textContent = 'Cleared.';
  }

  private onKey(event: KeyboardEvent): void {
    const { key } = event;
    if (key === 'ArrowUp' || key === 'ArrowDown') {
      event.preventDefault();
      this.recall(key === 'ArrowUp' ? -1 : 1);
    } else if (key === 'Escape') {
      this.completesWithTab = false;
    } else if (key === 'l' && event.ctrlKey) {
      event.preventDefault();
      this.clear();
    } else if (key === 'Tab' && !event.shiftKey && this.completesWithTab && this.isAtEnd()) {
      event.preventDefault();
      void this.complete();
    }
  }

  /** An empty line has nothing to complete: Tab goes on to the next control. */
  private isAtEnd(): boolean {
    const { value, selectionEnd } = this.input;
    return value.trim() !== '' && selectionEnd === value.length;
  }

  private recall(step: number): void {
    const { history } = this.shell;
    this.at = Math.min(Math.max(this.at + step, 0), history.length);
    this.input.value = history[this.at] ?? '';
  }

  private async complete(): Promise<void> {
    const typed = this.input.value;
    const { kept, words } = await this.shell.complete(typed);
    if (this.input.value !== typed) return;
    const common = commonStart(words);
    if (words.length === 1) this.input.value = `${kept}${words[0]!} `;
    else if (kept.length + common.length > typed.length) this.input.value = kept + common;
    this.said.textContent =
      words.length === 0
        ? 'Nothing to complete. Tab again leaves the line.'
        : words.length === 1
          ? words[0]!
          : `${words.slice(0, 12).join('  ')}${words.length > 12 ? ` and ${words.length - 12} more` : ''}`;
    if (words.length === 0) this.completesWithTab = false;
  }
}

function spoken(out: string, err: string, status: number): string {
  const whole = `${err}${out}`.trim();
  const lines = whole === '' ? 0 : whole.split('\n').length;
  const result = status === 0 ? '' : ` It ended with status ${status}.`;
  if (lines === 0) return status === 0 ? 'Done, without output.' : `No output.${result}`;
  return (lines <= spokenLinesMax ? whole : `${plural(lines, 'line', 'lines')} of output.`) + result;
}

function commonStart(words: readonly string[]): string {
  const [first = '', ...others] = words;
  let length = first.length;
  for (const word of others) while (!word.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

/** The shell's files: those of the lesson, and what its Prometheus runs with. */
function files(host: HTMLElement): Record<string, string> {
  const given = JSON.parse(host.dataset['files'] ?? '{}') as Record<string, string>;
  return { 'rules/http.yml': http, 'rules/operations.yml': operations, ...given };
}

/** Each shell of a page asks the world that the lesson's sandboxes show, unless it has files of its own in effect. */
function surroundings({ dataset }: HTMLElement): Surroundings {
  const inEffect: Record<string, string> = {};
  if (dataset['rules'] !== undefined) {
    inEffect['rules/operations.yml'] = operations;
    inEffect['rules/http.yml'] = http;
  }
  const alertmanager = dataset['alertmanager'];
  if (alertmanager !== undefined) inEffect['alertmanager.yml'] = alertmanager;
  const hasFiles = Object.keys(inEffect).length > 0;
  let world: Promise<World> | undefined;
  const open = async (): Promise<World> => {
    const source = await openSource({ ...lessonWorld, ...(hasFiles && { files: inEffect }) });
    if (!isWorld(source)) throw new Error('The shell needs a simulated world.');
    return source;
  };
  return {
    world: () => (world ??= open()),
    scratch: async (given) =>
      (await pageEngine()).openWorld({ workload: 'toy', seed: 1, historySeconds: 0, files: given }),
    grade: async (exercise, answer) => (await pageEngine()).grade(exercise, answer),
  };
}
