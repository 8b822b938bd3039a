/** Keys of several profiles in one file: a column says whose each key is. */
import { missing, unusable } from '../error-words.ts';
import { internalError } from '../errors.ts';
import { didYouMean } from '../nearest-name.ts';
import { checkKey } from './external-keys.ts';
import type { Cell } from './key-cell.ts';
import { cellsIn, formatOf } from './key-cells.ts';
import { keyFileName, textOf } from './key-text.ts';
import { keysInCells, tooMany } from './keys.ts';
import { type KeySource, type TargetOptions, withoutActorType } from './target.ts';

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
    throw unusable(
      '--profile-column',
      path === undefined ? 'no file of keys is given' : 'standard input cannot be read twice',
      'give a file with --ids-file or --external-keys-file',
    );
  }
  const { column, format = formatOf(path) } = options;
  if (column === undefined) {
    const why = '--profile-column says whose a key is, and nothing says which column holds the keys';
    throw missing('--column', why, 'name the column: --column <name or number>');
  }
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
        throw unusable(
          `${name}, line ${cell.line}`,
          'it has a key and no profile',
          'give --column and --profile-column both as names, or both as numbers',
        );
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
      if (source === undefined) throw internalError(`no keys were read for ${profile}`);
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
  if (actorType === undefined || externalKeysFile === undefined) throw withoutActorType();
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
  const nearest = didYouMean(text, names);
  const which = names.length === 1 ? 'the profile is' : 'the profiles are';
  return unusable(
    place,
    `${JSON.stringify(text)} is no profile of this run: ${which} ${names.join(', ')}`,
    `${nearest === undefined ? 'correct' : `${nearest} Correct`} it, or name the profile with --profiles`,
  );
}
