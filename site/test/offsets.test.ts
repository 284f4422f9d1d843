import { describe, expect, test } from 'vitest';

import { editorSpan, utf16Offset } from '../src/editor/offsets';

describe('utf16Offset', () => {
  test.each([
    ['up', 0, 0],
    ['up', 1, 1],
    ['up', 2, 2],
    ['up', 9, 2],
    // Two, three and four bytes; the last is two UTF-16 units.
    ['é+', 2, 1],
    ['€+', 3, 1],
    ['😀+', 4, 2],
    ['a😀b', 5, 3],
    // Inside a character: its end.
    ['€+', 1, 1],
    ['', 3, 0],
  ])('in %j byte %i is unit %i', (text, bytes, units) => {
    expect(utf16Offset(text, bytes)).toBe(units);
  });
});

describe('editorSpan', () => {
  test('maps both ends', () => {
    expect(editorSpan('"é" + x', { start: 7, end: 8 })).toEqual({ from: 6, to: 7 });
  });

  test('widens an empty span to the character after it', () => {
    expect(editorSpan('1 )', { start: 2, end: 2 })).toEqual({ from: 2, to: 3 });
  });

  test('an end of input marks the last character', () => {
    expect(editorSpan('sum(', { start: 4, end: 4 })).toEqual({ from: 3, to: 4 });
  });

  test('covers a word to its end', () => {
    expect(editorSpan('a{b=500}', { start: 4, end: 5 })).toEqual({ from: 4, to: 7 });
  });

  test('a sign does not take the word behind it', () => {
    expect(editorSpan('(up', { start: 0, end: 1 })).toEqual({ from: 0, to: 1 });
  });

  test('an empty text has an empty span', () => {
    expect(editorSpan('', { start: 0, end: 0 })).toEqual({ from: 0, to: 0 });
  });
});
