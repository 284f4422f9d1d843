import { expect, test } from 'vitest';

import { seriesDrawnMax } from '../src/result/graph-model';
import { lineStyle, palettes, type Theme } from '../src/result/palette';

/** --surface of theme.css, on which graphs are drawn. */
const surfaces: Record<Theme, string> = { light: '#ffffff', dark: '#1c1f22' };

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

test.each(['light', 'dark'] as const)('each line of the %s theme stands out 3:1 from its ground', (theme) => {
  for (const color of palettes[theme])
    expect(contrast(color, surfaces[theme]), color).toBeGreaterThanOrEqual(3);
});

test('no two lines of a graph have the same colour and dash', () => {
  const styles = Array.from({ length: seriesDrawnMax }, (_, index) =>
    JSON.stringify(lineStyle(index, 'light')),
  );
  expect(new Set(styles).size).toBe(seriesDrawnMax);
});

test('neighbours differ in colour and in dash', () => {
  for (let index = 1; index < seriesDrawnMax; index++) {
    const [before, after] = [lineStyle(index - 1, 'dark'), lineStyle(index, 'dark')];
    expect(after.color).not.toBe(before.color);
    expect(after.dash).not.toEqual(before.dash);
  }
});
