/** Dotted lines under the parts of a query that a remark is about. */
import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

import type { ByteSpan } from '../prometheus/query-help';
import { editorSpan } from './offsets';

const setSpans = StateEffect.define<readonly ByteSpan[]>();
const mark = Decoration.mark({ class: 'remark-token' });

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let updated = decorations.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setSpans)) continue;
      const text = transaction.state.doc.toString();
      const ranges = effect.value
        .map((span) => editorSpan(text, span))
        .filter(({ from, to }) => from < to)
        .map(({ from, to }) => mark.range(from, to));
      updated = Decoration.set(ranges, true);
    }
    return updated;
  },
  provide: (self) => EditorView.decorations.from(self),
});

export const remarkMarks: Extension = field;

export function markRemarks(view: EditorView, spans: readonly ByteSpan[]): void {
  view.dispatch({ effects: setSpans.of(spans) });
}
