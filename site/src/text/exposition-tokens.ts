/** A page of metrics in tokens, for colours only: metadata, names, labels, values, exemplars. */
import type { StreamParser, StringStream } from '@codemirror/language';

type Place = 'start' | 'metadata' | 'help' | 'labels' | 'value';

interface State {
  place: Place;
}

/** Each reads at least one character, and gives its token. */
const readers: Record<Place, (stream: StringStream, state: State) => string | null> = {
  start: (stream, state) => {
    if (stream.match(/^#\s*(?:HELP|TYPE|UNIT)\b/)) {
      state.place = 'metadata';
      return 'keyword';
    }
    if (stream.match(/^#.*/)) return 'comment';
    const isNamed = stream.match(/^[\w:]+/) !== null;
    if (!isNamed) stream.next();
    state.place = isNamed && stream.peek() !== '{' ? 'value' : 'labels';
    return isNamed ? 'typeName' : null;
  },
  metadata: (stream, state) => {
    state.place = 'help';
    if (stream.match(/^[\w:]+/)) return 'typeName';
    stream.skipToEnd();
    return null;
  },
  help: (stream) => {
    stream.skipToEnd();
    return 'string';
  },
  labels: (stream, state) => {
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
    if (stream.match(/^[\w:]+/)) return 'propertyName';
    if (stream.next() === '}') state.place = 'value';
    return null;
  },
  value: (stream, state) => {
    if (stream.match(/^[+-]?(?:Inf|NaN|[\d.]+(?:e[+-]?\d+)?)/i)) return 'number';
    // OpenMetrics: what follows is an exemplar.
    if (stream.next() === '#') state.place = 'labels';
    return null;
  },
};

export const exposition: StreamParser<State> = {
  startState: () => ({ place: 'start' }),
  copyState: (state) => ({ ...state }),
  token: (stream, state) => {
    if (stream.sol()) state.place = 'start';
    return stream.eatSpace() ? null : readers[state.place](stream, state);
  },
  languageData: { commentTokens: { line: '#' } },
};
