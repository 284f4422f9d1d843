import { describe, expect, test } from 'vitest';

import { parseExercise } from '../src/content/exercise-loader';

const sound = `format_version: 1
id: 3.2-E1
lesson: 03-promql-basics/02-selectors
title: Exactly 500
world: web-shop
task: Requests answered with 500.
starter: http_requests_total
reference: http_requests_total{status="500"}
equivalents:
  - '{__name__="http_requests_total", status="500"}'
misconceptions:
  - code: MC20
    query: http_requests_total{status=~"5.."}
    message: The dots match any digit.
hints:
  - Which label holds the answer's number?
explanation: An equals sign compares letter by letter.
`;

const parse = (source: string, file = 'exercises/03/3.2-E1.yaml') => parseExercise(file, source);

describe('parseExercise', () => {
  test('accepts a sound file', () => {
    expect(parse(sound)).toMatchObject({ id: '3.2-E1', hints: ["Which label holds the answer's number?"] });
  });

  test.each([
    ['an unknown key', sound + 'bonus: 1\n', ':18:1: exercise: Unrecognized key: "bonus"'],
    ['a wrong type', sound.replace('title: Exactly 500', 'title: 500'), ':4:8: title: '],
    ['a missing key', sound.replace(/^world.*\n/m, ''), ':1:1: world: '],
    ['no hints', sound.replace(/hints:\n.*\n/, 'hints: []\n'), ':15:8: hints: '],
    ['a code that is none', sound.replace('MC20', 'dots'), ':12:11: misconceptions.0.code: '],
    ['another format', sound.replace('format_version: 1', 'format_version: 2'), ':1:17: format_version: '],
    ['broken YAML', sound.replace('title: Exactly', 'title: [Exactly'), ':5:1: '],
  ])('refuses %s and says where', (_, source, reason) => {
    expect(() => parse(source)).toThrow(`exercises/03/3.2-E1.yaml${reason}`);
  });

  test('refuses an id that is not the file’s name', () => {
    expect(() => parse(sound, 'exercises/03/3.2-E9.yaml')).toThrow(
      'exercises/03/3.2-E9.yaml:2:5: id is "3.2-E1" but the file\'s name says "3.2-E9".',
    );
  });
});
