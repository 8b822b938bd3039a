/** The cells of a key file that hold its keys: one a line, a column of CSV or TSV, a field of NDJSON. */
import { unusable } from '../error-words.ts';
import { type Cell, type CellOptions, checkText, type KeyFormat, lineContent, noColumn } from './key-cell.ts';

/** The format that a file's name tells, else one key a line. */
export function formatOf(path: string): KeyFormat {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
  if (extension === 'csv') return 'csv';
  if (extension === 'tsv' || extension === 'tab') return 'tsv';
  return extension === 'ndjson' || extension === 'jsonl' ? 'ndjson' : 'lines';
}

/**
 * Reads the cells, in batches as large as the pieces of text that come.
 *
 * @throws ErpsyncError (usage) naming file and line: no text, a missing column, a line with several cells
 *   and no column named
 */
export async function* cellsIn(text: AsyncIterable<string>, options: CellOptions): AsyncGenerator<Cell[]> {
  const { format, column, name } = options;
  if (format === 'lines') {
    if (column !== undefined) {
      throw unusable(
        `--column ${column}`,
        `${name} has no columns: it is read as one key a line`,
        'add --format csv, tsv or ndjson',
      );
    }
    for await (const batch of linesIn(text, name)) yield options.opaque ? batch : batch.flatMap(content);
  } else if (format === 'ndjson') {
    for await (const batch of linesIn(text, name)) {
      yield batch.flatMap(content).map((cell) => ({ ...cell, text: fieldOf(cell, options) }));
    }
  } else {
    // Loaded only here: most runs have no CSV.
    const { separatedCells } = await import('./separated-cells.ts');
    yield* separatedCells(text, options);
  }
}

/** The lines of a text without their line ends (LF or CRLF), in batches. */
async function* linesIn(text: AsyncIterable<string>, name: string): AsyncGenerator<Cell[]> {
  let pending = '';
  let line = 0;
  for await (const piece of text) {
    const lines = (pending + piece).split('\n');
    pending = lines.pop() ?? '';
    yield lines.map((raw) => {
      line++;
      return { text: checkText(raw.endsWith('\r') ? raw.slice(0, -1) : raw, name, line), line };
    });
    checkText(pending, name, line + 1);
  }
  if (pending !== '') yield [{ text: checkText(pending, name, line + 1), line: line + 1 }];
}

function content({ text, line }: Cell): readonly Cell[] {
  const found = lineContent(text);
  return found === undefined ? [] : [{ text: found, line }];
}

function fieldOf({ text, line }: Cell, { name, column }: CellOptions): string {
  const place = `${name}, line ${line}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unusable(place, 'it is not JSON, and NDJSON has one JSON value a line', again);
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.keys(value);
    const [only, second] = fields;
    if (column === undefined && (only === undefined || second !== undefined)) {
      throw unusable(
        place,
        `it has ${fields.length} fields, and which one holds the key is not said`,
        'name it: --column <field>',
      );
    }
    const field = column ?? only ?? '';
    if (!Object.hasOwn(value, field)) throw noColumn(place, field, fields);
    value = Reflect.get(value, field);
  } else if (column !== undefined) {
    throw unusable(
      place,
      `it is no object with the field ${JSON.stringify(column)}`,
      'write each line as an object, or leave out --column',
    );
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw unusable(place, `it holds ${shown(value)} where a key is due, which is a number or a text`, again);
}

const again = 'correct the file, and run the same command again';

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
