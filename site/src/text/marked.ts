/** An excerpt of the search's index, text with <mark> around what was found, in parts; nothing in it becomes HTML. */
export interface MarkedPart {
  readonly text: string;
  readonly isMarked: boolean;
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&amp;': '&',
};

/** @example markedParts('a <mark>b</mark>') // => [{ text: 'a ', isMarked: false }, { text: 'b', isMarked: true }] */
export function markedParts(excerpt: string): MarkedPart[] {
  return excerpt
    .split(/(<mark>[^]*?<\/mark>)/)
    .filter((part) => part !== '')
    .map((part) => {
      const inside = /^<mark>([^]*)<\/mark>$/.exec(part)?.[1];
      const text = (inside ?? part).replaceAll(
        /&(?:lt|gt|quot|amp|#39|#x27);/g,
        (entity) => entities[entity] ?? entity,
      );
      return { text, isMarked: inside !== undefined };
    });
}
