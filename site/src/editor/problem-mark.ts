/** Shows a problem where it is: a wavy line under the token, and the message beneath the line. */
import { StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';

import { element } from '../dom/element';
import type { Problem } from '../prometheus/api';
import { editorSpan } from './offsets';

const setProblem = StateEffect.define<Problem | undefined>();

class ProblemMessage extends WidgetType {
  constructor(
    private readonly message: string,
    /** Characters before the token on its line. */
    private readonly column: number,
  ) {
    super();
  }

  override eq(other: ProblemMessage): boolean {
    return this.message === other.message && this.column === other.column;
  }

  override toDOM(): HTMLElement {
    const message = element('div', { class: 'problem-message' }, element('span', {}, this.message));
    message.style.setProperty('--column', String(this.column));
    return message;
  }
}

function decorate(state: EditorState, problem: Problem): DecorationSet {
  const text = state.doc.toString();
  const span = problem.span && editorSpan(text, problem.span);
  const line = state.doc.lineAt(span?.from ?? 0);
  const widget = new ProblemMessage(problem.message, span ? span.from - line.from : 0);
  const message = Decoration.widget({ widget, block: true, side: 1 }).range(line.to);
  if (!span || span.from === span.to) return Decoration.set([message]);
  const mark = Decoration.mark({ class: 'problem-token' }).range(span.from, span.to);
  return Decoration.set([mark, message], true);
}

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let updated = decorations.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setProblem)) continue;
      updated = effect.value ? decorate(transaction.state, effect.value) : Decoration.none;
    }
    return updated;
  },
  provide: (self) => EditorView.decorations.from(self),
});

export const problemMark: Extension = field;

/** Shows the problem of the editor's present text, or none. */
export function showProblem(view: EditorView, problem: Problem | undefined): void {
  view.dispatch({ effects: setProblem.of(problem) });
}
