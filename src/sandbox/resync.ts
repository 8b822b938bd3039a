/** What a forced resync does to the tenant, whichever operation or protocol asked for it. */
import { sourceName, sourceProblem } from './model.ts';
import type { LinkedRecord, Tenant } from './state.ts';

/** The result of a resync: done for these records, or not done at all for a reason. */
export type Resynced =
  | { readonly kind: 'done'; readonly records: readonly LinkedRecord[]; readonly skipped: number }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Resyncs records by internal key from CRM (source 0) or from an ERP connection. Only an explicitly
 * empty list means every record. Keys that the tenant does not know, or that have no link to the
 * source, are skipped and counted: the server accepts them.
 */
export function resyncInternal(tenant: Tenant, sourceId: number, keys: readonly number[]): Resynced {
  const why = sourceProblem(tenant, sourceId);
  if (why !== undefined) return { kind: 'refused', why };
  const linkedTo = (record: LinkedRecord) =>
    sourceId === 0 || record.externalKeys.some((external) => external.connectionId === sourceId);
  const linked = tenant.linkedRecords.filter(linkedTo);
  return pick(linked, keys, (record) => record.internalKey);
}

/**
 * Resyncs records by their ERP key, which is unique only within one connection and actor type; so the
 * source has to be a connection, never CRM. Only an explicitly empty list means every record.
 */
export function resyncExternal(
  tenant: Tenant,
  sourceId: number,
  actorType: string,
  keys: readonly string[],
): Resynced {
  if (sourceId <= 0)
    return { kind: 'refused', why: `external keys need an ERP connection, not ${sourceId}, as source` };
  const why = sourceProblem(tenant, sourceId);
  if (why !== undefined) return { kind: 'refused', why };
  const keyOf = (record: LinkedRecord) =>
    record.externalKeys.find((one) => one.connectionId === sourceId && one.actorType === actorType)?.erpKey;
  const linked = tenant.linkedRecords.filter((record) => keyOf(record) !== undefined);
  return pick(linked, keys, keyOf);
}

/** A result in one sentence: `2 records resynced`, `1 record resynced, 1 key without a linked record skipped`. */
export function resyncText(resynced: Resynced): string {
  if (resynced.kind === 'refused') return `Resync not possible: ${resynced.why}`;
  const { records, skipped } = resynced;
  const done = `${counted(records.length, 'record')} resynced`;
  return skipped === 0 ? done : `${done}, ${counted(skipped, 'key')} without a linked record skipped`;
}

/** What was asked for, naming the source and the number of keys. */
export function resyncRequestText(tenant: Tenant, sourceId: number, keyCount: number): string {
  const what = keyCount === 0 ? 'all records' : counted(keyCount, 'key');
  return `Force resync from ${sourceName(tenant, sourceId)}, ${what}`;
}

function pick<K>(
  linked: readonly LinkedRecord[],
  keys: readonly K[],
  keyOf: (record: LinkedRecord) => K | undefined,
): Resynced {
  if (keys.length === 0) return { kind: 'done', records: linked, skipped: 0 };
  const asked = new Set(keys);
  const records = linked.filter((record) => {
    const key = keyOf(record);
    return key !== undefined && asked.has(key);
  });
  return { kind: 'done', records, skipped: asked.size - records.length };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
