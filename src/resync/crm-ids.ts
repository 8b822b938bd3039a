/** CRM records as the target of a resync: their ids become internal keys before anything is planned. */
import type { ArchiveAccess } from '../agent/archive.ts';
import { type CrmType, crmTables, internalKeysOf } from '../agent/internal-keys.ts';
import { ErpsyncError, usageError } from '../errors.ts';
import type { ResyncTarget } from './plan.ts';
import { readTarget, type TargetOptions } from './target.ts';

/** Lists of record ids, by the type of record; empty where none was given. */
export type CrmLists = Readonly<Record<CrmType, readonly string[]>>;

/** Records of one type, each once. */
export interface CrmRecords {
  readonly type: CrmType;
  readonly ids: Int32Array;
  /** How many were given, duplicates included. */
  readonly given: number;
}

/** What to do about a record without an internal key. */
export type Unresolved = 'error' | 'skip';

/** So many ids are named in a message. */
const namedIds = 20;

/**
 * The type of record that ids were given of; undefined if none were.
 *
 * @throws ErpsyncError (usage) for two types
 */
export function crmTypeIn(lists: CrmLists): CrmType | undefined {
  const types = (Object.keys(crmTables) as CrmType[]).filter((type) => lists[type].length > 0);
  const [type, other] = types;
  if (other === undefined) return type;
  throw usageError(`--${type} and --${other} exclude each other`, 'give one of them');
}

/**
 * Reads the ids of CRM records, in the forms of `--ids`.
 *
 * @throws ErpsyncError (usage) for what is no id, another kind of key beside them, or too many
 */
export async function readCrmRecords(
  type: CrmType,
  lists: CrmLists,
  options: TargetOptions,
): Promise<CrmRecords> {
  const others: readonly (readonly [string, boolean])[] = [
    ['--ids', options.ids.length > 0],
    ['--ids-file', options.idsFile !== undefined],
    ['--external-keys', options.externalKeys.length > 0],
    ['--external-keys-file', options.externalKeysFile !== undefined],
    ['--all', options.all],
  ];
  const other = others.find(([, given]) => given)?.[0];
  if (other !== undefined) throw usageError(`--${type} and ${other} exclude each other`, 'give one of them');
  const target = await readTarget({ ...options, ids: lists[type], idsName: `--${type}` });
  if (target.kind !== 'internal-keys') throw new ErpsyncError('internal', 'record ids of another kind');
  return { type, ids: target.keys, given: target.given };
}

/**
 * The internal keys of CRM records.
 *
 * @throws ErpsyncError `rejected` naming the records that have none, unless they are to be skipped or were
 *   all; and as for any read
 */
export async function resolveCrmRecords(
  access: ArchiveAccess,
  { type, ids, given }: CrmRecords,
  unresolved: Unresolved,
): Promise<Extract<ResyncTarget, { kind: 'internal-keys' }>> {
  const found = await internalKeysOf(access, type, [...ids]);
  const missing = [...ids].filter((id) => !found.has(id));
  // Without any key there is nothing to go on with: an empty list would mean every record.
  if (missing.length > 0 && (unresolved === 'error' || found.size === 0)) {
    throw new ErpsyncError('rejected', `no link, and so no internal key: ${type} ${shortList(missing)}`, {
      concerns: missing,
      hint:
        unresolved === 'skip'
          ? 'nothing was sent'
          : 'nothing was sent; to go on without them, say --unresolved skip',
    });
  }
  const keys = Int32Array.from(found.values());
  return { kind: 'internal-keys', keys, given, unresolved: missing.length };
}

function shortList(ids: readonly number[]): string {
  const rest = ids.length - namedIds;
  return `${ids.slice(0, namedIds).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
