/** The page's progress, and word of its changes from this tab and others. */
import { progressKey, ProgressStore, type ExerciseProgress } from './progress';

const changed = 'promenade:progress';

export const progress = new ProgressStore(localStorageIfAllowed());

function localStorageIfAllowed(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

export function updateProgress(exercise: string, change: Partial<ExerciseProgress>): void {
  progress.update(exercise, change);
  document.dispatchEvent(new CustomEvent(changed));
}

/** Adds an exported progress to this one; gives the number of exercises taken. */
export function takeProgress(text: string): number {
  const taken = progress.take(text);
  document.dispatchEvent(new CustomEvent(changed));
  return taken;
}

export function onProgress(callback: () => void): void {
  document.addEventListener(changed, callback);
  addEventListener('storage', ({ key }) => {
    if (key !== progressKey) return;
    progress.reload();
    callback();
  });
}
