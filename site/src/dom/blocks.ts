/** Draws a text that the build has parsed (text/markdown.ts). */
import { loneParagraph, type Block } from '../text/blocks';
import { element, inlineNode } from './element';

export function blockNodes(blocks: readonly Block[]): HTMLElement[] {
  return blocks.map(blockNode);
}

function blockNode(block: Block): HTMLElement {
  switch (block.kind) {
    case 'p':
      return element('p', {}, ...block.parts.map(inlineNode));
    case 'pre':
      return element('pre', { tabindex: 0 }, element('code', {}, block.text));
    case 'ul':
    case 'ol':
      return element(
        block.kind,
        {},
        ...block.items.map((item) =>
          element('li', {}, ...(loneParagraph(item)?.map(inlineNode) ?? blockNodes(item))),
        ),
      );
  }
}
