/** Lists as CSV (RFC 4180): a header, lines that end with CR LF, cells in quotes where they need them. */
import { stringify } from 'csv-stringify/sync';
import { jsonLine, printable } from './json.ts';

/** The line with the names of the columns. */
export function csvHeader(columns: readonly string[]): string {
  return lines([columns]);
}

/**
 * A line for each item: texts and numbers as they are, truths as `true` and `false`, nothing for null, and JSON for
 * lists and objects. Cells hold what the data is, whatever a spreadsheet makes of a `=` at their beginning; at a
 * terminal they are printable.
 */
export function csvLines(items: readonly object[], columns: readonly string[], isTerminal: boolean): string {
  const shown = isTerminal ? printable : (text: string) => text;
  return lines(items.map((item) => columns.map((column) => shown(cell(Reflect.get(item, column))))));
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? jsonLine(value).trimEnd() : String(value);
}

function lines(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}
