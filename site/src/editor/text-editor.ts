/** An editor for configuration, metrics pages and the like: highlighting, line numbers, and a problem at its place. */
import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands';
import {
  bracketMatching,
  indentUnit,
  LRLanguage,
  StreamLanguage,
  syntaxHighlighting,
} from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tagHighlighter, tags } from '@lezer/highlight';
import { parser } from '@prometheus-io/lezer-promql';

import type { Problem } from '../prometheus/api';
import { exposition } from '../text/exposition-tokens';
import { promqlHighlighter } from '../text/promql-highlighter';
import { yaml } from '../text/yaml-tokens';
import { editorSpan } from './offsets';
import { problemMark, showProblem } from './problem-mark';

export type TextLanguage = 'yaml' | 'exposition' | 'promql' | 'plain';

export interface TextEditorOptions {
  readonly text: string;
  /** The accessible name. */
  readonly label: string;
  readonly language: TextLanguage;
  readonly onChange: (text: string) => void;
  /** Ctrl or Cmd with Enter, with or without Shift. */
  readonly onCheck: () => void;
}

const languages: Record<TextLanguage, Extension> = {
  yaml: StreamLanguage.define(yaml),
  exposition: StreamLanguage.define(exposition),
  promql: LRLanguage.define({ parser }),
  plain: [],
};

/** What PromQL has no tokens for; the rest is promqlHighlighter's. */
const highlighter = tagHighlighter([
  { tag: tags.propertyName, class: 'tok-label' },
  { tag: tags.typeName, class: 'tok-function' },
  { tag: tags.keyword, class: 'tok-keyword' },
]);

export class TextEditor {
  private readonly view: EditorView;
  /** An edit by the page and not by the learner: nobody is called back. */
  private isSetting = false;

  constructor(parent: HTMLElement, options: TextEditorOptions) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: options.text.replace(/\n+$/, ''),
        extensions: this.extensions(options),
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    this.isSetting = true;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text.replace(/\n+$/, '') },
      annotations: isolateHistory.of('full'),
    });
    this.isSetting = false;
    showProblem(this.view, undefined);
  }

  focus(): void {
    this.view.focus();
  }

  /** Marks the problem, and puts the caret there. */
  showProblem(problem: Problem): void {
    showProblem(this.view, problem);
    if (!problem.span) return;
    const { from } = editorSpan(this.text, problem.span);
    this.view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    this.view.focus();
  }

  private extensions({ label, language, onChange, onCheck }: TextEditorOptions): Extension[] {
    const check = () => {
      onCheck();
      return true;
    };
    return [
      keymap.of([
        { key: 'Mod-Enter', run: check },
        { key: 'Shift-Mod-Enter', run: check },
      ]),
      history(),
      bracketMatching(),
      // Tab is not bound: it leaves the editor, as everywhere else in the page.
      keymap.of([...historyKeymap, ...defaultKeymap]),
      indentUnit.of('  '),
      languages[language],
      syntaxHighlighting(highlighter),
      syntaxHighlighting(promqlHighlighter),
      language === 'promql' ? [] : lineNumbers(),
      problemMark,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label, autocapitalize: 'off', spellcheck: 'false' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged && !this.isSetting) onChange(update.state.doc.toString());
      }),
    ];
  }
}
