import { describe, expect, test } from 'vitest';

import { lessonSlug } from '../src/content/course';
import { readQueryState } from '../src/elements/url-state';
import { withBase } from '../src/text/address';
import { parseInline } from '../src/text/inline';
import { promqlTokens } from '../src/text/promql-tokens';

describe('parseInline', () => {
  test.each([
    ['plain', [[{ kind: 'text', text: 'plain' }]]],
    ['`a*b*c`', [[{ kind: 'code', text: 'a*b*c' }]]],
    [
      'is *now* and **always**.',
      [
        [
          { kind: 'text', text: 'is ' },
          { kind: 'em', text: 'now' },
          { kind: 'text', text: ' and ' },
          { kind: 'strong', text: 'always' },
          { kind: 'text', text: '.' },
        ],
      ],
    ],
    ['one\nline\n\ntwo', [[{ kind: 'text', text: 'one line' }], [{ kind: 'text', text: 'two' }]]],
    ['2 * 3 * 4', [[{ kind: 'text', text: '2 * 3 * 4' }]]],
    ['a lone ` tick', [[{ kind: 'text', text: 'a lone ` tick' }]]],
  ])('%j', (source, expected) => {
    expect(parseInline(source)).toEqual(expected);
  });
});

test('promqlTokens keeps every character of the query', () => {
  const query = 'sum by (job) (\n  rate(http_requests_total{status=~"5.."}[5m])\n)';
  const tokens = promqlTokens(query);
  expect(tokens.map(({ text }) => text).join('')).toBe(query);
  expect(tokens.find(({ text }) => text === '"5.."')?.classes).toBe('tok-string');
});

test('lessonSlug drops the numbers that order the files', () => {
  expect(lessonSlug('03-promql-basics/02-selectors.mdx')).toBe('course/promql-basics/selectors');
  expect(lessonSlug('03-promql-basics/02-selectors')).toBe('course/promql-basics/selectors');
});

test('withBase works with and without a slash', () => {
  expect(['/', '/promenade', '/promenade/'].map((base) => withBase(base, '/query/'))).toEqual([
    '/query/',
    '/promenade/query/',
    '/promenade/query/',
  ]);
});

describe('readQueryState', () => {
  test('reads the links that alerts have', () => {
    expect(readQueryState('?g0.expr=up+%3D%3D+0&g0.tab=1')).toEqual({ query: 'up == 0', tab: 'table' });
    expect(readQueryState('?g0.expr=up&g0.tab=7')).toEqual({ query: 'up' });
  });

  test('reads what writeQueryState writes', () => {
    expect(readQueryState('?expr=up+%3D%3D+0&tab=graph&range=15m')).toEqual({
      query: 'up == 0',
      tab: 'graph',
      range: '15m',
    });
  });

  test('leaves out what it does not understand', () => {
    expect(readQueryState('?tab=picture&range=long')).toEqual({});
  });
});
