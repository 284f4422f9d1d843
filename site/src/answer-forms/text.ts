/** An answer of many lines in the editor of its language: YAML, a page of metrics, a query. */
import { TextEditor, type TextLanguage } from '../editor/text-editor';
import type { AnswerForm, FormOptions } from './form';

const languages: readonly string[] = ['yaml', 'exposition', 'promql'] satisfies TextLanguage[];

export function openForm({ root, text, label, onChange, onCheck }: FormOptions): AnswerForm {
  const { language = '' } = root.dataset;
  root.replaceChildren();
  root.classList.add('code');
  return new TextEditor(root, {
    text,
    label,
    language: languages.includes(language) ? (language as TextLanguage) : 'plain',
    onChange,
    onCheck,
  });
}
