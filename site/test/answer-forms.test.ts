import { expect, test, vi } from 'vitest';

import { spanOfPosition } from '../src/editor/offsets';

// The forms of several steps know the elements in them; only what they do to texts is of interest here.
vi.stubGlobal('HTMLElement', Object);
vi.stubGlobal('customElements', { define: () => undefined });
const { joinSteps, splitSteps, stepAt } = await import('../src/answer-forms/steps');
const { keysOf } = await import('../src/answer-forms/choice');

test('the steps of an answer are what stands between the lines', () => {
  expect(splitSteps('a\nb\n---\nc\n---\n')).toEqual(['a\nb', 'c', '']);
  expect(joinSteps(['a\nb\n', 'c', ''])).toBe('a\nb\n---\nc\n---\n');
  expect(splitSteps(joinSteps(['x: |\n  - y', '', '2']))).toEqual(['x: |\n  - y', '', '2']);
});

test('a place in the whole answer is a place in its step', () => {
  const steps = ['abc', 'de'];
  expect(stepAt(steps, 2)).toEqual({ index: 0, begin: 0 });
  expect(stepAt(steps, 'abc\n---\nd'.length)).toEqual({ index: 1, begin: 8 });
  expect(stepAt(steps, 99)).toEqual({ index: 1, begin: 8 });
});

test('keys may be parted as one likes', () => {
  expect(keysOf(' b, a\nc-1 ,')).toEqual(['b', 'a', 'c-1']);
});

test('a message that begins with a place has a span of bytes', () => {
  expect(spanOfPosition('é\nab', 'rules.yml:2:2: no')).toEqual({ start: 4, end: 5 });
  expect(spanOfPosition('a', '1:1: no')).toEqual({ start: 0, end: 1 });
  expect(spanOfPosition('a', '9:9: no')).toBeUndefined();
  expect(spanOfPosition('a', 'no')).toBeUndefined();
});
