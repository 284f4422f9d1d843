/**
 * When to come back to an exercise: a day after it was solved, then three days, a week, three weeks. Solving it
 * when it is due takes it on; a miss halves the wait. Solving it early changes nothing, nor does it count
 * when the solution was shown first: then it comes back the next day.
 */
import type { ExerciseProgress, Progress } from './progress';

const dayMs = 86_400_000;
export const intervalDays = [1, 3, 7, 21] as const;

type Schedule = Pick<ExerciseProgress, 'due' | 'box'>;

/** @param helped whether the solution was shown before */
export function afterPass(before: ExerciseProgress | undefined, now: number, helped = false): Schedule {
  if (!before?.solved || before.due === undefined) {
    return { box: 0, due: now + (helped ? dayMs / 2 : dayMs) };
  }
  if (now < before.due) return {};
  const box = Math.min((before.box ?? 0) + 1, intervalDays.length - 1);
  return { box, due: now + intervalDays[box]! * dayMs };
}

/** Of an exercise that was solved before, and is answered wrongly now that it is due. */
export function afterMiss(before: ExerciseProgress | undefined, now: number): Schedule {
  if (!before?.solved || before.due === undefined || now < before.due) return {};
  const box = Math.max(0, (before.box ?? 0) - 1);
  return { box, due: now + (intervalDays[box]! * dayMs) / 2 };
}

export function isDue({ solved, due }: ExerciseProgress, now: number): boolean {
  return solved && due !== undefined && due <= now;
}

/** The exercises that are due, the longest waiting first. */
export function dueExercises(progress: Progress, now: number): string[] {
  return Object.entries(progress)
    .filter(([, entry]) => isDue(entry, now))
    .sort(([, a], [, b]) => a.due! - b.due!)
    .map(([id]) => id);
}

/** Solved again when it was due, and not only right after it was explained. */
export function isMastered({ solved, box = 0, revealed = false }: ExerciseProgress): boolean {
  return solved && box >= (revealed ? 2 : 1);
}

/** Exercises about an idea that have to be mastered for the idea to be. */
const masteredEnough = 2;

/** How the learner stands with what several exercises are about. */
export function ideaState(
  exercises: readonly (ExerciseProgress | undefined)[],
  now: number,
): 'not begun' | 'begun' | 'due again' | 'mastered' {
  const begun = exercises.filter((each) => each !== undefined);
  if (begun.some((each) => isDue(each, now))) return 'due again';
  const mastered = begun.filter(isMastered).length;
  if (mastered >= Math.min(masteredEnough, exercises.length)) return 'mastered';
  return begun.length > 0 ? 'begun' : 'not begun';
}

/**
 * The seed of the world that a due exercise is solved in anew: another one each time, and never the lessons' own.
 */
export function reviewSeed({ box = 0 }: ExerciseProgress): number {
  return 2 + box;
}
