import { expect, test } from 'vitest';

import { inShort, readNotation } from '../src/text/series-notation';

test.each([
  ['up{job="a b"} 1x2 0', 'up{job="a b"}', ['1', '1', '1', '0']],
  ['a 90000+180x2 _ _x2 7', 'a', ['90000', '90180', '90360', '–', '–', '–', '7']],
  ['x{} 3-1x3 stale', 'x{}', ['3', '2', '1', '0', 'gone']],
  ['x 1e3 NaN -Inf 0.1+0.2x1', 'x', ['1e3', 'NaN', '-Inf', '0.1', '0.3']],
])('%s', (line, name, values) => expect(readNotation(line)).toEqual({ name, values }));

test('what it can’t read is not guessed', () => {
  expect(readNotation('x {{schema:0 sum:1}}')).toBeUndefined();
  expect(readNotation('x')).toBeUndefined();
});

test.each([
  [['1', '2', '2', '3'], '1, 2, 2, 3'],
  [Array.from({ length: 40 }, () => '1'), '1 (40 times)'],
  [['1', '1', '1', '1', '1', '1', '1', '1', '0', '0'], '1 (8 times), 0, 0'],
  [Array.from({ length: 40 }, (_, index) => String(index)), '0, 1, 2, …, 38, 39 (40 samples)'],
])('%# in short', (values, short) => expect(inShort(values)).toBe(short));
