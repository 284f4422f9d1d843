/** The wrong ideas that exercises test for, from the table in exercises/misconceptions.md. */
import table from '../../../exercises/misconceptions.md?raw';

export interface Idea {
  /** `MC05` */
  readonly code: string;
  /** As somebody would say who holds it. */
  readonly belief: string;
  readonly truth: string;
}

export const ideas: readonly Idea[] = readIdeas(table);

/** The rows of the table; belief and truth may hold `code`. */
export function readIdeas(markdown: string): Idea[] {
  return [...markdown.matchAll(/^\| `(MC\d+)` \| "(.*?)" \| (.*) \|$/gm)].map(([, code, belief, truth]) => ({
    code: code!,
    belief: belief!,
    truth: truth!.replaceAll('\\|', '|'),
  }));
}
