import { describe, expect, test } from 'vitest';

import {
  formatAxisValue,
  formatDateTime,
  formatLabels,
  formatTime,
  formatValue,
  parseDuration,
  plural,
} from '../src/result/format';

test.each([
  ['0', '0'],
  ['-0', '0'],
  ['123456789', '123456789'],
  ['0.03333333333333333', '0.0333333'],
  ['1234.56789', '1234.57'],
  ['1e-07', '1e-7'],
  ['NaN', 'NaN'],
  ['+Inf', '+Inf'],
  ['', ''],
  ['some text', 'some text'],
])('formatValue(%j) is %j', (value, expected) => {
  expect(formatValue(value)).toBe(expected);
});

test.each([
  [0, '0'],
  [950, '950'],
  [9999, '9999'],
  [25000, '25 k'],
  [1.2e6, '1.2 M'],
  [-3e9, '-3 G'],
  [0.125, '0.125'],
])('formatAxisValue(%d) is %j', (value, expected) => {
  expect(formatAxisValue(value)).toBe(expected);
});

test('times are UTC', () => {
  expect(formatTime(1_767_232_815)).toBe('02:00:15');
  expect(formatDateTime(1_767_232_815)).toBe('2026-01-01 02:00:15');
});

describe('formatLabels', () => {
  test.each([
    [{}, '{}'],
    [{ __name__: 'up' }, 'up'],
    [{ __name__: 'up', job: 'a' }, 'up{job="a"}'],
    [{ job: 'a', env: 'b' }, '{job="a", env="b"}'],
    [{ path: 'C:\\"x"' }, '{path="C:\\\\\\"x\\""}'],
  ])('%j', (labels, expected) => {
    expect(formatLabels(labels as Record<string, string>)).toBe(expected);
  });
});

test.each([
  ['15m', 900],
  ['2h', 7200],
  ['1w', 604_800],
  ['m', undefined],
  ['1h30m', undefined],
])('parseDuration(%j) is %j', (duration, seconds) => {
  expect(parseDuration(duration)).toBe(seconds);
});

test('plural', () => {
  expect([0, 1, 2].map((count) => plural(count, 'target', 'targets'))).toEqual([
    '0 targets',
    '1 target',
    '2 targets',
  ]);
});
