/** Lists for people: aligned columns without borders. */
import stringWidth from 'fast-string-width';
import { printable } from './json.ts';
import type { Style } from './style.ts';

/** A column: its heading and how a row fills it. */
export interface Column<R> {
  readonly heading: string;
  cell(row: R): string;
}

/**
 * A table; each column as wide as its widest cell, whatever the width of its characters. The last
 * column is not padded. Line breaks in a cell become blanks.
 */
export function table<R>(rows: readonly R[], columns: readonly Column<R>[], style: Style): string {
  const cells = rows.map((row) => columns.map((column) => printable(column.cell(row))));
  const headings = columns.map(({ heading }) => printable(heading).toUpperCase());
  const widths = columns.map((_, index) =>
    Math.max(...[headings, ...cells].map((line) => stringWidth(line[index] ?? ''))),
  );
  const aligned = (line: readonly string[]): string =>
    line
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - stringWidth(cell)))
      .join('  ')
      .trimEnd();
  return [style.paint.bold(aligned(headings)), ...cells.map(aligned)].join('\n');
}
