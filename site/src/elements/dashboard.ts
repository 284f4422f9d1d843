/** <promenade-dashboard>: fills the tables that the page was built with from the learner's progress. */
import { element } from '../dom/element';
import { onProgress, progress, takeProgress } from '../progress/page-progress';
import type { ExerciseProgress } from '../progress/progress';
import { dueExercises, ideaState, isMastered } from '../progress/review';
import { plural } from '../result/format';

/** No learner's progress is larger. */
const fileBytesMax = 4 * 1024 * 1024;

class PromenadeDashboard extends HTMLElement {
  connectedCallback(): void {
    onProgress(() => this.show());
    this.show();
    this.find('export')?.addEventListener('click', () => this.save());
    this.find('import')?.addEventListener(
      'change',
      ({ target }) => void this.load(target as HTMLInputElement),
    );
  }

  private find(name: string, root: ParentNode = this): HTMLElement | null {
    return root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  }

  private show(): void {
    for (const row of this.querySelectorAll<HTMLElement>('[data-exercise]')) {
      const entry = progress.get(row.dataset['exercise'] ?? '');
      const state = stateOf(entry);
      row.dataset['state'] = state;
      this.find('state', row)!.textContent = state;
      this.find('attempts', row)!.textContent = String(entry?.attempts ?? 0);
      this.find('hints', row)!.textContent = String(entry?.hints ?? 0);
    }
    this.showDue();
    this.showIdeas();
  }

  private showDue(): void {
    const due = dueExercises(progress.all(), Date.now()).flatMap((id) => {
      const link = this.querySelector<HTMLAnchorElement>(`[data-exercise="${CSS.escape(id)}"] a`);
      return link ? [element('li', {}, element('a', { href: link.href }, link.textContent))] : [];
    });
    this.find('due')!.replaceChildren(...due);
    this.find('due-none')!.hidden = due.length > 0;
  }

  /** Those that answers showed most come first. */
  private showIdeas(): void {
    const entries = Object.values(progress.all());
    const metOf = (row: HTMLElement) =>
      entries.reduce((sum, each) => sum + (each.met?.[row.dataset['idea'] ?? '']?.count ?? 0), 0);
    const rows = [...this.querySelectorAll<HTMLElement>('[data-idea]')].sort((a, b) => metOf(b) - metOf(a));
    rows[0]?.parentElement?.append(...rows);
    for (const row of rows) {
      const about = (row.dataset['exercises'] ?? '').split(',').map((id) => progress.get(id));
      const state = ideaState(about, Date.now());
      row.dataset['state'] = state;
      this.find('idea-state', row)!.textContent = state;
      this.find('idea-met', row)!.textContent = String(metOf(row));
    }
    const count = (state: string) => rows.filter((row) => row.dataset['state'] === state).length;
    this.find('ideas-sum')!.textContent =
      `Of ${rows.length}, ${count('mastered')} mastered, ${count('due again')} due again.`;
  }

  private save(): void {
    const address = URL.createObjectURL(new Blob([progress.exported()], { type: 'application/json' }));
    element('a', { href: address, download: 'promenade-progress.json' }).click();
    URL.revokeObjectURL(address);
    this.say('Saved as promenade-progress.json.');
  }

  private async load(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    if (!file) return;
    const taken = file.size > fileBytesMax ? 0 : takeProgress(await file.text());
    this.say(
      taken > 0
        ? `Loaded ${plural(taken, 'exercise', 'exercises')}.`
        : 'This file holds no progress. Nothing was changed.',
    );
    input.value = '';
  }

  private say(sentence: string): void {
    this.find('said')!.textContent = sentence;
  }
}

function stateOf(entry: ExerciseProgress | undefined): string {
  if (!entry) return 'not begun';
  if (!entry.solved) return entry.revealed ? 'solution seen' : 'begun';
  return isMastered(entry) ? 'mastered' : 'solved';
}

customElements.define('promenade-dashboard', PromenadeDashboard);
