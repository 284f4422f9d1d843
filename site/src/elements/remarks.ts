/** The remarks on a query, under the editor, each with the change that would answer it. */
import { element, phrase } from '../dom/element';
import { utf16Offset } from '../editor/offsets';
import type { Prometheus } from '../engine/types';
import { lintQuery, splitPosition, type ByteSpan, type Remark } from '../prometheus/query-help';

export class Remarks {
  readonly root = element('ul', { class: 'remarks', 'aria-label': 'Remarks on the query' });
  private linted: readonly Remark[] = [];
  private noted: readonly { kind: string; message: string; span?: ByteSpan }[] = [];
  private query = '';

  constructor(
    /** Marks the places in the editor. */
    private readonly onMark: (spans: readonly ByteSpan[]) => void,
    private readonly onReplace: (query: string) => void,
  ) {
    this.root.hidden = true;
  }

  /** What the evaluation itself noted. The linter's remarks of the same query stay. */
  note(query: string, warnings: readonly string[], infos: readonly string[]): void {
    if (query !== this.query) this.linted = [];
    this.query = query;
    this.noted = [
      ...warnings.map((text) => ({
        kind: 'Warning',
        ...splitPosition(text.replace(/^PromQL warning: /, ''), query),
      })),
      ...infos.map((text) => ({ kind: 'Note', ...splitPosition(text.replace(/^PromQL info: /, ''), query) })),
    ];
    this.draw();
  }

  clear(): void {
    this.linted = [];
    this.noted = [];
    this.draw();
  }

  /** Asks the linter. A server without one has no remarks. */
  async lint(
    prometheus: Prometheus,
    query: string,
    purpose: 'instant' | 'range',
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const outcome = await lintQuery(prometheus, query, purpose, signal);
      if (signal.aborted || query !== this.query) return;
      this.linted = outcome.ok ? outcome.data : [];
      this.draw();
    } catch {
      // Cancelled, or not understood: remarks are an extra.
    }
  }

  private draw(): void {
    // The linter says more about the same place, and how to mend it.
    const linted = new Set(this.linted.map(({ span }) => span.start));
    const noted = this.noted.filter(
      ({ kind, span }) => kind === 'Warning' || !span || !linted.has(span.start),
    );
    this.root.replaceChildren(
      ...noted.map(({ kind, message }) => element('li', {}, element('strong', {}, `${kind}: `), message)),
      ...this.linted.map((remark) => this.line(remark)),
    );
    this.root.hidden = this.root.childElementCount === 0;
    const spans = [
      ...noted.flatMap(({ span }) => (span ? [span] : [])),
      ...this.linted.map(({ span }) => span),
    ];
    this.onMark(spans);
  }

  private line({ message, edit, severity }: Remark): HTMLElement {
    const kind = severity === 'warning' ? 'Warning' : 'Note';
    return element(
      'li',
      {},
      element('strong', {}, `${kind}: `),
      ...phrase(sentence(message)),
      ' ',
      edit && this.fix(edit),
    );
  }

  private fix(edit: NonNullable<Remark['edit']>): HTMLElement {
    const { query } = this;
    const mended =
      query.slice(0, utf16Offset(query, edit.start)) + edit.text + query.slice(utf16Offset(query, edit.end));
    const shown = edit.text.trim();
    const button = element(
      'button',
      { type: 'button', class: 'fix' },
      ...(shown === '' ? ['Take it out'] : ['Change to ', element('code', {}, shown)]),
    );
    button.addEventListener('click', () => this.onReplace(mended));
    return button;
  }
}

function sentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
