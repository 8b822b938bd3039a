/** Values in the rows of an archive: what REST writes as JSON and SOAP as encoded text, made equal by their kind. */
import { ErpsyncError } from '../errors.ts';

/** What a column holds: `time` is ISO 8601 without a zone, as the server keeps it. */
export type CellKind = 'number' | 'text' | 'flag' | 'time';

/** The columns that are asked for, by name. */
export type ArchiveColumns = Readonly<Record<string, CellKind>>;

/** The value of a cell of a kind; a text that is not there is empty, anything else is null. */
export type CellOf<K extends CellKind> = K extends 'number'
  ? number | null
  : K extends 'flag'
    ? boolean | null
    : K extends 'time'
      ? string | null
      : string;

/** A row: the columns under the names that they were asked by. */
export type ArchiveRow<C extends ArchiveColumns> = { readonly [N in keyof C]: CellOf<C[N]> };

/**
 * Reads a row whatever the case that the server writes its columns in.
 *
 * @param raw the members of the row, by column
 * @throws ErpsyncError `rejected` for a column that is missing or holds what its kind cannot be
 */
export function readRow<C extends ArchiveColumns>(
  columns: C,
  raw: Readonly<Record<string, unknown>>,
  provider: string,
): ArchiveRow<C> {
  const found = new Map(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]));
  const cells = Object.entries(columns).map(([name, kind]) => {
    const value = found.get(name.toLowerCase());
    if (value === undefined) {
      const why = `the server answers without the column ${name}: it is too old, or the user may not read that`;
      throw unreadableArchive(provider, why);
    }
    const cell = readCell(kind, value);
    if (cell !== undefined) return [name, cell];
    const held = JSON.stringify(value).slice(0, 60);
    throw unreadableArchive(provider, `its column ${name} holds what is no ${kind}: ${held}`);
  });
  // Each column has just been read by its kind.
  return Object.fromEntries(cells) as ArchiveRow<C>;
}

/** The error of an archive that is not answered as it should be. */
export function unreadableArchive(provider: string, why: string): ErpsyncError {
  return new ErpsyncError('rejected', {
    what: `the archive ${provider} cannot be read`,
    why,
    next: 'check the version of the server and who you are there: erpsync doctor',
  });
}

/** The value in a cell; undefined for what its kind cannot be. */
export function readCell(kind: CellKind, given: unknown): number | string | boolean | null | undefined {
  if (given === null) return kind === 'text' ? '' : null;
  const value = typeof given === 'string' && kind !== 'text' ? bare(given) : given;
  switch (kind) {
    case 'number':
      return value === '' ? null : finite(value);
    case 'flag':
      return value === '' ? null : flag(value);
    case 'time':
      return value === '' ? null : typeof value === 'string' ? isoTime(value) : undefined;
    default:
      return typeof value === 'string' ? value : undefined;
  }
}

/** What stands in `[I:123]`; any other text as it is. */
function bare(text: string): string {
  return /^\[(?:I|F|M|B|D|DT):(.*)\]$/s.exec(text)?.[1] ?? text;
}

function finite(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value)) return undefined;
  return Number(value);
}

function flag(value: unknown): boolean | undefined {
  if (typeof value === 'object') return undefined;
  const text = String(value).toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}

/** `[DT:..]` has the month first, `[D:..]` the day. */
function isoTime(text: string): string | undefined {
  const [, month, day, year, time] = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(text) ?? [];
  if (time !== undefined) return `${year}-${month}-${day}T${time}`;
  const [, ofMonth, ofYear, fullYear] = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(text) ?? [];
  if (fullYear !== undefined) return `${fullYear}-${ofYear}-${ofMonth}T00:00:00`;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) ? text.replace(/Z$/, '') : undefined;
}
