import { describe, expect, test } from 'vitest';

import {
  afterMiss,
  afterPass,
  dueExercises,
  ideaState,
  isMastered,
  reviewSeed,
} from '../src/progress/review';

const day = 86_400_000;
const solved = { answer: 'up', solved: true, hints: 0 };

describe('what is solved', () => {
  test('comes back the next day, sooner if the solution was shown', () => {
    expect(afterPass(undefined, 1000)).toEqual({ box: 0, due: 1000 + day });
    expect(afterPass(undefined, 1000, true)).toEqual({ box: 0, due: 1000 + day / 2 });
  });

  test('waits longer each time it is solved when due, three weeks at most', () => {
    const waits = [0, 1, 2, 3].map(
      (box) => afterPass({ ...solved, box, due: 5 * day }, 6 * day).due! / day - 6,
    );
    expect(waits).toEqual([3, 7, 21, 21]);
  });

  test('waits as before when it is solved early', () => {
    expect(afterPass({ ...solved, box: 1, due: 9 * day }, 6 * day)).toEqual({});
  });

  test('comes back sooner after a miss', () => {
    expect(afterMiss({ ...solved, box: 2, due: 5 * day }, 6 * day)).toEqual({
      box: 1,
      due: 6 * day + 1.5 * day,
    });
    expect(afterMiss({ ...solved, box: 2, due: 9 * day }, 6 * day)).toEqual({});
    expect(afterMiss(undefined, 6 * day)).toEqual({});
  });

  test('is mastered when it was solved again; once more if the solution was shown', () => {
    expect(isMastered({ ...solved, box: 0 })).toBe(false);
    expect(isMastered({ ...solved, box: 1 })).toBe(true);
    expect(isMastered({ ...solved, box: 1, revealed: true })).toBe(false);
    expect(isMastered({ ...solved, box: 2, revealed: true })).toBe(true);
  });
});

test('dueExercises lists the longest waiting first', () => {
  const progress = {
    a: { ...solved, due: 3 },
    b: { ...solved, due: 1 },
    c: { ...solved, due: 9 },
    d: { ...solved, solved: false, due: 1 },
    e: solved,
  };
  expect(dueExercises(progress, 5)).toEqual(['b', 'a']);
});

describe('ideaState', () => {
  const now = 9 * day;
  const entry = (box: number, due: number) => ({ ...solved, box, due });
  test.each([
    [[undefined, undefined], 'not begun'],
    [[{ ...solved, solved: false }, undefined], 'begun'],
    [[entry(0, 10 * day), entry(1, 10 * day), undefined], 'begun'],
    [[entry(1, 10 * day), entry(2, 10 * day), undefined], 'mastered'],
    [[entry(1, 10 * day)], 'mastered'],
    [[entry(1, 10 * day), entry(2, 8 * day)], 'due again'],
  ] as const)('%#: %s is %s', (exercises, state) => expect(ideaState(exercises, now)).toBe(state));
});

test('each review has a world of its own, and none is the lessons’', () => {
  const seeds = [0, 1, 2, 3].map((box) => reviewSeed({ ...solved, box }));
  expect(new Set([1, ...seeds]).size).toBe(5);
});
