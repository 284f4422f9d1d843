/**
 * <promenade-answer>: the place of an answer that is no live query. It waits, readable as it was built, and takes the
 * form of its kind (`data-form`) when it is nearly in view.
 */
import type { AnswerForm, OpenForm } from '../answer-forms/form';
import { loadStyle } from '../dom/load-style';
import { whenNear } from '../dom/when-near';
import answerStyle from '../styles/answer.css?url';

type Opener = OpenForm | ((...options: Parameters<OpenForm>) => Promise<AnswerForm>);

const forms: Record<string, () => Promise<{ openForm: Opener }>> = {
  board: () => import('../answer-forms/board'),
  choice: () => import('../answer-forms/choice'),
  line: () => import('../answer-forms/line'),
  steps: () => import('../answer-forms/steps'),
  text: () => import('../answer-forms/text'),
  types: () => import('../answer-forms/types'),
};

export class PromenadeAnswer extends HTMLElement {
  private form: Promise<AnswerForm> | undefined;

  connectedCallback(): void {
    whenNear(this, () => void this.open());
  }

  /** Gives it its form now. */
  open(): Promise<AnswerForm> {
    this.form ??= this.start();
    return this.form;
  }

  /** Sets the text, alive or not yet. */
  setQuery(text: string): void {
    this.dataset['query'] = text;
    void this.form?.then((form) => {
      form.text = text;
    });
  }

  private async start(): Promise<AnswerForm> {
    const [{ openForm }] = await Promise.all([
      forms[this.dataset['form'] ?? 'line']!(),
      loadStyle(answerStyle),
    ]);
    const form = await openForm({
      root: this,
      text: this.dataset['query'] ?? '',
      label: this.dataset['label'] ?? 'Answer',
      onChange: (detail) => this.dispatchEvent(new CustomEvent('sandbox-change', { detail, bubbles: true })),
      onCheck: () => this.dispatchEvent(new CustomEvent('sandbox-check', { bubbles: true })),
    });
    this.dataset['ready'] = '';
    return form;
  }
}

customElements.define('promenade-answer', PromenadeAnswer);
