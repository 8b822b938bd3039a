/**
 * Internal keys as people and files give them. A key is a primary key of the server's table
 * ErpInternalKey, not the id of a company or person: a whole number from 1 to 2147483647.
 */
import { unusable } from '../error-words.ts';
import { type Cell, checkText, lineContent } from './key-cell.ts';
import { KeySet } from './key-set.ts';
import { ShardCount } from './shard.ts';

/** The largest internal key (int32). */
export const largestKey = 2_147_483_647;

/** A first and last key, both included. */
export interface KeyRange {
  readonly first: number;
  readonly last: number;
}

/** A key, or a range of keys. */
export type KeyItem = number | KeyRange;

/** Keys as they come. */
export type KeyBatches = Iterable<readonly KeyItem[]> | AsyncIterable<readonly KeyItem[]>;

/** Internal keys: each once, in the order in which they were first given. */
export interface InternalKeys {
  readonly keys: Int32Array;
  /** How many were given, duplicates included. */
  readonly given: number;
}

const wholeNumber = `a whole number from 1 to ${largestKey}`;
const corrected = 'correct it, and run the same command again';

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
  throw unusable(where, `${JSON.stringify(shortened(text))} is not ${wholeNumber}`, corrected);
}

/**
 * Reads a list as `--ids` takes it: keys and ranges, separated by commas, blanks around them allowed.
 *
 * @throws ErpsyncError (usage) naming the item
 */
export function parseKeyList(text: string, where: string): readonly KeyItem[] {
  return text.split(',').map((raw, index) => {
    const item = raw.trim();
    const place = `${where}, item ${index + 1}`;
    if (item === '') throw unusable(place, `it is empty, and a key is ${wholeNumber}`, corrected);
    const range = /^([^-]*)-([^-]*)$/.exec(item);
    if (!range || item.startsWith('-')) return parseKey(item, place);
    const [, from = '', to = ''] = range;
    if (to.trim() === '') throw unusable(place, `the range ${JSON.stringify(item)} has no end`, corrected);
    const first = parseKey(from.trim(), place);
    const last = parseKey(to.trim(), place);
    if (first > last) {
      const next = `write it as ${last}-${first}, and run the same command again`;
      throw unusable(place, `the range ${JSON.stringify(item)} runs backwards`, next);
    }
    return { first, last };
  });
}

/**
 * The keys in the cells of a file. A cell may hold a list or a range, as `--ids` does, if `lists` says so.
 *
 * @throws ErpsyncError (usage) naming file, line and text
 */
export async function* keysInCells(
  batches: AsyncIterable<readonly Cell[]>,
  name: string,
  lists: boolean,
): AsyncGenerator<readonly KeyItem[]> {
  for await (const cells of batches) {
    yield lists
      ? cells.flatMap(({ text, line }) => parseKeyList(text, placeOf(name, line)))
      : cells.map(({ text, line }) => keyInCell(text, name, line));
  }
}

/**
 * The keys of a text, one a line, with blank lines and comments as {@link cellsIn} has them. Lines that are nothing
 * but a key are read without a text of their own being made of each: a file has millions of them.
 *
 * @throws ErpsyncError (usage) naming file, line and text
 */
export async function* keysInLines(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<readonly KeyItem[]> {
  let pending = '';
  let line = 0;
  const keyAt = (whole: string, from: number, to: number): number | undefined => {
    line++;
    const end = whole.charCodeAt(to - 1) === 13 && to > from ? to - 1 : to;
    const plain = plainKey(whole, from, end);
    if (plain !== undefined) return plain;
    const content = lineContent(checkText(whole.slice(from, end), name, line));
    return content === undefined ? undefined : keyInCell(content, name, line);
  };
  for await (const piece of text) {
    const whole = pending + piece;
    const keys: number[] = [];
    let from = 0;
    for (let end = whole.indexOf('\n'); end !== -1; end = whole.indexOf('\n', from)) {
      const key = keyAt(whole, from, end);
      if (key !== undefined) keys.push(key);
      from = end + 1;
    }
    pending = checkText(whole.slice(from), name, line + 1);
    yield keys;
  }
  const last = pending === '' ? undefined : keyAt(pending, 0, pending.length);
  if (last !== undefined) yield [last];
}

/** The key that a part of a text is, digit by digit; undefined where there is anything else, or none. */
function plainKey(text: string, from: number, to: number): number | undefined {
  if (to - from > 10) return undefined;
  let key = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    key = 10 * key + digit;
  }
  return key >= 1 && key <= largestKey ? key : undefined;
}

function keyInCell(text: string, name: string, line: number): number {
  const where = placeOf(name, line);
  if (!/[,;\t]/.test(text)) return parseKey(text, where);
  throw unusable(
    where,
    `${JSON.stringify(shortened(text))} is more than one cell, and which one holds the key is not said`,
    'name its column: --format csv --column <name or number>',
  );
}

function placeOf(name: string, line: number): string {
  return `${name}, line ${line}`;
}

/**
 * Collects keys into a list, each once. An empty list is returned as it is: whoever sends it decides.
 *
 * @param maxKeys more different keys than this are refused
 * @param where what errors call the source: `--ids` or the file's name
 * @param count takes only the keys of its part
 * @throws ErpsyncError (usage) when there are too many
 */
export async function collectKeys(
  batches: KeyBatches,
  maxKeys: number,
  where: string,
  count = new ShardCount(null),
): Promise<InternalKeys> {
  const seen = new KeySet();
  for await (const ranges of batches) {
    for (const { first, last } of ranges.map(asRange)) {
      // A range larger than the limit is refused before it is spread out.
      if (count.exceeds(last - first + 1, maxKeys)) throw tooMany(where, maxKeys);
      for (let key = first; key <= last; key++) {
        if (count.takes(key) && seen.add(key) && seen.size > maxKeys) throw tooMany(where, maxKeys);
      }
    }
  }
  return { keys: seen.takeKeys(), given: count.given };
}

/** A range with that key alone, or the range as it is. */
export function asRange(item: KeyItem): KeyRange {
  return typeof item === 'number' ? { first: item, last: item } : item;
}

/** The error for more keys than allowed. */
export function tooMany(where: string, maxKeys: number): Error {
  return unusable(
    where,
    `it holds more than ${maxKeys} keys, the most that a run takes`,
    'allow more with --max-keys, if that is meant',
  );
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
