/** Reading JSON of unknown shape: each function gives a typed value or throws what it expected. */

export type Json = Readonly<Record<string, unknown>>;

export class UnexpectedAnswer extends Error {
  constructor(expected: string, found: unknown) {
    super(`The server's answer was not understood: expected ${expected}, found ${typeof found}.`);
  }
}

export function object(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnexpectedAnswer('an object', value);
  }
  return value as Json;
}

export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new UnexpectedAnswer('a list', value);
  return value;
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new UnexpectedAnswer('a text', value);
  return value;
}

export function number(value: unknown): number {
  if (typeof value !== 'number') throw new UnexpectedAnswer('a number', value);
  return value;
}

/** A list of texts that may be missing. */
export function texts(value: unknown): string[] {
  return value === undefined || value === null ? [] : list(value).map(text);
}

/** An object whose values are all texts, such as a set of labels. */
export function textRecord(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(object(value)).map(([key, entry]) => [key, text(entry)]));
}
