/** Values in the cells of an archive, and how each answer writes them. */
import { neverTime } from '../clock.ts';

/** A value: dates as ISO 8601 without a zone, null where an outer join found no record. */
export type Cell = number | string | boolean | null;

/** What a column holds. */
export type CellType = 'int' | 'string' | 'bool' | 'date';

/**
 * A value as agents write it: `[I:123]`, `[I:1]` for true, `[DT:11/09/2017 14:53:18]` (month first), texts
 * bare. No value, and a time that was never set, is an empty text.
 */
export function encodedCell(type: CellType, cell: Cell): string {
  if (cell === null || cell === neverTime) return '';
  if (type === 'int') return `[I:${String(cell)}]`;
  if (type === 'bool') return cell === true ? '[I:1]' : '[I:0]';
  if (type === 'date') {
    const [date = '', time = ''] = String(cell).split('T');
    const [year, month, day] = date.split('-');
    return `[DT:${month}/${day}/${year} ${time}]`;
  }
  return String(cell);
}

/** A value as people read it, for `$output=Display`: all are texts, dates stay ISO 8601. */
export function displayedCell(cell: Cell): string {
  if (typeof cell === 'boolean') return cell ? 'Yes' : 'No';
  return cell === null ? '' : String(cell);
}

/** What stands in a value that an agent's restriction carries: encoding is allowed there, not needed. */
export function decodedValue(text: string): string {
  const match = /^\[(I|F|M|DT|D):(.*)\]$/.exec(text);
  if (match === null) return text;
  const [, kind, bare = ''] = match;
  const [, month, day, year, time] = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(bare) ?? [];
  if (kind === 'DT' && time !== undefined) return `${year}-${month}-${day}T${time}`;
  const [, dayFirst, monthSecond, yearLast] = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(bare) ?? [];
  return kind === 'D' && yearLast !== undefined ? `${yearLast}-${monthSecond}-${dayFirst}` : bare;
}
