/** Keys of several profiles in one file: a column says whose each key is. */
import { ErpsyncError, usageError } from '../errors.ts';
import { didYouMean } from '../nearest-name.ts';
import { checkKey } from './external-keys.ts';
import type { Cell } from './key-cell.ts';
import { cellsIn, formatOf } from './key-cells.ts';
import { keyFileName, textOf } from './key-text.ts';
import { keysInCells, tooMany } from './keys.ts';
import type { KeySource, TargetOptions } from './target.ts';

/** The keys of each profile, none for some. */
export interface ProfileKeys {
  of(profile: string): KeySource;
  /** The profiles without a key. */
  readonly without: readonly string[];
}

type FileOptions = Pick<
  TargetOptions,
  'idsFile' | 'externalKeysFile' | 'actorType' | 'format' | 'column' | 'maxKeys' | 'openStdin'
>;

/**
 * Reads the file to its end, once for each of the two columns; nothing is sent before that.
 *
 * @throws ErpsyncError (usage) naming file and line: a key that is none, a profile that is not among `names`
 */
export async function readProfileKeys(
  options: FileOptions,
  profileColumn: string,
  names: readonly string[],
): Promise<ProfileKeys> {
  const path = options.idsFile ?? options.externalKeysFile;
  if (path === undefined || path === '-') {
    const hint = 'give it with --ids-file or --external-keys-file';
    throw usageError('--profile-column is about a file that can be read twice', hint);
  }
  const { column, format = formatOf(path) } = options;
  if (column === undefined) throw usageError('the column with the keys is not said', 'name it with --column');
  const name = keyFileName(path);
  const read = (wanted: string, opaque: boolean): AsyncIterable<Cell[]> =>
    cellsIn(textOf(path, options.openStdin), { name, format, column: wanted, opaque });

  const owners = new Map<number, string>();
  for await (const cells of read(profileColumn, false)) {
    for (const { text, line } of cells) {
      if (!names.includes(text)) throw otherProfile(text, `${name}, line ${line}`, names);
      owners.set(line, text);
    }
  }
  const found = new Map<string, Cell[]>();
  for await (const cells of read(column, options.idsFile === undefined)) {
    for (const cell of cells) {
      const owner = owners.get(cell.line);
      if (owner === undefined) {
        const hint = 'name both columns, or give the numbers of both';
        throw usageError(`${name}, line ${cell.line} has a key and no profile`, hint);
      }
      const own = found.get(owner) ?? [];
      found.set(owner, own);
      if (own.push(cell) > options.maxKeys) throw tooMany(`${name} (${owner})`, options.maxKeys);
    }
  }
  const sources = new Map<string, KeySource>();
  for (const owner of names) sources.set(owner, await checked(found.get(owner) ?? [], options, name));
  return {
    of(profile) {
      const source = sources.get(profile);
      // Never another source in its place: that would hold the keys of all.
      if (source === undefined) throw new ErpsyncError('internal', `no keys were read for ${profile}`);
      return source;
    },
    without: names.filter((owner) => !found.has(owner)),
  };
}

/** The keys of one profile; that each is one is known before anything is sent anywhere. */
async function checked(
  cells: readonly Cell[],
  { idsFile, actorType, externalKeysFile }: FileOptions,
  where: string,
): Promise<KeySource> {
  if (idsFile !== undefined) {
    const ranges = [];
    for await (const items of keysInCells(once(cells), where, false)) ranges.push(items);
    return { kind: 'internal-keys', ranges: each(ranges), where };
  }
  if (actorType === undefined || externalKeysFile === undefined)
    throw usageError(
      'ERP keys need --actor-type',
      'they are unique only within Customer, Supplier, Person, ...',
    );
  for (const { text, line } of cells) checkKey(text, `${where}, line ${line}`);
  return { kind: 'external-keys', cells: [cells], where, actorType };
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

function otherProfile(text: string, place: string, names: readonly string[]): Error {
  const hint = didYouMean(text, names) ?? `there are: ${names.join(', ')}`;
  return usageError(`${place}: ${JSON.stringify(text)} is none of the profiles`, hint);
}
