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
  /** Answers checked so far. */
  readonly attempts?: number;
  /** The solution was shown before the exercise was solved. */
  readonly revealed?: boolean;
  /** When to come back to it, and how many times it was solved when it was due; see review.ts. */
  readonly due?: number;
  readonly box?: number;
  /** Misconceptions that answers showed, by code: what they are called, and how often. */
  readonly met?: Readonly<Record<string, { readonly name: string; readonly count: number }>>;
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

  /** Every exercise that was begun. */
  all(): Progress {
    return this.current;
  }

  update(exercise: string, change: Partial<ExerciseProgress>): void {
    this.reload();
    const updated = { ...(this.get(exercise) ?? nothing), ...change };
    this.current = { ...this.current, [exercise]: updated };
    this.store();
  }

  /** All of it as a text that take() understands, here or in another browser. */
  exported(): string {
    return serialize(this.current);
  }

  /**
   * Adds what another browser exported. What is solved here stays solved. Gives the number of exercises taken;
   * 0 for a text that is no progress.
   */
  take(text: string): number {
    this.reload();
    const taken = Object.entries(parseProgress(text)).filter(
      ([id, entry]) => entry.solved || !this.get(id)?.solved,
    );
    this.current = { ...this.current, ...Object.fromEntries(taken) };
    this.store();
    return taken.length;
  }

  private store(): void {
    try {
      this.storage?.setItem(progressKey, serialize(this.current));
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

function serialize(exercises: Progress): string {
  return JSON.stringify({ version, exercises });
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
    Number.isInteger(value['hints']) &&
    isMissingOr(value['attempts'], Number.isInteger) &&
    isMissingOr(value['revealed'], (each) => typeof each === 'boolean') &&
    isMissingOr(value['due'], Number.isFinite) &&
    isMissingOr(value['box'], Number.isInteger) &&
    isMissingOr(value['met'], isMet)
  );
}

function isMissingOr(value: unknown, holds: (value: unknown) => boolean): boolean {
  return value === undefined || holds(value);
}

function isMet(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.values(value).every(
      (each) => isObject(each) && typeof each['name'] === 'string' && Number.isInteger(each['count']),
    )
  );
}
