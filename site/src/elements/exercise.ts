/**
 * <promenade-exercise>: a task, the place of its answer, a verdict and hints. Until it is nearly in view it says only
 * whether it is solved; the rest (exercise-view.ts) comes then.
 */
import { whenNear } from '../dom/when-near';
import { onProgress, progress } from '../progress/page-progress';
import type { ExerciseProgress } from '../progress/progress';
import { isDue, reviewSeed } from '../progress/review';

class PromenadeExercise extends HTMLElement {
  connectedCallback(): void {
    const id = this.dataset['id'] ?? '';
    const before = progress.get(id);
    const field = this.querySelector<HTMLElement>('promenade-sandbox, promenade-answer');
    // Before the field comes to life, so that it begins with it.
    if (before && field) {
      if (isDue(before, Date.now())) this.ask(field, before);
      else if (before.answer) field.dataset['query'] = before.answer;
    }
    const showSolved = () => {
      const entry = progress.get(id);
      this.toggleAttribute('data-solved', entry?.solved ?? false);
      if (entry && !isDue(entry, Date.now())) this.removeAttribute('data-due');
    };
    onProgress(showSolved);
    showSolved();
    whenNear(this, () => {
      void import('./exercise-view').then(({ ExerciseView }) => new ExerciseView(this));
    });
  }

  /** Solved some time ago, and due again: from the starter, in a world with other numbers. */
  private ask(field: HTMLElement, before: ExerciseProgress): void {
    field.dataset['seed'] = String(reviewSeed(before));
    this.toggleAttribute('data-due', true);
  }
}

customElements.define('promenade-exercise', PromenadeExercise);
