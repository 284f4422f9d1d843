/**
 * Colours and dashes of the lines of a graph. The colours are Okabe and Ito's, told apart by nearly
 * everyone; on paper the light ones are darkened, on ink the dark ones lightened, until each has a contrast
 * of at least 3:1. No two of the first forty lines have the same colour and dash.
 */
export const palettes = {
  light: ['#0072b2', '#c25400', '#008762', '#a8528a', '#9a6d00', '#2b7fb5', '#6b6600', '#22211e'],
  dark: ['#56b4e9', '#e8823a', '#2fbf95', '#d88fb6', '#e69f00', '#8cc5ee', '#f0e442', '#e8e5dd'],
} as const;

export type Theme = keyof typeof palettes;

/** Lengths of line and gap in pixels; the first is solid. */
const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2]];

export interface LineStyle {
  readonly color: string;
  readonly dash: readonly number[];
}

export function lineStyle(index: number, theme: Theme): LineStyle {
  const colors = palettes[theme];
  const round = Math.floor(index / colors.length);
  return { color: colors[index % colors.length]!, dash: dashes[(index + round) % dashes.length]! };
}
