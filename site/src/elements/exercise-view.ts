/**
 * An exercise that is in view. The engine judges the answer by what it does in hidden worlds; the verdict, the hints
 * used and the answer are kept in the learner's progress.
 */
import type { AnswerForm } from '../answer-forms/form';
import { blockNodes } from '../dom/blocks';
import { element, phrase } from '../dom/element';
import { loadStyle } from '../dom/load-style';
import { spanOfPosition } from '../editor/offsets';
import type { Verdict } from '../engine/types';
import { progress, updateProgress } from '../progress/page-progress';
import { afterMiss, afterPass, isDue } from '../progress/review';
import { list, object, text, texts } from '../prometheus/decode';
import { pageEngine } from '../prometheus/source';
import verdictStyle from '../styles/verdict.css?url';
import type { Block } from '../text/blocks';
import { PromenadeAnswer } from './answer';
import { PromenadeSandbox } from './sandbox';

/** What the page fetches when an answer is checked: it is not in the lesson's text. */
interface ExerciseKey {
  readonly source: string;
  readonly reference: string;
  readonly equivalents: readonly string[];
  readonly explanation: readonly Block[];
}

const headlines = { pass: 'Right.', wrong: 'Not yet.', invalid: 'This does not run yet.' } as const;

/** When a verdict is looked for again, in milliseconds after it came. */
const bringBackDelays = [500, 1000, 2000, 4000];

export class ExerciseView {
  private readonly exercise: string;
  /** The place of the answer: a live query, or a form. */
  private readonly field: PromenadeSandbox | PromenadeAnswer;
  private readonly styled: Promise<void>;
  private key: Promise<ExerciseKey> | undefined;

  constructor(private readonly root: HTMLElement) {
    this.exercise = root.dataset['id'] ?? '';
    const field = root.querySelector('promenade-sandbox, promenade-answer');
    if (!(field instanceof PromenadeSandbox || field instanceof PromenadeAnswer)) {
      throw new Error(`Exercise ${this.exercise} has no place for an answer.`);
    }
    this.field = field;
    this.styled = loadStyle(verdictStyle);
    root.addEventListener('sandbox-change', (event) => {
      updateProgress(this.exercise, { answer: (event as CustomEvent<string>).detail });
    });
    root.addEventListener('sandbox-check', () => void this.check());
    this.find('check').addEventListener('click', () => void this.check());
    this.find('reset').addEventListener('click', () => this.reset());
    this.find('reveal').addEventListener('click', () => void this.reveal());
    const saved = progress.get(this.exercise);
    this.setUpHints(saved?.hints ?? 0);
    // One that is due is to be solved again.
    if ((saved?.solved || saved?.revealed) && !isDue(saved, Date.now())) void this.showSolution();
    for (const name of ['check', 'reset']) this.find(name).removeAttribute('disabled');
    root.dataset['ready'] = '';
  }

  private find(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
  }

