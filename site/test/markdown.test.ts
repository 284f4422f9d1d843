import { expect, test } from 'vitest';

import { loneParagraph } from '../src/text/blocks';
import { parseInline } from '../src/text/inline';
import { parseMarkdown } from '../src/text/markdown';

test('paragraphs, with the line ends of a folded text as spaces', () => {
  expect(parseMarkdown('One `up`\ntwo.\n\nThree **strong `code`** end.')).toEqual([
    {
      kind: 'p',
      parts: [
        { kind: 'text', text: 'One ' },
        { kind: 'code', text: 'up' },
        { kind: 'text', text: ' two.' },
      ],
    },
    {
      kind: 'p',
      parts: [
        { kind: 'text', text: 'Three ' },
        { kind: 'strong', text: 'strong ' },
        { kind: 'code', text: 'code' },
        { kind: 'text', text: ' end.' },
      ],
    },
  ]);
});

test('lists and code keep their shape', () => {
  const [list, code] = parseMarkdown('1. first\n2. second\n\n```yaml\na: 1\n  b\n```');
  expect(list).toMatchObject({ kind: 'ol' });
  const items = list?.kind === 'ol' ? list.items : [];
  expect(items.map(loneParagraph)).toEqual([
    [{ kind: 'text', text: 'first' }],
    [{ kind: 'text', text: 'second' }],
  ]);
  expect(code).toEqual({ kind: 'pre', text: 'a: 1\n  b' });
});

test('HTML and names with underscores stay text', () => {
  expect(parseMarkdown('a <b>x</b> job_errors_total')).toEqual([
    { kind: 'p', parts: [{ kind: 'text', text: 'a <b>x</b> job_errors_total' }] },
  ]);
});

test('what both parsers know they read alike', () => {
  const source = 'Use `rate(x[5m])`, **not** the *sum*.';
  expect(parseMarkdown(source)).toEqual([{ kind: 'p', parts: parseInline(source)[0] }]);
});
