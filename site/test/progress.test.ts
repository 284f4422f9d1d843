import { describe, expect, test } from 'vitest';

import { parseProgress, progressKey, ProgressStore, type ProgressStorage } from '../src/progress/progress';

class MemoryStorage implements ProgressStorage {
  constructor(public text: string | null = null) {}
  getItem(key: string) {
    return key === progressKey ? this.text : null;
  }
  setItem(_key: string, value: string) {
    this.text = value;
  }
}

const solved = { answer: 'up', solved: true, hints: 1 };

describe('ProgressStore', () => {
  test('keeps what was stored for the next page', () => {
    const storage = new MemoryStorage();
    new ProgressStore(storage).update('3.1-E1', solved);
    expect(new ProgressStore(storage).get('3.1-E1')).toEqual(solved);
  });

  test('a change leaves the other fields alone', () => {
    const store = new ProgressStore(new MemoryStorage());
    store.update('3.1-E1', solved);
    store.update('3.1-E1', { answer: 'up == 0' });
    expect(store.get('3.1-E1')).toEqual({ ...solved, answer: 'up == 0' });
  });

  test('two tabs keep each other’s work', () => {
    const storage = new MemoryStorage();
    const [first, second] = [new ProgressStore(storage), new ProgressStore(storage)];
    first.update('3.1-E1', solved);
    second.update('3.1-E2', solved);
    expect(new ProgressStore(storage).solved(['3.1-E1', '3.1-E2'])).toBe(2);
  });

  test('counts only what is solved', () => {
    const store = new ProgressStore(new MemoryStorage());
    store.update('3.1-E1', { answer: 'up' });
    store.update('3.1-E2', { solved: true });
    expect(store.solved(['3.1-E1', '3.1-E2', '3.1-E3'])).toBe(1);
  });

  test('works for the length of a page when storage throws or is missing', () => {
    const broken: ProgressStorage = {
      getItem: () => {
        throw new Error('denied');
      },
      setItem: () => {
        throw new Error('full');
      },
    };
    for (const storage of [broken, undefined]) {
      const store = new ProgressStore(storage);
      store.update('3.1-E1', solved);
      expect(store.get('3.1-E1')).toEqual(solved);
    }
  });

  test('an inherited property is not an exercise', () => {
    expect(new ProgressStore(new MemoryStorage()).get('toString')).toBeUndefined();
  });
});

describe('parseProgress', () => {
  test.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['another version', '{"version":2,"exercises":{}}'],
    ['no exercises', '{"version":1}'],
    ['exercises of another type', '{"version":1,"exercises":[1]}'],
  ])('%s means a fresh start', (_, stored) => {
    expect(parseProgress(stored)).toEqual({});
  });

  test('drops only the entries of another shape', () => {
    const stored = JSON.stringify({
      version: 1,
      exercises: {
        good: solved,
        number: 3,
        noAnswer: { solved: true, hints: 0 },
        half: { ...solved, hints: 0.5 },
      },
    });
    expect(parseProgress(stored)).toEqual({ good: solved });
  });
});

describe('a progress that travels', () => {
  test('comes out as it went in', () => {
    const [from, to] = [new ProgressStore(new MemoryStorage()), new ProgressStore(new MemoryStorage())];
    from.update('3.1-E1', {
      ...solved,
      due: 5,
      box: 1,
      met: { MC19: { name: 'regexes match substrings', count: 2 } },
    });
    expect(to.take(from.exported())).toBe(1);
    expect(to.all()).toEqual(from.all());
  });

  test('does not undo what is solved here', () => {
    const [from, to] = [new ProgressStore(undefined), new ProgressStore(undefined)];
    from.update('3.1-E1', { ...solved, solved: false });
    to.update('3.1-E1', solved);
    expect(to.take(from.exported())).toBe(0);
    expect(to.get('3.1-E1')).toEqual(solved);
  });

  test.each(['', '{}', 'null', '{"version":1,"exercises":{"a":{"answer":1}}}'])('%j is none', (text) => {
    expect(new ProgressStore(undefined).take(text)).toBe(0);
  });
});
