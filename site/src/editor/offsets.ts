/** The engine counts bytes of UTF-8, the editor counts UTF-16 units. */

/**
 * The UTF-16 offset of a byte offset. One inside a character is that character's end; one past the end
 * is the end.
 *
 * @example utf16Offset('é+', 2) // => 1
 */
export function utf16Offset(text: string, byteOffset: number): number {
  let bytes = 0;
  let units = 0;
  for (const character of text) {
    if (bytes >= byteOffset) break;
    bytes += utf8Length(character.codePointAt(0)!);
    units += character.length;
  }
  return units;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/**
 * The span in the editor's units, as a mark that can be seen: it covers words to their end, and an end of
 * input marks the last character. Empty only in an empty text.
 */
export function editorSpan(text: string, span: { start: number; end: number }): { from: number; to: number } {
  const from = Math.min(utf16Offset(text, span.start), Math.max(0, text.length - 1));
  const to = Math.max(utf16Offset(text, span.end), Math.min(from + 1, text.length));
  const restOfWord = /^\w*/.exec(text.slice(to))![0];
  return { from, to: /\w$/.test(text.slice(0, to)) ? to + restOfWord.length : to };
}

/** The bytes at the place that `FILE:LINE:COLUMN:` or `LINE:COLUMN:` in front of a message names. */
export function spanOfPosition(text: string, message: string): { start: number; end: number } | undefined {
  const [, line, column] = /^(?:[\w./-]+:)?(\d+):(\d+):/.exec(message) ?? [];
  if (line === undefined) return undefined;
  const before = text.split('\n').slice(0, Number(line) - 1);
  const at = before.reduce((sum, each) => sum + each.length + 1, 0) + Number(column) - 1;
  if (at > text.length) return undefined;
  const start = new TextEncoder().encode(text.slice(0, at)).length;
  return { start, end: start + 1 };
}