  private async check(): Promise<void> {
    const button = this.find('check');
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    this.showVerdict(element('p', {}, 'Trying your answer …'));
    try {
      const form: AnswerForm = await this.field.open();
      const [engine, key] = await Promise.all([pageEngine(), this.loadKey()]);
      const answer = form.text;
      const verdict = await engine.grade(key.source, answer);
      await this.conclude(verdict, answer, form);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const failure = `The answer could not be checked: ${reason} Try again.`;
      this.showVerdict(element('p', {}, failure));
      this.announce([failure]);
      this.bringIntoView();
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }

  private async conclude(verdict: Verdict, answer: string, form: AnswerForm): Promise<void> {
    this.root.dataset['outcome'] = verdict.outcome;
    const [{ verdictParts }] = await Promise.all([import('./verdict-view'), this.styled]);
    const headline = element('p', { class: 'headline' }, icon(verdict.outcome), headlines[verdict.outcome]);
    this.showVerdict(headline, ...verdictParts(verdict));
    this.announce([headlines[verdict.outcome], verdict.misconceptionName, verdict.message]);
    this.record(verdict);
    if (verdict.outcome === 'invalid') {
      const { message } = verdict;
      const span = verdict.span
        ? { start: verdict.span.begin, end: verdict.span.end }
        : spanOfPosition(answer, message);
      if (span) form.showProblem({ kind: 'bad_data', message, span });
    }
    this.bringIntoView();
    if (verdict.outcome !== 'pass') return;
    const before = progress.get(this.exercise);
    const helped = before?.revealed === true && !before.solved;
    updateProgress(this.exercise, { solved: true, answer, ...afterPass(before, Date.now(), helped) });
    await this.showSolution();
  }

  /** What the dashboard tells later: how many answers, and which ideas they showed. */
  private record({ outcome, misconception, misconceptionName }: Verdict): void {
    const before = progress.get(this.exercise);
    const attempts = (before?.attempts ?? 0) + 1;
    if (outcome !== 'wrong') {
      updateProgress(this.exercise, { attempts });
      return;
    }
    const known = before?.met?.[misconception];
    const met =
      misconception && misconceptionName
        ? { ...before?.met, [misconception]: { name: misconceptionName, count: (known?.count ?? 0) + 1 } }
        : before?.met;
    updateProgress(this.exercise, { attempts, ...(met && { met }), ...afterMiss(before, Date.now()) });
  }

  /** The last step of the ladder: the solution without having solved it. */
  private async reveal(): Promise<void> {
    if (!progress.get(this.exercise)?.solved) updateProgress(this.exercise, { revealed: true });
    await this.showSolution();
    this.find('solution').focus();
  }

  private showVerdict(...content: (Node | undefined)[]): void {
    this.find('verdict').replaceChildren(...content.filter((node) => node !== undefined));
  }

  /** What a screen reader says: the verdict in short. Its ticks and tables are there to be read. */
  private announce(sentences: readonly (string | undefined)[]): void {
    const all = sentences.filter((each) => each).join(' ');
    this.find('announcement').textContent = element('p', {}, ...phrase(all)).textContent;
  }

  /**
   * The verdict stands below results that may fill a small screen. One that is in view does not move. Results that come
   * after it may push it away: then it is fetched again, until the reader does something.
   */
  private bringIntoView(): void {
    const verdict = this.find('verdict');
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const scroll = (behavior: ScrollBehavior): void => {
      const isTall = verdict.offsetHeight > innerHeight * 0.7;
      verdict.scrollIntoView({ behavior, block: isTall ? 'start' : 'nearest' });
    };
    scroll(isCalm ? 'instant' : 'smooth');
    const moved = new AbortController();
    for (const event of ['keydown', 'pointerdown', 'wheel', 'touchstart']) {
      addEventListener(event, () => moved.abort(), { signal: moved.signal, passive: true });
    }
    for (const delay of bringBackDelays) {
      setTimeout(() => {
        const { top, bottom } = verdict.getBoundingClientRect();
        if (!moved.signal.aborted && (bottom <= 0 || top >= innerHeight)) scroll('instant');
      }, delay);
    }
    setTimeout(() => moved.abort(), bringBackDelays.at(-1)! + 1);
  }

  private async showSolution(): Promise<void> {
    const key = await this.loadKey();
    const others = key.equivalents.map((answer) => element('li', {}, codeNode(answer)));
    const isQuery = this.field instanceof PromenadeSandbox;
    this.find('solution').replaceChildren(
      ...blockNodes(key.explanation),
      element('p', {}, 'The reference answer:'),
      element('pre', { tabindex: 0 }, element('code', {}, key.reference)),
      ...(others.length > 0
        ? [
            element(
              'p',
              {},
              isQuery
                ? 'Any query with the same result in every hidden world is right. These are too:'
                : 'Any answer that does the same is right. These are too:',
            ),
            element('ul', { class: 'equivalents' }, ...others),
          ]
        : []),
    );
    this.find('solution').hidden = false;
    this.find('reveal').hidden = true;
  }

  private loadKey(): Promise<ExerciseKey> {
    this.key ??= fetchKey(this.root.dataset['key'] ?? '').catch((error: unknown) => {
      // A failed download may be tried again.
      this.key = undefined;
      throw error;
    });
    return this.key;
  }

  /** Back to the starter; the editor's undo brings the answer back. */
  private reset(): void {
    this.field.setQuery(this.root.dataset['starter'] ?? '');
    updateProgress(this.exercise, { answer: '' });
    delete this.root.dataset['outcome'];
    this.showVerdict();
    this.find('announcement').textContent = '';
    void this.field.open().then((form) => form.focus());
  }

  /** Hints appear one at a time: opening one brings up the next. */
  private setUpHints(opened: number): void {
    const hints = [...this.root.querySelectorAll<HTMLDetailsElement>('details.hint')];
    const reveal = (count: number) => {
      for (const [index, hint] of hints.entries()) hint.hidden = index > count;
      this.find('reveal').hidden = count < hints.length || !this.find('solution').hidden;
    };
    reveal(opened);
    for (const [index, hint] of hints.entries()) {
      hint.addEventListener('toggle', () => {
        if (!hint.open || index < (progress.get(this.exercise)?.hints ?? 0)) return;
        updateProgress(this.exercise, { hints: index + 1 });
        reveal(index + 1);
      });
    }
  }
}

async function fetchKey(address: string): Promise<ExerciseKey> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The exercise did not load (status ${response.status}).`);
  const { source, reference, equivalents, explanation } = object(await response.json());
  return {
    source: text(source),
    reference: text(reference),
    equivalents: texts(list(equivalents)),
    // The site's own build wrote it.
    explanation: list(explanation) as readonly Block[],
  };
}

/** The icon that the page was built with for this outcome. */
function icon(outcome: Verdict['outcome']): Node | undefined {
  const template = document.querySelector<HTMLTemplateElement>('#verdict-icons');
  return template?.content.querySelector(`[data-outcome="${outcome}"]`)?.cloneNode(true);
}

function codeNode(answer: string): HTMLElement {
  const code = element('code', {}, answer);
  return answer.trim().includes('\n') ? element('pre', { tabindex: 0 }, code) : code;
}
