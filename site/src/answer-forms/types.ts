/** An answer that gives each of some names a type: a choice for each, written as `name: type`, a line each. */
import { isCheckKey, type AnswerForm, type FormOptions } from './form';

export function openForm({ root, text, onChange, onCheck }: FormOptions): AnswerForm {
  const selects = [...root.querySelectorAll('select')];
  const form: AnswerForm = {
    get text() {
      return selects.map(({ name, value }) => `${name}: ${value}\n`).join('');
    },
    set text(value) {
      const types = new Map(
        [...value.matchAll(/([\w:]+)\s*:\s*(\w+)/g)].map(([, name, type]) => [name, type]),
      );
      for (const select of selects) select.value = types.get(select.name) ?? select.value;
    },
    focus: () => selects[0]?.focus(),
    // What is chosen has no place inside it that could be wrong.
    showProblem: () => undefined,
  };
  form.text = text;
  root.addEventListener('change', () => onChange(form.text));
  root.addEventListener('keydown', (event) => {
    if (isCheckKey(event)) onCheck();
  });
  return form;
}
