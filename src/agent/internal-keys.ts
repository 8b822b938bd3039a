/**
 * Internal keys of CRM records and of ERP keys, through the archive `Dynamic`, which reads the tables ErpInternalKey
 * and ErpExternalKey; neither has an archive of its own.
 */
import { type ArchiveAccess, archivePages, quoted } from './archive.ts';
import type { ArchiveColumns, ArchiveRow } from './archive-cells.ts';
import { ErpActorType } from './carriers.ts';

/** A type of CRM record, as command lines name it, to the number of its table. */
export const crmTables = { company: 5, person: 6, project: 11, sale: 13 } as const;
export type CrmType = keyof typeof crmTables;

/** The CRM type of a table; null for any other table. */
function crmTypeOf(tableId: number | null): CrmType | null {
  const found = Object.entries(crmTables).find(([, id]) => id === tableId);
  return found === undefined ? null : (found[0] as CrmType);
}

/** A link of a CRM record with an ERP actor. */
export interface ListedKey {
  readonly internalKey: number | null;
  readonly erpKey: string;
  /** Name of the actor type, its number where the contract has no name for it. */
  readonly actorType: string;
  readonly crmType: CrmType | null;
  readonly recordId: number | null;
}

/** So many conditions in one request: more would make a filter that databases are slow with. */
const batchSize = 50;

const links = 'erpexternalkey';

/**
 * The links of a connection by ascending key of the link, a page at a time.
 *
 * @param actorType only of this type
 * @throws ErpsyncError as for any read
 */
export async function* linksOf(
  access: ArchiveAccess,
  connectionId: number,
  actorType: keyof typeof ErpActorType.values | undefined,
): AsyncGenerator<readonly ListedKey[]> {
  const type = actorType === undefined ? '' : ` and ${links}.ActorType eq ${ErpActorType.values[actorType]}`;
  const pages = archivePages(access, {
    provider: 'Dynamic',
    columns: {
      'erpexternalkey.erpexternalkey_id': 'number',
      'erpexternalkey.ErpInternalKeyId': 'number',
      'erpexternalkey.ErpKey': 'text',
      'erpexternalkey.ActorType': 'number',
      'erpexternalkey.ErpInternalKeyId.tableId': 'number',
      'erpexternalkey.ErpInternalKeyId.recordId': 'number',
    },
    filter: `${links}.ErpConnectionId eq ${connectionId}${type}`,
    key: 'erpexternalkey.erpexternalkey_id',
  });
  for await (const rows of pages) {
    yield rows.map((row) => ({
      internalKey: row['erpexternalkey.ErpInternalKeyId'],
      erpKey: row['erpexternalkey.ErpKey'],
      actorType: actorTypeName(row['erpexternalkey.ActorType']),
      crmType: crmTypeOf(row['erpexternalkey.ErpInternalKeyId.tableId']),
      recordId: row['erpexternalkey.ErpInternalKeyId.recordId'],
    }));
  }
}

/**
 * The internal keys of CRM records, by record id; a record that has none is not in it. Which table a row is of
 * is looked at here, and rows that were not asked for are left out, so that nothing depends on how a server
 * reads a filter.
 *
 * @param recordIds each once
 * @throws ErpsyncError as for any read
 */
export async function internalKeysOf(
  access: ArchiveAccess,
  type: CrmType,
  recordIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>();
  const asked = new Set(recordIds);
  const conditions = recordIds.map((id) => `erpinternalkey.recordId eq ${id}`);
  const columns = {
    'erpinternalkey.erpinternalkey_id': 'number',
    'erpinternalkey.tableId': 'number',
    'erpinternalkey.recordId': 'number',
  } as const;
  for await (const row of rowsOfAny(access, columns, conditions, 'erpinternalkey.erpinternalkey_id')) {
    const recordId = row['erpinternalkey.recordId'];
    const key = row['erpinternalkey.erpinternalkey_id'];
    if (row['erpinternalkey.tableId'] !== crmTables[type] || recordId === null || key === null) continue;
    if (asked.has(recordId) && key > 0) found.set(recordId, key);
  }
  return found;
}

/**
 * The internal keys of ERP keys, by ERP key, with the case as it was given; a key without a link is not in it.
 *
 * @throws ErpsyncError as for any read
 */
export async function internalKeysOfErpKeys(
  access: ArchiveAccess,
  connectionId: number,
  actorType: keyof typeof ErpActorType.values,
  erpKeys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const asked = new Set(erpKeys);
  const conditions = erpKeys.map((key) => `${links}.ErpKey is ${quoted(key)}`);
  const columns = {
    'erpexternalkey.erpexternalkey_id': 'number',
    'erpexternalkey.ErpInternalKeyId': 'number',
    'erpexternalkey.ErpKey': 'text',
    'erpexternalkey.ActorType': 'number',
    'erpexternalkey.ErpConnectionId': 'number',
  } as const;
  for await (const row of rowsOfAny(access, columns, conditions, 'erpexternalkey.erpexternalkey_id')) {
    const key = row['erpexternalkey.ErpInternalKeyId'];
    const erpKey = row['erpexternalkey.ErpKey'];
    if (row['erpexternalkey.ErpConnectionId'] !== connectionId || key === null) continue;
    if (row['erpexternalkey.ActorType'] !== ErpActorType.values[actorType]) continue;
    if (asked.has(erpKey)) found.set(erpKey, key);
  }
  return found;
}

function actorTypeName(value: number | null): string {
  const found = Object.entries(ErpActorType.values).find(([, number]) => number === value);
  return found?.[0] ?? String(value ?? '');
}

/** The rows for which any of the conditions holds, a batch of them in each request. */
async function* rowsOfAny<C extends ArchiveColumns>(
  access: ArchiveAccess,
  columns: C,
  conditions: readonly string[],
  order: keyof C & string,
): AsyncGenerator<ArchiveRow<C>> {
  for (let at = 0; at < conditions.length; at += batchSize) {
    const filter = conditions.slice(at, at + batchSize).join(' or ');
    const pages = archivePages(access, { provider: 'Dynamic', columns, filter, orderBy: `${order} asc` });
    for await (const rows of pages) yield* rows;
  }
}
