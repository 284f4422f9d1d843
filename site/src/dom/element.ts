/** Making elements. Text only ever enters the page as text nodes and attributes. */
import { parseInline, type Inline } from '../text/inline';

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string | undefined | false;

/** @example element('p', { class: 'note' }, 'Saved.') */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

export function svg(name: string, attributes: Attributes, ...children: SVGElement[]): SVGElement {
  const made = document.createElementNS(svgNamespace, name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    target.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Paragraphs of an exercise's little Markdown. */
export function paragraphs(source: string): HTMLParagraphElement[] {
  return parseInline(source).map((parts) => element('p', {}, ...parts.map(inlineNode)));
}

/** The same without the paragraphs. */
export function phrase(source: string): (Node | string)[] {
  return parseInline(source).flat().map(inlineNode);
}

export function inlineNode({ kind, text }: Inline): Node | string {
  return kind === 'text' ? text : element(kind, {}, text);
}

let ids = 0;

/** An id that no other element of the page has. */
export function uniqueId(prefix: string): string {
  ids += 1;
  return `${prefix}-${ids}`;
}
