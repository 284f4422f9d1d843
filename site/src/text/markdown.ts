/**
 * Markdown to blocks, at the build: paragraphs, lists, code blocks, `code`, *emphasis* and **strong**. What exercise
 * files have no use for (headings, quotes, links, HTML) becomes the text in it.
 */
import { fromMarkdown } from 'mdast-util-from-markdown';

import type { Block } from './blocks';
import type { Inline, InlineKind } from './inline';

type Node = ReturnType<typeof fromMarkdown>['children'][number];

export function parseMarkdown(source: string): Block[] {
  return fromMarkdown(source).children.flatMap(block);
}

function block(node: Node): Block[] {
  switch (node.type) {
    case 'code':
      return [{ kind: 'pre', text: node.value }];
    case 'list':
      return [
        {
          kind: node.ordered ? 'ol' : 'ul',
          items: node.children.map((item) => item.children.flatMap(block)),
        },
      ];
    case 'blockquote':
      return node.children.flatMap(block);
    case 'thematicBreak':
    case 'definition':
      return [];
    default:
      return [{ kind: 'p', parts: joined(inline(node, 'text')) }];
  }
}

/** @param marked how the text around `node` is marked; code in it stays code. */
function inline(node: Node, marked: InlineKind): Inline[] {
  switch (node.type) {
    case 'inlineCode':
      return [{ kind: 'code', text: node.value }];
    case 'text':
    case 'html':
      return [{ kind: marked, text: node.value.replaceAll(/\s*\n\s*/g, ' ') }];
    case 'break':
      return [{ kind: marked, text: ' ' }];
    case 'emphasis':
      return node.children.flatMap((child) => inline(child, 'em'));
    case 'strong':
      return node.children.flatMap((child) => inline(child, 'strong'));
    default:
      return 'children' in node ? node.children.flatMap((child) => inline(child, marked)) : [];
  }
}

/** The same with neighbours of one kind as one part. */
function joined(parts: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (last && last.kind === part.kind && part.kind !== 'code') {
      out[out.length - 1] = { kind: last.kind, text: last.text + part.text };
    } else {
      out.push(part);
    }
  }
  return out;
}
