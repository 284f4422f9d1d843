/** The place where the answer of an exercise stands: an editor, a choice, a dashboard. All of them give a text. */
import type { Problem } from '../prometheus/api';

export interface AnswerForm {
  /** What the engine judges. Setting it is an edit like any other, but calls nobody back. */
  text: string;
  focus(): void;
  /** What is wrong with the text, and where; the next edit takes it away. */
  showProblem(problem: Problem): void;
}

export interface FormOptions {
  /** Holds what the page was built with, which the form takes over or replaces. */
  readonly root: HTMLElement;
  readonly text: string;
  /** The accessible name. */
  readonly label: string;
  readonly onChange: (text: string) => void;
  /** The key that checks an answer was pressed. */
  readonly onCheck: () => void;
}

export type OpenForm = (options: FormOptions) => AnswerForm;

/** Whether a key press asks for the check: Ctrl or Cmd and Enter, with Shift or without. */
export function isCheckKey({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return key === 'Enter' && (ctrlKey || metaKey);
}
