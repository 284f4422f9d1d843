/** A PromQL editor: highlighting, completion from a Prometheus, and problems under their tokens. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, isolateHistory, undo } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { PromQLExtension, type CompleteStrategy } from '@prometheus-io/codemirror-promql';
import { newCompleteStrategy } from '@prometheus-io/codemirror-promql/dist/esm/complete';

import type { Prometheus } from '../engine/types';
import type { Problem } from '../prometheus/api';
import { promqlHighlighter } from '../text/promql-highlighter';
import { CompletionClient } from './completion-client';
import type { ByteSpan } from '../prometheus/query-help';
import { problemMark, showProblem } from './problem-mark';
import { markRemarks, remarkMarks } from './remark-marks';
import { markSpan, spanMark } from './span-mark';

export interface QueryEditorOptions {
  readonly text: string;
  /** The accessible name. */
  readonly label: string;
  readonly prometheus: Promise<Prometheus>;
  readonly onChange: (text: string) => void;
  /** Ctrl or Cmd with Enter. */
  readonly onRun: () => void;
  /** Ctrl or Cmd with Shift and Enter. */
  readonly onCheck: () => void;
  /** Alt with Shift and F. */
  readonly onFormat: () => void;
}

export class QueryEditor {
  private readonly view: EditorView;

  constructor(parent: HTMLElement, options: QueryEditorOptions) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({ doc: options.text, extensions: extensions(options) }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text },
      // One step for undo, however soon after the last key.
      annotations: isolateHistory.of('full'),
    });
  }

  /** Types at the cursor, as a key would. */
  insert(text: string): void {
    this.view.dispatch(this.view.state.replaceSelection(text));
    this.view.focus();
  }

  /** Takes the last change back. */
  undo(): void {
    undo(this.view);
    this.view.focus();
  }

  focus(): void {
    this.view.focus();
  }

  /** Marks the problem of the present text; undefined takes the mark away. */
  showProblem(problem: Problem | undefined): void {
    showProblem(this.view, problem);
  }

  /** Marks the places that remarks are about. */
  showRemarks(spans: readonly ByteSpan[]): void {
    markRemarks(this.view, spans);
  }

  /** Marks a part of the present text that is explained elsewhere; undefined takes the mark away. */
  showPart(span: ByteSpan | undefined): void {
    markSpan(this.view, span);
  }
}

function extensions({ label, prometheus, onChange, onRun, onCheck, onFormat }: QueryEditorOptions) {
  const promql = new PromQLExtension()
    // The engine's own messages are better than the grammar's guess.
    .activateLinter(false)
    .setComplete({ completeStrategy: completeInsideWords(new CompletionClient(prometheus)) });
  const commands = [
    { key: 'Mod-Enter', run: handled(onRun) },
    { key: 'Shift-Mod-Enter', run: handled(onCheck) },
    { key: 'Shift-Alt-f', run: handled(onFormat) },
  ];
  return [
    keymap.of(commands),
    history(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false }),
    // Tab is not bound: it leaves the editor, as everywhere else in the page.
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
    promql.asExtension(),
    syntaxHighlighting(promqlHighlighter),
    spanMark,
    remarkMarks,
    problemMark,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, autocapitalize: 'off', spellcheck: 'false' }),
    placeholder('Type a query, for example up'),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
}

/** Completion that opens by itself only where a name or value has begun, so that it never covers a finished query. */
function completeInsideWords(client: CompletionClient): CompleteStrategy {
  const strategy = newCompleteStrategy({ remote: client });
  return {
    promQL: (context) => {
      const hasBegun = context.matchBefore(/[A-Za-z_:{,"][\w:]*$/) !== null;
      return context.explicit || hasBegun ? strategy.promQL(context) : null;
    },
  };
}

function handled(action: () => void): () => boolean {
  return () => {
    action();
    return true;
  };
}
