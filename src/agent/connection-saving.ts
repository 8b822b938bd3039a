/** Saving an ERP connection as planned. */
import type { ArchiveAccess } from './archive.ts';
import type { ErpConnectionValue } from './carriers.ts';
import { type Saved, savedOnce } from './certain-write.ts';
import type { ConnectionPlan } from './connection-plan.ts';
import { findConnection } from './connections.ts';
import { allConnections } from './listing.ts';
import { isDone } from './saved-record.ts';

/**
 * Saves a connection once. Whether a new one was made is seen by what is listed before and afterwards, if its
 * answer is lost.
 *
 * @throws ErpsyncError see {@link savedOnce}
 */
export async function saveConnection(
  access: ArchiveAccess,
  { record, changes }: ConnectionPlan,
): Promise<Saved<ErpConnectionValue>> {
  const { client } = access;
  const id = record.ErpConnectionId ?? 0;
  const before = id === 0 ? await alike(access, record) : [];
  const { outcome } = await client.call('SaveConnection', { Connection: record });
  return await savedOnce(outcome, {
    operation: 'SaveConnection',
    what: id === 0 ? `ERP connection ${JSON.stringify(record.DisplayName)}` : `ERP connection ${id}`,
    look: id === 0 ? 'erpsync connections list' : `erpsync connections get ${id}`,
    async find() {
      if (id === 0) return theNewOne(before, await alike(access, record));
      const after = await findConnection(client, id);
      return after !== undefined && changes.every((change) => isDone(change, after)) ? after : undefined;
    },
  });
}

/** Connections of the same name and connector. */
async function alike(
  access: ArchiveAccess,
  record: ErpConnectionValue,
): Promise<readonly ErpConnectionValue[]> {
  const all = await allConnections(access, false);
  return all.filter(
    (one) => one.DisplayName === record.DisplayName && one.ErpConnectorId === record.ErpConnectorId,
  );
}

/** The only one that is there now and was not before. */
function theNewOne(
  before: readonly ErpConnectionValue[],
  after: readonly ErpConnectionValue[],
): ErpConnectionValue | undefined {
  const known = before.map(({ ErpConnectionId }) => ErpConnectionId);
  const added = after.filter(({ ErpConnectionId }) => !known.includes(ErpConnectionId));
  return added.length === 1 ? added[0] : undefined;
}
