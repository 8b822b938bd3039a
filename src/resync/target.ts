/** Which records a command line means. */
import type { Readable } from 'node:stream';
import { excluding, missing, unusable } from '../error-words.ts';
import { type ErpsyncError, usageError } from '../errors.ts';
import { collectExternalKeys, listed, parseExternalKeyList } from './external-keys.ts';
import type { Cell, KeyFormat } from './key-cell.ts';
import { cellsIn, formatOf } from './key-cells.ts';
import { keyFileName, textOf } from './key-text.ts';
import { collectKeys, type KeyItem, keysInCells, keysInLines, parseKeyList } from './keys.ts';
import type { ActorType, ResyncTarget } from './plan.ts';
import { ShardCount } from './shard.ts';

/** What was given; undefined and empty lists where nothing was. */
export interface TargetOptions {
  /** Lists of internal keys; `-` is standard input, `@path` a file. */
  readonly ids: readonly string[];
  readonly idsFile: string | undefined;
  /** Lists of ERP keys. */
  readonly externalKeys: readonly string[];
  readonly externalKeysFile: string | undefined;
  readonly actorType: ActorType | undefined;
  /** Lists of ids of CRM records, in the same forms as `ids`. */
  readonly company: readonly string[];
  readonly person: readonly string[];
  readonly project: readonly string[];
  readonly sale: readonly string[];
  readonly all: boolean;
  readonly format: KeyFormat | undefined;
  readonly column: string | undefined;
  readonly maxKeys: number;
  openStdin(): Readable;
}

/** Which records are meant, with their keys as they come. */
export type TargetSource =
  | { readonly kind: 'every-record' }
  | {
      readonly kind: 'internal-keys';
      readonly ranges: AsyncIterable<readonly KeyItem[]>;
      /** What errors call the place that the keys come from. */
      readonly where: string;
    }
  | {
      /** Records by their ids in SuperOffice, whose internal keys have to be asked for. */
      readonly kind: 'crm-records';
      readonly table: CrmTable;
      readonly ranges: AsyncIterable<readonly KeyItem[]>;
      readonly where: string;
    }
  | {
      readonly kind: 'external-keys';
      readonly cells: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>;
      readonly where: string;
      readonly actorType: ActorType;
    };

/** A source of keys that can be sent as they are. */
export type KeySource = Exclude<TargetSource, { kind: 'crm-records' }>;

/**
 * Where the keys come from; none is read yet.
 *
 * @throws ErpsyncError (usage): no kind of key or two
 */
export function targetSource(options: TargetOptions): TargetSource {
  const { ids, idsFile, externalKeys, externalKeysFile, all } = options;
  const kind = onlyKind(options);
  checkCompanions(options);
  if (all) return { kind: 'every-record' };
  if (ids.length > 0) {
    return {
      kind: 'internal-keys',
      ranges: listedRanges(ids, '--ids', options),
      where: nameOf(ids, '--ids'),
    };
  }
  for (const table of crmTables) {
    const lists = options[table];
    if (lists.length === 0) continue;
    const flag = `--${table}`;
    return {
      kind: 'crm-records',
      table,
      ranges: listedRanges(lists, flag, options),
      where: nameOf(lists, flag),
    };
  }
  if (idsFile !== undefined) {
    return { kind: 'internal-keys', ...keysOfFile(idsFile, options) };
  }
  const actorType = actorTypeOf(options);
  if (externalKeysFile !== undefined) {
    const where = keyFileName(externalKeysFile);
    return { kind: 'external-keys', actorType, cells: cellsOf(externalKeysFile, true, options), where };
  }
  const keys = externalKeys.flatMap((list) => parseExternalKeyList(list, kind));
  return { kind: 'external-keys', actorType, cells: [listed(keys)], where: kind };
}

/**
 * Reads the keys to their end; nothing is sent before that. A list without keys is returned as it is.
 *
 * @param count takes only the keys of its part
 * @throws ErpsyncError (usage): a key that is none, a source that cannot be read
 */
export async function readTarget(
  source: KeySource,
  maxKeys: number,
  count = new ShardCount(null),
): Promise<ResyncTarget> {
  switch (source.kind) {
    case 'every-record':
      return source;
    case 'internal-keys':
      return { kind: source.kind, ...(await collectKeys(source.ranges, maxKeys, source.where, count)) };
    default: {
      const { kind, actorType, cells, where } = source;
      return { kind, actorType, ...(await collectExternalKeys(cells, maxKeys, where, count)) };
    }
  }
}

