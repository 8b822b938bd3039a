/** Which records a command line means. */
import type { Readable } from 'node:stream';
import { usageError } from '../errors.ts';
import { collectExternalKeys, listed, parseExternalKeyList } from './external-keys.ts';
import type { Cell, KeyFormat } from './key-cell.ts';
import { cellsIn, formatOf } from './key-cells.ts';
import { keyFileName, textOf } from './key-text.ts';
import { collectKeys, type KeyRange, keysInCells, parseKeyList } from './keys.ts';
import type { ActorType, ResyncTarget } from './plan.ts';

/** What was given; undefined and empty lists where nothing was. */
export interface TargetOptions {
  /** Lists of internal keys; `-` is standard input, `@path` a file. */
  readonly ids: readonly string[];
  /** The flag that the lists were given with, where it is not `--ids`. */
  readonly idsName?: string;
  readonly idsFile: string | undefined;
  /** Lists of ERP keys. */
  readonly externalKeys: readonly string[];
  readonly externalKeysFile: string | undefined;
  readonly actorType: ActorType | undefined;
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
      readonly ranges: AsyncIterable<readonly KeyRange[]>;
      /** What errors call the place that the keys come from. */
      readonly where: string;
    }
  | {
      readonly kind: 'external-keys';
      readonly cells: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>;
      readonly where: string;
      readonly actorType: ActorType;
    };

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
  if (ids.length > 0) return { kind: 'internal-keys', ranges: listedRanges(options), where: nameOf(options) };
  if (idsFile !== undefined) {
    const where = keyFileName(idsFile);
    return {
      kind: 'internal-keys',
      ranges: keysInCells(cellsOf(idsFile, false, options), where, false),
      where,
    };
  }
  const actorType = actorTypeOf(options, kind);
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
 * @throws ErpsyncError (usage): no kind of key or two, a key that is none, a source that cannot be read
 */
export async function readTarget(options: TargetOptions): Promise<ResyncTarget> {
  const source = targetSource(options);
  const { maxKeys } = options;
  switch (source.kind) {
    case 'every-record':
      return source;
    case 'internal-keys':
      return { kind: source.kind, ...(await collectKeys(source.ranges, maxKeys, source.where)) };
    default: {
      const { kind, actorType, cells, where } = source;
      return { kind, actorType, ...(await collectExternalKeys(cells, maxKeys, where)) };
    }
  }
}

/** The error for a list without keys, which would mean every record on the wire. */
export function emptyListError(options: TargetOptions): Error {
  const { idsFile, externalKeysFile } = options;
  const file = idsFile ?? externalKeysFile;
  const where = file === undefined ? nameOf(options) : keyFileName(file);
  return usageError(
    `${where} holds no key`,
    'nothing was sent; --if-empty ok makes that a success, and every record takes --all',
  );
}

function onlyKind({ ids, idsFile, externalKeys, externalKeysFile, all }: TargetOptions): string {
  const [kind, ...others] = [
    ...(ids.length > 0 ? ['--ids'] : []),
    ...(idsFile === undefined ? [] : ['--ids-file']),
    ...(externalKeys.length > 0 ? ['--external-keys'] : []),
    ...(externalKeysFile === undefined ? [] : ['--external-keys-file']),
    ...(all ? ['--all'] : []),
  ];
  if (kind === undefined) {
    throw usageError('no keys are given', 'say which records: --ids <list>, --ids-file <path> or --all');
  }
  if (others.length > 0)
    throw usageError(`${[kind, ...others].join(' and ')} exclude each other`, 'give one of them');
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
    throw usageError(`${option} says how a file is written, and none is given`, 'give --ids-file');
  }
  if (actorType !== undefined && externalKeys.length === 0 && externalKeysFile === undefined) {
    throw usageError(
      '--actor-type belongs to ERP keys, and none are given',
      'give --external-keys, or leave it out',
    );
  }
}

function actorTypeOf({ actorType }: TargetOptions, kind: string): ActorType {
  if (actorType !== undefined) return actorType;
  throw usageError(
    `${kind} needs --actor-type`,
    'ERP keys are unique only within Customer, Supplier, Person, ...',
  );
}

async function* listedRanges({
  ids,
  idsName = '--ids',
  openStdin,
}: TargetOptions): AsyncGenerator<readonly KeyRange[]> {
  for (const [index, list] of ids.entries()) {
    const path = list === '-' ? '-' : /^@(.+)$/s.exec(list)?.[1];
    if (path === undefined) {
      yield parseKeyList(list, ids.length === 1 ? idsName : `${idsName} (no. ${index + 1})`);
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

function cellsOf(path: string, opaque: boolean, { format, column, openStdin }: TargetOptions) {
  const name = keyFileName(path);
  return cellsIn(textOf(path, openStdin), { name, format: format ?? formatOf(path), column, opaque });
}

function nameOf({ ids, idsName = '--ids' }: TargetOptions): string {
  const [only, second] = ids;
  if (second !== undefined || only === undefined) return idsName;
  return only === '-' ? 'standard input' : only.startsWith('@') ? only.slice(1) : idsName;
}
