/**
 * The learner's progress: one key of localStorage, versioned. Anything else found there means a fresh
 * start. Each change reads what is stored first, so two tabs don't undo each other's work; a browser
 * without storage keeps the progress of this page only.
 */
export interface ExerciseProgress {
  /** The last text in the editor. */
  readonly answer: string;
  readonly solved: boolean;
  /** Hints opened so far. */
  readonly hints: number;
}

export type Progress = Readonly<Record<string, ExerciseProgress>>;

export const progressKey = 'promenade.progress';
const version = 1;

/** What the progress module needs of localStorage. */
export type ProgressStorage = Pick<Storage, 'getItem' | 'setItem'>;

const nothing: ExerciseProgress = { answer: '', solved: false, hints: 0 };

export class ProgressStore {
  private current: Progress = {};

  constructor(private readonly storage: ProgressStorage | undefined) {
    this.reload();
  }

  get(exercise: string): ExerciseProgress | undefined {
    return Object.hasOwn(this.current, exercise) ? this.current[exercise] : undefined;
  }

  /** How many of these are solved. */
  solved(exercises: readonly string[]): number {
    return exercises.filter((id) => this.get(id)?.solved).length;
  }

  update(exercise: string, change: Partial<ExerciseProgress>): void {
    this.reload();
    const updated = { ...(this.get(exercise) ?? nothing), ...change };
    this.current = { ...this.current, [exercise]: updated };
    try {
      this.storage?.setItem(progressKey, JSON.stringify({ version, exercises: this.current }));
    } catch {
      // Storage is full or refused: the progress lives as long as the page.
    }
  }

  /** Takes over what another tab has stored. */
  reload(): void {
    const stored = read(this.storage);
    if (stored !== undefined) this.current = parseProgress(stored);
  }
}

function read(storage: ProgressStorage | undefined): string | undefined {
  try {
    return storage?.getItem(progressKey) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The progress in a stored text. Entries and texts of another shape are dropped. */
export function parseProgress(stored: string): Progress {
  let parsed: unknown;
  try {
    parsed = JSON.parse(stored);
  } catch {
    return {};
  }
  if (!isObject(parsed) || parsed['version'] !== version || !isObject(parsed['exercises'])) return {};
  return Object.fromEntries(
    Object.entries(parsed['exercises']).flatMap(([id, entry]) =>
      isExerciseProgress(entry) ? [[id, entry]] : [],
    ),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isExerciseProgress(value: unknown): value is ExerciseProgress {
  return (
    isObject(value) &&
    typeof value['answer'] === 'string' &&
    typeof value['solved'] === 'boolean' &&
    Number.isInteger(value['hints'])
  );
}
