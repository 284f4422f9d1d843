/** The class names of PromQL's tokens, the same in the editor and in the static page. */
import { tagHighlighter, tags } from '@lezer/highlight';

export const promqlHighlighter = tagHighlighter([
  { tag: tags.function(tags.variableName), class: 'tok-function' },
  { tag: tags.operatorKeyword, class: 'tok-function' },
  { tag: tags.modifier, class: 'tok-keyword' },
  { tag: tags.logicOperator, class: 'tok-keyword' },
  { tag: tags.labelName, class: 'tok-label' },
  { tag: tags.string, class: 'tok-string' },
  { tag: tags.number, class: 'tok-number' },
  { tag: tags.comment, class: 'tok-comment' },
]);
