/**
 * <promenade-exercise>: a sandbox with a task. The engine judges the answer by its result in hidden
 * worlds; the verdict, the hints used and the answer are kept in the learner's progress.
 */
import { element, paragraphs } from '../dom/element';
import type { Verdict } from '../engine/types';
import { onProgress, progress, updateProgress } from '../progress/page-progress';
import { afterMiss, afterPass } from '../progress/review';
import { list, object, text, texts } from '../prometheus/decode';
import { pageEngine } from '../prometheus/source';
import { PromenadeSandbox } from './sandbox';
import { PromenadeAnswer } from './text-answer';

/** What the page fetches when an answer is checked: it is not in the lesson's text. */
interface ExerciseKey {
  readonly source: string;
  readonly reference: string;
  readonly equivalents: readonly string[];
  readonly explanation: string;
}

const headlines = { pass: 'Right.', wrong: 'Not yet.', invalid: 'This does not run yet.' } as const;

class PromenadeExercise extends HTMLElement {
  private key: Promise<ExerciseKey> | undefined;

  connectedCallback(): void {
    const saved = progress.get(this.exercise);
    if (saved?.answer) this.sandbox.setQuery(saved.answer);
    this.addEventListener('sandbox-change', (event) => {
      updateProgress(this.exercise, { answer: (event as CustomEvent<string>).detail });
    });
    this.addEventListener('sandbox-check', () => void this.check());
    this.find('check').addEventListener('click', () => void this.check());
    this.find('reset').addEventListener('click', () => this.reset());
    this.find('reveal').addEventListener('click', () => void this.reveal());
    this.setUpHints(saved?.hints ?? 0);
    onProgress(() => this.showSolved());
    this.showSolved();
    if (saved?.solved) void this.showSolution();
  }

  private get exercise(): string {
    return this.dataset['id'] ?? '';
  }

  /** The place of the answer: a live query, or a text. */
  private get sandbox(): PromenadeSandbox | PromenadeAnswer {
    const field = this.querySelector('promenade-sandbox, promenade-answer');
    if (field instanceof PromenadeSandbox || field instanceof PromenadeAnswer) return field;
    throw new Error(`Exercise ${this.exercise} has no place for an answer.`);
  }

  private find(name: string): HTMLElement {
    return this.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
  }

  private async check(): Promise<void> {
    const button = this.find('check');
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    this.showVerdict(element('p', {}, 'Comparing with the hidden worlds …'));
    try {
      const view = await this.sandbox.open();
      const [engine, key] = await Promise.all([pageEngine(), this.loadKey()]);
      const answer = view.text;
      const verdict = await engine.grade(key.source, answer);
      await this.conclude(verdict, answer);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.showVerdict(element('p', {}, `The answer could not be checked: ${reason} Try again.`));
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }

  private async conclude(verdict: Verdict, answer: string): Promise<void> {
    this.dataset['outcome'] = verdict.outcome;
    const { verdictParts } = await import('./verdict-view');
    const headline = element('p', { class: 'headline' }, icon(verdict.outcome), headlines[verdict.outcome]);
    this.showVerdict(headline, ...verdictParts(verdict));
    this.record(verdict);
    if (verdict.outcome === 'invalid' && verdict.span) {
      const { begin: start, end } = verdict.span;
      (await this.sandbox.open()).showProblem({
        kind: 'bad_data',
        message: verdict.message,
        span: { start, end },
      });
    }
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

  private async showSolution(): Promise<void> {
    const key = await this.loadKey();
    const others = key.equivalents.map((query) => element('li', {}, element('code', {}, query)));
    this.find('solution').replaceChildren(
      ...paragraphs(key.explanation),
      element('p', {}, 'The reference answer:'),
      element('pre', {}, element('code', {}, key.reference)),
      element('p', {}, 'Any query with the same result in every hidden world is right. These are too:'),
      element('ul', { class: 'equivalents' }, ...others),
    );
    this.find('solution').hidden = false;
    this.find('reveal').hidden = true;
  }

  private loadKey(): Promise<ExerciseKey> {
    this.key ??= fetchKey(this.dataset['key'] ?? '').catch((error: unknown) => {
      // A failed download may be tried again.
      this.key = undefined;
      throw error;
    });
    return this.key;
  }

  private showSolved(): void {
    this.toggleAttribute('data-solved', progress.get(this.exercise)?.solved ?? false);
  }

  /** Back to the starter; the editor's undo brings the answer back. */
  private reset(): void {
    this.sandbox.setQuery(this.dataset['starter'] ?? '');
    updateProgress(this.exercise, { answer: '' });
    delete this.dataset['outcome'];
    this.showVerdict();
    void this.sandbox.open().then((view) => view.focus());
  }

  /** Hints appear one at a time: opening one brings up the next. */
  private setUpHints(opened: number): void {
    const hints = [...this.querySelectorAll<HTMLDetailsElement>('details.hint')];
    const reveal = (count: number) => {
      for (const [index, hint] of hints.entries()) hint.hidden = index > count;
      this.find('reveal').hidden = count < hints.length || !this.find('solution').hidden;
    };
    reveal(opened);
    if (progress.get(this.exercise)?.revealed) void this.showSolution();
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
    explanation: text(explanation),
  };
}

/** The icon that the page was built with for this outcome. */
function icon(outcome: Verdict['outcome']): Node | undefined {
  const template = document.querySelector<HTMLTemplateElement>('#verdict-icons');
  return template?.content.querySelector(`[data-outcome="${outcome}"]`)?.cloneNode(true);
}

customElements.define('promenade-exercise', PromenadeExercise);
