// Numbers for people: medians, means, Markdown.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

export const ratio = (value) => value.toFixed(value < 0.1 ? 3 : 2);

/** Columns padded, so that the table can be read as plain text. */
export function markdownTable(header, rows) {
  const cells = [header, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(cells[0]), line(widths.map((width) => '-'.repeat(width))), ...cells.slice(1).map(line)].join(
    '\n',
  );
}

/** A row for a measured value that must not be above a bar. */
export function withinBar([what, measured, bar]) {
  const text = Number.isInteger(measured) ? String(measured) : measured.toFixed(3);
  return [what, text, bar, measured <= bar ? 'OK' : 'FAIL'];
}
