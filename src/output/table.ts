/** Lists for people: aligned columns without borders, as wide as the terminal at most. */
import stringWidth from 'fast-string-width';
import { details } from './details.ts';
import { shortened } from './fitted-text.ts';
import { printable } from './json.ts';
import type { Style } from './style.ts';

/** A column: its heading and how a row fills it. */
export interface Column<R> {
  readonly heading: string;
  cell(row: R): string;
  /** Never shortened: what is copied from it has to be whole, or what it says has to be read to its end. */
  readonly whole?: boolean;
}

/** Blanks between two columns. */
const gap = 2;
/** A column is shortened to this many columns of the terminal at least, if it is not narrower by itself. */
const narrowest = 8;

/**
 * A table; each column as wide as its widest cell, whatever the width of its characters. At a terminal whose lines
 * are shorter than that, the widest columns are shortened until it fits, as far as they may be; where that is not
 * enough, each row is told in lines of its own, and whole. Elsewhere nothing is changed. The last column is not padded.
 * Line breaks in a cell become blanks.
 */
export function table<R>(rows: readonly R[], columns: readonly Column<R>[], style: Style): string {
  const cells = rows.map((row) => columns.map((column) => printable(column.cell(row))));
  const headings = columns.map(({ heading }) => printable(heading).toUpperCase());
  const natural = columns.map((_, index) =>
    Math.max(...[headings, ...cells].map((line) => stringWidth(line[index] ?? ''))),
  );
  const least = columns.map(({ heading, whole }) =>
    whole ? Number.POSITIVE_INFINITY : Math.max(narrowest, stringWidth(heading)),
  );
  const widths = style.columns === undefined ? natural : fitted(natural, least, style.columns);
  if (widths === undefined) return inBlocks(headings, cells, style);
  const aligned = (line: readonly string[]): string =>
    line
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        const shown = shortened(cell, width, style.ellipsis);
        return shown + ' '.repeat(width - stringWidth(shown));
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [style.paint.bold(aligned(headings)), ...cells.map(aligned)].join('\n');
}

function inBlocks(headings: readonly string[], cells: readonly (readonly string[])[], style: Style): string {
  const blocks = cells.map((row) =>
    details(
      headings.map((heading, index) => [heading, row[index] ?? ''] as const),
      style,
    ),
  );
  return blocks.length === 0 ? style.paint.bold(headings.join('\n')) : blocks.join('\n\n');
}

/**
 * Takes room from the widest columns first, so that those that are narrow stay as they are.
 *
 * @returns the widths; undefined where there is no room for all columns
 */
function fitted(
  natural: readonly number[],
  least: readonly number[],
  columns: number,
): readonly number[] | undefined {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, gap * (widths.length - 1)) - columns;
  while (excess > 0) {
    const open = widths.map((width, index) => (width > (least[index] ?? 0) ? width : 0));
    const widest = Math.max(...open);
    if (widest === 0) return undefined;
    const at = open.flatMap((width, index) => (width === widest ? [index] : []));
    const next = Math.max(...open.filter((width) => width < widest), ...at.map((index) => least[index] ?? 0));
    // Down to the next narrower one, all of the widest alike.
    const step = Math.max(1, Math.min(widest - next, Math.ceil(excess / at.length)));
    for (const index of at) {
      const taken = Math.min(step, excess);
      widths[index] = widest - taken;
      excess -= taken;
    }
  }
  return widths;
}
