/** <promenade-predict>: a question with choices; choosing one says what speaks for or against it. */
import { element, phrase } from '../dom/element';

class PromenadePredict extends HTMLElement {
  connectedCallback(): void {
    const box = this.querySelector<HTMLElement>('[data-part="reply"]');
    this.addEventListener('change', ({ target }) => {
      if (!(target instanceof HTMLInputElement)) return;
      const isRight = target.dataset['right'] !== undefined;
      const verdict = element('strong', {}, isRight ? 'Yes. ' : 'No. ');
      box?.replaceChildren(verdict, ...phrase(target.dataset['reply'] ?? ''));
    });
  }
}

customElements.define('promenade-predict', PromenadePredict);
