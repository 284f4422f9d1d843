/** What the small drawings of the explanation share. */
import { element, svg } from '../dom/element';

export interface Scale {
  (value: number): number;
}

/** Maps `from` to `to` linearly; a range without length maps to its middle. */
export function scale(from: readonly [number, number], to: readonly [number, number]): Scale {
  const [low, high] = from;
  const [start, end] = to;
  return (value) =>
    high === low ? (start + end) / 2 : start + ((value - low) / (high - low)) * (end - start);
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): SVGElement {
  return svg('line', { x1, y1, x2, y2, class: kind });
}

export function label(
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'middle',
  kind = '',
): SVGElement {
  const made = svg('text', { x, y, 'text-anchor': anchor, class: kind || undefined });
  made.textContent = text;
  return made;
}

export function picture(
  width: number,
  height: number,
  description: string,
  ...parts: SVGElement[]
): SVGElement {
  return svg(
    'svg',
    { class: 'drawing', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': description },
    ...parts,
  );
}

/** The heading of a part of the explanation. Its level is set where it is known what it stands under. */
export function partTitle(text: string): HTMLElement {
  return element('p', { class: 'part-title', role: 'heading', 'aria-level': 3 }, text);
}
