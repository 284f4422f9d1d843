/**
 * <promenade-answer>: the field of an exercise whose answer is no query but a value, a configuration, a page of
 * metrics. A text area that grows with its text; a problem is said beneath it and its place is selected.
 */
import { element, uniqueId } from '../dom/element';
import { editorSpan } from '../editor/offsets';
import type { Problem } from '../prometheus/api';

/** What an exercise needs of the place where its answer stands. */
export interface AnswerView {
  readonly text: string;
  focus(): void;
  showProblem(problem: Problem): void;
}

export class PromenadeAnswer extends HTMLElement implements AnswerView {
  private readonly area = element('textarea', {
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
  });
  private readonly problem = element('p', {
    class: 'problem',
    role: 'alert',
    id: uniqueId('problem'),
    hidden: true,
  });

  connectedCallback(): void {
    this.area.setAttribute('aria-label', this.dataset['label'] ?? 'Answer');
    this.area.setAttribute('aria-describedby', this.problem.id);
    this.area.value = this.dataset['query'] ?? '';
    this.area.addEventListener('input', () => {
      this.clearProblem();
      this.grow();
      this.dispatchEvent(new CustomEvent('sandbox-change', { detail: this.area.value, bubbles: true }));
    });
    this.area.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.dispatchEvent(new CustomEvent('sandbox-check', { bubbles: true }));
    });
    this.replaceChildren(this.area, this.problem);
    this.grow();
  }

  open(): Promise<AnswerView> {
    return Promise.resolve(this);
  }

  get text(): string {
    return this.area.value;
  }

  setQuery(text: string): void {
    this.area.value = text;
    this.clearProblem();
    this.grow();
  }

  override focus(): void {
    this.area.focus();
  }

  showProblem({ message, span }: Problem): void {
    this.problem.textContent = message;
    this.problem.hidden = false;
    this.area.setAttribute('aria-invalid', 'true');
    if (!span) return;
    const { from, to } = editorSpan(this.area.value, span);
    this.area.focus();
    this.area.setSelectionRange(from, to);
  }

  private clearProblem(): void {
    this.problem.hidden = true;
    this.problem.textContent = '';
    this.area.removeAttribute('aria-invalid');
  }

  /** As many lines as the text has, within reason. */
  private grow(): void {
    const lines = this.area.value.split('\n').length;
    this.area.rows = Math.min(Math.max(lines + 1, 2), 24);
  }
}

customElements.define('promenade-answer', PromenadeAnswer);
