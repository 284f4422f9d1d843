/** PromQL in pieces with the class names that the editor gives them, for queries in the static page. */
import { highlightCode } from '@lezer/highlight';
import { parser } from '@prometheus-io/lezer-promql';

import { promqlHighlighter } from './promql-highlighter';

export interface Token {
  readonly text: string;
  readonly classes: string;
}

export function promqlTokens(query: string): Token[] {
  const tokens: Token[] = [];
  highlightCode(
    query,
    parser.parse(query),
    promqlHighlighter,
    (text, classes) => tokens.push({ text, classes }),
    () => tokens.push({ text: '\n', classes: '' }),
  );
  return tokens;
}
