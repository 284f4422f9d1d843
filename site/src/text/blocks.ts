/**
 * A text of an exercise file in its parts: what Markdown makes of it at the build (markdown.ts), and what the page
 * and the components draw. It is data, so that no HTML is ever made out of strings.
 */
import type { Inline } from './inline';

export type Block =
  | { readonly kind: 'p'; readonly parts: readonly Inline[] }
  | { readonly kind: 'pre'; readonly text: string }
  /** Each item is a list of blocks; one that is a single paragraph is drawn without it. */
  | { readonly kind: 'ul' | 'ol'; readonly items: readonly (readonly Block[])[] };

/** The parts of an item that is one paragraph; undefined for any other. */
export function loneParagraph(item: readonly Block[]): readonly Inline[] | undefined {
  const [only] = item;
  return item.length === 1 && only?.kind === 'p' ? only.parts : undefined;
}
