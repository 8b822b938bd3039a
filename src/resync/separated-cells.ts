/** Columns of CSV and TSV files. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { unusable } from '../error-words.ts';
import { type Cell, type CellOptions, checkText, noColumn } from './key-cell.ts';
import { quantity } from './tally.ts';

/** Rows that are handed on together. */
const batchSize = 1_000;

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * The cells of the chosen column. A column that is named is looked for in the first row; one that is
 * numbered, or none in a file of one column, makes the first row a key like the others.
 *
 * @throws ErpsyncError (usage) naming file and line
 */
export async function* separatedCells(
  text: AsyncIterable<string>,
  options: CellOptions,
): AsyncGenerator<Cell[]> {
  const { name, column, opaque } = options;
  const { head, rest } = await peek(text);
  const parser = parse({
    delimiter: options.format === 'tsv' ? '\t' : delimiterOf(head, column),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: !opaque,
    ...(opaque ? {} : { comment: '#', comment_no_infix: true }),
  });
  // An error of the text ends the parser, and so the loop below.
  const feeding = pipeline(Readable.from(joined(head, rest)), parser).catch(() => undefined);
  let index = numbered(column);
  let batch: Cell[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<Row>) {
      const place = `${name}, line ${info.lines}`;
      if (index === undefined && column !== undefined) {
        index = namedColumn(record, column, place);
        continue;
      }
      batch.push({ text: checkText(cellOf(record, index, place), name, info.lines), line: info.lines });
      if (batch.length === batchSize) {
        yield batch;
        batch = [];
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? `, line ${error['lines']}` : '';
    throw unusable(
      `${name}${line}`,
      `it is not valid ${options.format} (${error.code})`,
      'correct its quotes, and run the same command again',
    );
  } finally {
    parser.destroy();
    await feeding;
    await rest.return?.();
  }
  yield batch;
}

async function* joined(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** The text up to the end of its first row, to see how it is separated. */
async function peek(text: AsyncIterable<string>): Promise<{ head: string; rest: AsyncIterator<string> }> {
  const rest = text[Symbol.asyncIterator]();
  let head = '';
  while (firstRow(head) === undefined) {
    const next = await rest.next();
    if (next.done) break;
    head += next.value;
  }
  return { head, rest };
}

function firstRow(text: string): string | undefined {
  const lines = text.split(/\r?\n/).slice(0, -1);
  return lines.find((line) => line.trim() !== '' && !line.startsWith('#'));
}

/** `,` or `;`: the one that parts the first row so that the named column is in it, else the more frequent. */
function delimiterOf(head: string, column: string | undefined): ',' | ';' {
  const row = (firstRow(head) ?? head).replace(/"(?:[^"]|"")*"/g, (quoted) => quoted.replace(/[,;]/g, ' '));
  const parts = (delimiter: string): string[] =>
    row.split(delimiter).map((cell) => cell.trim().replace(/^"|"$/g, ''));
  if (column !== undefined && parts(',').includes(column) !== parts(';').includes(column)) {
    return parts(',').includes(column) ? ',' : ';';
  }
  return parts(';').length > parts(',').length ? ';' : ',';
}

function numbered(column: string | undefined): number | undefined {
  return column !== undefined && /^[1-9][0-9]{0,4}$/.test(column) ? Number(column) - 1 : undefined;
}

function namedColumn(header: readonly string[], column: string, place: string): number {
  const names = header.map((cell) => cell.trim());
  const index = names.indexOf(column);
  if (index === -1) throw noColumn(place, column, names);
  if (names.indexOf(column, index + 1) !== -1) {
    throw unusable(
      place,
      `it has two columns ${JSON.stringify(column)}`,
      'give the number of the one that is meant: --column <n>',
    );
  }
  return index;
}

function cellOf(record: readonly string[], index: number | undefined, place: string): string {
  if (index === undefined && record.length > 1) {
    throw unusable(
      place,
      `it has ${record.length} cells, and which one holds the key is not said`,
      'name its column: --column <name or number>',
    );
  }
  const cell = record[index ?? 0];
  if (cell !== undefined) return cell;
  throw unusable(
    place,
    `its key is due in column ${(index ?? 0) + 1}, and it has only ${quantity(record.length, 'cell')}`,
    'correct it, or give another number: --column <n>',
  );
}
