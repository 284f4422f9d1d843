import { describe, expect, test } from 'vitest';

import { lintQuery, splitPosition } from '../src/prometheus/query-help';

test.each([
  ['at its end', 'metric might not be a counter (1:6)', 'rate(up[5m])', 'metric might not be a counter', 5],
  ['on a later line, in bytes', 'odd (2:3)', '"é"\n+ up', 'odd', 7],
])('splitPosition takes a place off: %s', (_, message, query, plain, start) => {
  expect(splitPosition(message, query)).toEqual({ message: plain, span: { start, end: start + 1 } });
});

test('splitPosition leaves a message without a place alone', () => {
  expect(splitPosition('odd (really)', 'up')).toEqual({ message: 'odd (really)' });
});

describe('lintQuery', () => {
  const answering = (data: unknown) => ({
    ask: () => Promise.resolve({ status: 200, body: JSON.stringify({ status: 'success', data }) }),
    now: () => Promise.resolve(0),
  });
  const finding = {
    rule: 'rate-of-gauge',
    severity: 'warning',
    position: { start: 0, end: 4 },
    message: 'why',
    edit: { start: 0, end: 4, text: 'deriv' },
  };

  test('reads remarks and their edits', async () => {
    expect(await lintQuery(answering([finding]), 'rate(x[5m])', 'instant')).toMatchObject({
      data: [
        {
          severity: 'warning',
          span: { start: 0, end: 4 },
          message: 'why',
          edit: { start: 0, end: 4, text: 'deriv' },
        },
      ],
    });
  });

  test('refuses what is no list of remarks', async () => {
    await expect(lintQuery(answering([{}]), 'up', 'range')).rejects.toThrow('not understood');
  });
});
