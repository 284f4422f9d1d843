/**
 * The little Markdown that exercise files may hold: paragraphs, `code`, *emphasis* and **strong**. One
 * parser serves the build and the page; neither makes HTML out of strings.
 */
export type InlineKind = 'text' | 'code' | 'em' | 'strong';

export interface Inline {
  readonly kind: InlineKind;
  readonly text: string;
}

const marked = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*/g;

/** Paragraphs are separated by an empty line; other line ends are spaces. */
export function parseInline(source: string): Inline[][] {
  return source
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => parseParagraph(paragraph.replaceAll(/\s*\n\s*/g, ' ')));
}

function parseParagraph(paragraph: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of paragraph.matchAll(marked)) {
    if (match.index > end) parts.push({ kind: 'text', text: paragraph.slice(end, match.index) });
    const [all, code, strong, em] = match;
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (strong !== undefined) parts.push({ kind: 'strong', text: strong });
    else parts.push({ kind: 'em', text: em! });
    end = match.index + all.length;
  }
  if (end < paragraph.length) parts.push({ kind: 'text', text: paragraph.slice(end) });
  return parts;
}
