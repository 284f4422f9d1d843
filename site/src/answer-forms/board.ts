/** An answer that is a dashboard: its panels are built over a live world, and the answer is its JSON. */
import { Board } from '../dashboards/board';
import type { AnswerForm, FormOptions } from './form';

export function openForm({ root, text, label, onChange, onCheck }: FormOptions): AnswerForm {
  const { world = 'lesson-shop', rules } = root.dataset;
  return new Board(root, { text, label, world, hasRules: rules !== undefined, onChange, onCheck });
}
