/**
 * An answer that is a dashboard: its panels are built over a live world, and the answer is its JSON. One that stands
 * outside of an exercise keeps its JSON itself, in this browser, where `data-keep` names a place for it.
 */
import { Board } from '../dashboards/board';
import { element } from '../dom/element';
import type { AnswerForm, FormOptions } from './form';

export function openForm({ root, text, label, onChange, onCheck }: FormOptions): AnswerForm {
  const { world = 'lesson-shop', rules, keep } = root.dataset;
  const kept = keep === undefined ? undefined : new Kept(`promenade.board.${keep}`);
  const board = new Board(root, {
    text: kept?.read() ?? text,
    label,
    world,
    hasRules: rules !== undefined,
    onChange: (json) => {
      kept?.write(json);
      onChange(json);
    },
    onCheck,
  });
  if (kept) {
    const again = element('button', { type: 'button' }, 'Start over');
    again.addEventListener('click', () => {
      kept.forget();
      board.text = text;
    });
    root.append(again);
  }
  return board;
}

/** One text in the browser's storage. A browser without one forgets it with the page. */
class Kept {
  constructor(private readonly key: string) {}

  read(): string | undefined {
    return this.attempt(() => localStorage.getItem(this.key) ?? undefined);
  }

  write(text: string): void {
    this.attempt(() => localStorage.setItem(this.key, text));
  }

  forget(): void {
    this.attempt(() => localStorage.removeItem(this.key));
  }

  private attempt<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch {
      return undefined;
    }
  }
}
