/** <promenade-progress>: how many of the exercises named in data-exercises are solved. */
import { onProgress, progress } from '../progress/page-progress';

class PromenadeProgress extends HTMLElement {
  connectedCallback(): void {
    onProgress(() => this.show());
    this.show();
  }

  private show(): void {
    const exercises = (this.dataset['exercises'] ?? '').split(',').filter(Boolean);
    const solved = progress.solved(exercises);
    this.textContent = `${solved} of ${exercises.length} solved`;
    this.toggleAttribute('data-complete', solved === exercises.length);
  }
}

customElements.define('promenade-progress', PromenadeProgress);
