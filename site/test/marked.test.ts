import { expect, test } from 'vitest';

import { markedParts } from '../src/text/marked';

test('an excerpt’s marks become parts, and its entities text', () => {
  expect(markedParts('a &lt;b&gt; <mark>c &amp;amp;</mark>')).toEqual([
    { text: 'a <b> ', isMarked: false },
    { text: 'c &amp;', isMarked: true },
  ]);
});

test('other tags stay what they are: text', () => {
  expect(markedParts('<img src=x onerror=y>')).toEqual([{ text: '<img src=x onerror=y>', isMarked: false }]);
});
