/**
 * Internal keys by what they stand for, read through the Dynamic archive from the tables ErpInternalKey and
 * ErpExternalKey. Which rows answer is checked here, so that nothing depends on how the server combines filters.
 */
import { ErpsyncError } from '../errors.ts';
import { type ArchiveReader, type ArchiveRow, archivePage } from './archive.ts';

/** Kinds of CRM records, and the number of their table. */
export const crmTables = { company: 5, person: 6, project: 11, sale: 13 } as const;
/** One of {@link crmTables}. */
export type CrmTable = keyof typeof crmTables;

/** Ids asked for in one request. */
const batchSize = 50;
const keyColumn = 'erpinternalkey.erpinternalkey_id';
const tableColumn = 'erpinternalkey.tableId';
const recordColumn = 'erpinternalkey.recordId';

/**
 * The internal keys of CRM records, by record id; a record that was never linked has none.
 *
 * @throws ErpsyncError as for any read, and for rows that cannot be
 */
export async function internalKeysOf(
  reader: ArchiveReader,
  table: CrmTable,
  ids: Int32Array,
): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>();
  for (let from = 0; from < ids.length; from += batchSize) {
    const batch = new Set(ids.subarray(from, from + batchSize));
    const filter = [...batch].map((id) => `${recordColumn} eq ${id}`).join(' or ');
    const columns = [keyColumn, tableColumn, recordColumn];
    const query = { provider: 'Dynamic', columns, filter, orderBy: keyColumn };
    for (const row of await archivePage(reader, query, 0)) {
      const [key, tableId, recordId] = numbersIn(row, columns);
      if (tableId !== crmTables[table] || !batch.has(recordId ?? 0)) continue;
      found.set(recordId ?? 0, key ?? 0);
    }
  }
  return found;
}

function numbersIn(row: ArchiveRow, columns: readonly string[]): number[] {
  return row.map((value, index) => {
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number)) return number;
    throw new ErpsyncError('rejected', `the archive Dynamic answers no number for ${columns[index]}`, {
      hint: 'the server may be another version than erpsync knows',
    });
  });
}
