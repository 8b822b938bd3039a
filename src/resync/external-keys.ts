/** External keys: the keys of records in an ERP system, opaque texts that are never changed. */
import { unusable } from '../error-words.ts';
import type { Cell } from './key-cell.ts';
import { tooMany } from './keys.ts';
import { ShardCount } from './shard.ts';

/** No key is longer (characters). */
const longestKey = 65_536;

/** ERP keys: each once, in the order in which they were first given. */
export interface ExternalKeys {
  readonly keys: readonly string[];
  /** How many were given, duplicates included. */
  readonly given: number;
}

/**
 * Reads a list as `--external-keys` takes it: separated by commas, with CSV quotes around a key that holds
 * a comma or a quote. Blanks belong to the key.
 *
 * @throws ErpsyncError (usage) naming the item
 */
export function parseExternalKeyList(text: string, where: string): readonly string[] {
  const keys: string[] = [];
  const item = /("(?:[^"]|"")*"|[^",]*)(,|$)/y;
  for (let end = false; !end; ) {
    const found = item.exec(text);
    const place = `${where}, item ${keys.length + 1}`;
    if (!found)
      throw unusable(
        place,
        'a quote stands where none may',
        'quote the whole key and double the quotes in it, or give the keys with --external-keys-file',
      );
    const [, raw = '', separator] = found;
    keys.push(checkKey(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw, place));
    end = separator === '';
  }
  return keys;
}

/**
 * Collects external keys, each once.
 *
 * @param count takes only the keys of its part
 * @throws ErpsyncError (usage) for an empty key, one with a line break, or too many
 */
export async function collectExternalKeys(
  batches: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
  maxKeys: number,
  where: string,
  count = new ShardCount(null),
): Promise<ExternalKeys> {
  const seen = new Set<string>();
  for await (const cells of batches) {
    for (const { text, line } of cells) {
      const key = checkKey(text, `${where}, line ${line}`);
      if (count.takes(key)) seen.add(key);
      if (seen.size > maxKeys) throw tooMany(where, maxKeys);
    }
  }
  return { keys: [...seen], given: count.given };
}

/** A key list of the command line as cells. */
export function listed(keys: readonly string[]): readonly Cell[] {
  return keys.map((text, index) => ({ text, line: index + 1 }));
}

const corrected = 'correct the key, and run the same command again';

/**
 * An external key as it was given.
 *
 * @throws ErpsyncError (usage) naming the place: an empty key, or one that a line of text cannot hold
 */
export function checkKey(key: string, place: string): string {
  if (key.length > longestKey) throw unusable(place, `it is longer than ${longestKey} characters`, corrected);
  if (key === '') throw unusable(place, 'it is empty, and an ERP key has at least one character', corrected);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a key with a line break could not be written to a file of keys
  if (/[\u0000\r\n]/.test(key))
    throw unusable(place, 'it holds a line break, and an ERP key is one line of text', corrected);
  // Half a character, as a JSON escape can write it, would become another key in every encoding.
  if (/\p{Surrogate}/u.test(key)) throw unusable(place, 'it holds half a character', corrected);
  return key;
}
