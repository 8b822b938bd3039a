/**
 * Internal keys as people and files give them. A key is a primary key of the server's table
 * ErpInternalKey, not the id of a company or person: a whole number from 1 to 2147483647.
 */
import { usageError } from '../errors.ts';

/** The largest internal key (int32). */
export const largestKey = 2_147_483_647;

/** A first and last key, both included. */
export interface KeyRange {
  readonly first: number;
  readonly last: number;
}

/** The keys of a run: each once, in the order in which they were first given. */
export interface KeyList {
  readonly keys: Int32Array;
  /** How many were given, duplicates included. */
  readonly given: number;
  readonly duplicates: number;
}

const allowed = `keys are whole numbers from 1 to ${largestKey}`;

/**
 * Reads one key.
 *
 * @param text as it was given, without surrounding blanks
 * @param where what the error names: `--ids, item 3` or `keys.txt, line 7`
 * @throws ErpsyncError (usage) naming the place, the text and what is allowed
 */
export function parseKey(text: string, where: string): number {
  // ASCII digits only: \d would do here, but Number() also reads "1e3", "0x10" and " 1".
  if (/^[0-9]{1,15}$/.test(text)) {
    const key = Number(text);
    if (key >= 1 && key <= largestKey) return key;
  }
  throw usageError(`${where}: ${JSON.stringify(shortened(text))} is not an internal key`, allowed);
}

/**
 * Reads a list as `--ids` takes it: keys and ranges, separated by commas, blanks around them allowed.
 *
 * @throws ErpsyncError (usage) naming the item
 */
export function parseKeyList(text: string, where: string): readonly KeyRange[] {
  return text.split(',').map((raw, index) => {
    const item = raw.trim();
    const place = `${where}, item ${index + 1}`;
    if (item === '') throw usageError(`${place} is empty`, allowed);
    const range = /^([^-]*)-([^-]*)$/.exec(item);
    if (!range || item.startsWith('-')) {
      const key = parseKey(item, place);
      return { first: key, last: key };
    }
    const [, from = '', to = ''] = range;
    if (to.trim() === '') throw usageError(`${place}: the range ${JSON.stringify(item)} has no end`, allowed);
    const first = parseKey(from.trim(), place);
    const last = parseKey(to.trim(), place);
    if (first > last) {
      throw usageError(
        `${place}: the range ${JSON.stringify(item)} runs backwards`,
        `write it as ${last}-${first}`,
      );
    }
    return { first, last };
  });
}

/**
 * Reads keys from the lines of a file: one key a line; blank lines and lines that begin with `#` are
 * passed over, a BOM and Windows line ends are fine.
 *
 * @param name what errors call the file
 * @throws ErpsyncError (usage) naming file, line and text
 */
export async function* keysInLines(lines: AsyncIterable<string>, name: string): AsyncGenerator<KeyRange> {
  let number = 0;
  for await (const raw of lines) {
    number++;
    const line = (number === 1 ? raw.replace(/^\uFEFF/, '') : raw).trim();
    if (line === '' || line.startsWith('#')) continue;
    const key = parseKey(line, `${name}, line ${number}`);
    yield { first: key, last: key };
  }
}

/**
 * Collects keys into a list, each once.
 *
 * @param maxKeys more different keys than this are refused
 * @param where what errors call the source: `--ids` or the file's name
 * @throws ErpsyncError (usage) when there is no key at all (an empty list would mean every record on
 *   the wire) or too many
 */
export async function collectKeys(
  ranges: Iterable<KeyRange> | AsyncIterable<KeyRange>,
  maxKeys: number,
  where: string,
): Promise<KeyList> {
  const seen = new Set<number>();
  let given = 0;
  for await (const { first, last } of ranges) {
    const size = last - first + 1;
    given += size;
    // A range larger than the limit is refused before it is spread out.
    if (size > maxKeys) throw tooMany(where, maxKeys);
    for (let key = first; key <= last; key++) {
      seen.add(key);
      if (seen.size > maxKeys) throw tooMany(where, maxKeys);
    }
  }
  if (given === 0) {
    throw usageError(`${where} holds no key`, 'nothing was sent; to resync every record say --all');
  }
  return { keys: Int32Array.from(seen), given, duplicates: given - seen.size };
}

function tooMany(where: string, maxKeys: number): Error {
  return usageError(`${where} holds more than ${maxKeys} keys`, 'if that is meant, allow it with --max-keys');
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
