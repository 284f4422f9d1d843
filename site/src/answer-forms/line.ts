/** An answer of one line: a number, a word, a label set. Enter checks it. */
import { element } from '../dom/element';
import type { AnswerForm, FormOptions } from './form';

export function openForm({ root, text, label, onChange, onCheck }: FormOptions): AnswerForm {
  const input = element('input', {
    type: 'text',
    class: 'line',
    'aria-label': label,
    autocapitalize: 'off',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Your answer',
    enterkeyhint: 'done',
  });
  const clear = () => input.removeAttribute('aria-invalid');
  input.value = text.trim();
  input.addEventListener('input', () => {
    clear();
    onChange(input.value);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    onCheck();
  });
  root.replaceChildren(input);
  return {
    get text() {
      return input.value;
    },
    set text(value) {
      input.value = value.trim();
      clear();
    },
    focus: () => input.focus(),
    // The verdict below says what.
    showProblem: () => input.setAttribute('aria-invalid', 'true'),
  };
}