/** The error for a list without keys, which would mean every record on the wire. */
export function emptyListError(options: TargetOptions): Error {
  const { ids, idsFile, externalKeysFile } = options;
  const file = idsFile ?? externalKeysFile;
  const table = crmTables.find((each) => options[each].length > 0);
  const [lists, flag] = table === undefined ? [ids, '--ids'] : [options[table], `--${table}`];
  const where = file === undefined ? nameOf(lists, flag) : keyFileName(file);
  return unusable(
    where,
    'it holds no key, so nothing was sent',
    'say --if-empty ok to have that taken for a success, or --all for every record',
  );
}

/** Kinds of CRM records that keys can be asked for, as the flags call them. */
const crmTables = ['company', 'person', 'project', 'sale'] as const;
type CrmTable = (typeof crmTables)[number];

function onlyKind(options: TargetOptions): string {
  const { ids, idsFile, externalKeys, externalKeysFile, all } = options;
  const [kind, ...others] = [
    ...(ids.length > 0 ? ['--ids'] : []),
    ...crmTables.filter((table) => options[table].length > 0).map((table) => `--${table}`),
    ...(idsFile === undefined ? [] : ['--ids-file']),
    ...(externalKeys.length > 0 ? ['--external-keys'] : []),
    ...(externalKeysFile === undefined ? [] : ['--external-keys-file']),
    ...(all ? ['--all'] : []),
  ];
  if (kind === undefined) {
    throw usageError({
      what: 'no keys are given',
      why: 'nothing says which records are meant',
      next: 'say which: --ids <list>, --ids-file <path> or --all',
    });
  }
  if (others.length > 0) throw excluding([kind, ...others], 'each says which records are meant');
  return kind;
}

/** Options that say something about others have to have them. */
function checkCompanions({
  idsFile,
  externalKeys,
  externalKeysFile,
  actorType,
  format,
  column,
}: TargetOptions): void {
  if (
    idsFile === undefined &&
    externalKeysFile === undefined &&
    (format !== undefined || column !== undefined)
  ) {
    const option = format === undefined ? '--column' : '--format';
    throw unusable(option, 'it says how a file of keys is written, and none is given', 'give --ids-file');
  }
  if (actorType !== undefined && externalKeys.length === 0 && externalKeysFile === undefined) {
    throw unusable(
      '--actor-type',
      'it belongs to ERP keys, and none are given',
      'give --external-keys, or leave it out',
    );
  }
}

function actorTypeOf({ actorType }: TargetOptions): ActorType {
  if (actorType !== undefined) return actorType;
  throw withoutActorType();
}

/** The error for ERP keys of which it is not said what they are keys of. */
export function withoutActorType(): ErpsyncError {
  return missing(
    '--actor-type',
    'an ERP key is unique only among the records of one type',
    'name it, such as --actor-type Customer',
  );
}

async function* listedRanges(
  lists: readonly string[],
  flag: string,
  { openStdin }: TargetOptions,
): AsyncGenerator<readonly KeyItem[]> {
  for (const [index, list] of lists.entries()) {
    const path = list === '-' ? '-' : /^@(.+)$/s.exec(list)?.[1];
    if (path === undefined) {
      yield parseKeyList(list, lists.length === 1 ? flag : `${flag} (no. ${index + 1})`);
      continue;
    }
    const name = keyFileName(path);
    const cells = cellsIn(textOf(path, openStdin), {
      name,
      format: 'lines',
      column: undefined,
      opaque: false,
    });
    yield* keysInCells(cells, name, true);
  }
}

function keysOfFile(path: string, options: TargetOptions) {
  const { format = formatOf(path), column, openStdin } = options;
  const where = keyFileName(path);
  const ranges =
    format === 'lines' && column === undefined
      ? keysInLines(textOf(path, openStdin), where)
      : keysInCells(cellsOf(path, false, options), where, false);
  return { ranges, where };
}

function cellsOf(path: string, opaque: boolean, { format, column, openStdin }: TargetOptions) {
  const name = keyFileName(path);
  return cellsIn(textOf(path, openStdin), { name, format: format ?? formatOf(path), column, opaque });
}

function nameOf(lists: readonly string[], flag: string): string {
  const [only, second] = lists;
  if (second !== undefined || only === undefined) return flag;
  return only === '-' ? 'standard input' : only.startsWith('@') ? only.slice(1) : flag;
}
