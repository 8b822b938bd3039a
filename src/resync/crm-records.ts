/** CRM records turned into the internal keys that a resync takes. */
import type { ArchiveAccess } from '../agent/archive.ts';
import { type CrmType, internalKeysOf } from '../agent/internal-keys.ts';
import { ErpsyncError } from '../errors.ts';
import { collectKeys, type KeyItem } from './keys.ts';
import type { KeySource } from './target.ts';

/** So many ids are named in a message; all of them are in the error. */
const namedIds = 20;

/** Records as they were given. */
export interface CrmRecords {
  readonly table: CrmType;
  readonly ranges: AsyncIterable<readonly KeyItem[]>;
  /** What errors call the place that the ids come from. */
  readonly where: string;
}

/** Their keys, and the records that have none. */
export interface ResolvedRecords {
  readonly source: KeySource;
  /** Ids given, duplicates included. */
  readonly given: number;
  readonly unresolved: readonly number[];
  /** How many have one. */
  readonly resolved: number;
}

/**
 * Asks the server for the internal keys of records.
 *
 * @throws ErpsyncError (usage) for an id that is none, and as for any read
 */
export async function resolveRecords(
  { table, ranges: records, where }: CrmRecords,
  maxKeys: number,
  access: ArchiveAccess,
): Promise<ResolvedRecords> {
  const { keys: ids, given } = await collectKeys(records, maxKeys, where);
  const found = await internalKeysOf(access, table, [...ids]);
  const keys = [...ids].flatMap((id) => found.get(id) ?? []);
  const unresolved = [...ids].filter((id) => !found.has(id));
  async function* ranges(): AsyncGenerator<readonly KeyItem[]> {
    yield keys;
  }
  const source = { kind: 'internal-keys', ranges: ranges(), where } as const;
  return { source, given, unresolved, resolved: keys.length };
}

/** The error that names records without a link. */
export function unresolvedError(table: CrmType, ids: readonly number[]): ErpsyncError {
  return new ErpsyncError('rejected', {
    what: unlinkedInWords(table, ids),
    why: `without a link there is nothing of ${ids.length === 1 ? 'it' : 'them'} to resync`,
    next: 'leave out what has none, or go on without it (--unresolved skip); link it with: erpsync links create',
    concerns: ids,
  });
}

/** Names records that go without, since they have no link. */
export function leftOutInWords(table: CrmType, ids: readonly number[]): string {
  return `Left out: ${unlinkedInWords(table, ids)}.`;
}

function unlinkedInWords(table: CrmType, ids: readonly number[]): string {
  const noun = { company: 'companies', person: 'persons', project: 'projects', sale: 'sales' }[table];
  const more = ids.length > namedIds ? ` and ${ids.length - namedIds} more` : '';
  const list = `${ids.slice(0, namedIds).join(', ')}${more}`;
  const what = ids.length === 1 ? `${table} ${list} is not` : `${noun} ${list} are not`;
  return `${what} linked to any ERP system`;
}
