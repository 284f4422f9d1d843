/**
 * YAML in tokens, for colours only: keys, strings, numbers, words with a meaning, comments, and block scalars, which end
 * where a line is indented less. The engine's own reader says what is wrong.
 */
import type { StreamParser, StringStream } from '@codemirror/language';

interface State {
  /** The indentation of the line that opened a block scalar; -1 outside of one. */
  blockIndent: number;
}

const key =
  /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#"'[\]{},&*!|>%@`-][^#:{}[\],]*|-[^\s#:][^#:{}[\],]*)(?=\s*:(?:\s|$))/;
const quoted = /^(?:"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)/;
const number = /^-?(?:\d+(?:\.\d+)?(?:ms|[smhdwy])?|\d*\.\d+)(?=\s*(?:$|[,\]}#]))/;
const word = /^(?:true|false|null|~)(?=\s*(?:$|[,\]}#]))/;

export const yaml: StreamParser<State> = {
  startState: () => ({ blockIndent: -1 }),
  copyState: (state) => ({ ...state }),
  token: (stream, state) => {
    if (state.blockIndent >= 0 && stream.sol()) {
      if (stream.indentation() > state.blockIndent || /^\s*$/.test(stream.string)) {
        stream.skipToEnd();
        return 'string';
      }
      state.blockIndent = -1;
    }
    return stream.eatSpace() ? null : token(stream, state);
  },
  languageData: { commentTokens: { line: '#' } },
};

function token(stream: StringStream, state: State): string | null {
  if (stream.match(/^#.*/)) return 'comment';
  if (stream.match(/^(?:---|\.\.\.)\s*$/) || stream.match(/^-(?=\s|$)/)) return 'keyword';
  if (stream.match(key)) return 'propertyName';
  if (stream.match(/^[|>][+-]?\d?\s*(?=$|#)/)) {
    state.blockIndent = stream.indentation();
    return 'keyword';
  }
  if (stream.match(quoted)) return 'string';
  if (stream.match(number)) return 'number';
  if (stream.match(word) || stream.match(/^[&*!][\w-]+/)) return 'keyword';
  if (stream.match(/^[[\]{},:]/)) return null;
  stream.match(/^[^\s#,[\]{}:]+|^./);
  return null;
}
