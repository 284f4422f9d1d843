/** Marks the part of the query that is being looked at elsewhere. */
import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

import { utf16Offset } from './offsets';

const setSpan = StateEffect.define<{ start: number; end: number } | undefined>();
const mark = Decoration.mark({ class: 'chosen-part' });

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    // An edit makes the mark meaningless until the query has been explained again.
    let updated = transaction.docChanged ? Decoration.none : decorations;
    for (const effect of transaction.effects) {
      if (!effect.is(setSpan)) continue;
      const text = transaction.state.doc.toString();
      const [from, to] = effect.value
        ? [utf16Offset(text, effect.value.start), utf16Offset(text, effect.value.end)]
        : [0, 0];
      updated = from < to ? Decoration.set([mark.range(from, to)]) : Decoration.none;
    }
    return updated;
  },
  provide: (self) => EditorView.decorations.from(self),
});

export const spanMark: Extension = field;

/** Marks bytes of the present text; undefined takes the mark away. */
export function markSpan(view: EditorView, span: { start: number; end: number } | undefined): void {
  view.dispatch({ effects: setSpan.of(span) });
}
