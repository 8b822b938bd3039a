/** Saving and deleting sync connectors. */
import { ErpsyncError } from '../errors.ts';
import type { ArchiveAccess } from './archive.ts';
import { ErpSyncConnectorEntity } from './carriers.ts';
import { type Saved, savedOnce } from './certain-write.ts';
import type { AgentClient } from './client.ts';
import { type Connector, findConnector, noConnector, readLiveConnector } from './connectors.ts';
import { allConnections, allConnectors } from './listing.ts';
import { type Change, type GivenMember, isDone, mergeGiven, type SavedRecord } from './saved-record.ts';

/** The members of a connector, and which of them are not for a save to change. */
export const savedConnector: SavedRecord<Connector> = {
  type: ErpSyncConnectorEntity,
  members: [
    {
      wire: 'ErpConnectorId',
      key: 'id',
      instead: 'leave it out, and give the id as the argument of the command',
    },
    { wire: 'DisplayName', key: 'name', filled: true },
    { wire: 'URL', key: 'url', filled: true },
    { wire: 'Deleted', key: 'deleted', instead: 'delete it with erpsync connectors delete' },
  ],
};

/** What a save would do. */
export interface ConnectorPlan {
  /** As it is to be sent. */
  readonly record: Connector;
  readonly changes: readonly Change[];
}

/** What is given of a connector, and how a text is shown to people. */
export interface GivenConnector {
  readonly members: readonly GivenMember[];
  displayed(text: string): string;
}

/**
 * What saving would change of a connector.
 *
 * @throws ErpsyncError `rejected` if there is none or it is deleted; usage for what cannot be changed here
 */
export async function planConnectorChange(
  client: AgentClient,
  id: number,
  { members, displayed }: GivenConnector,
): Promise<ConnectorPlan> {
  const stored = await readLiveConnector(client, id);
  return mergeGiven(savedConnector, stored, members, { what: `connector ${id}`, displayed });
}

/**
 * What a new connector would be: the server's own starting values with what is given.
 *
 * @throws ErpsyncError (usage) for what only the server gives
 */
export async function planConnectorCreation(
  client: AgentClient,
  { members, displayed }: GivenConnector,
): Promise<ConnectorPlan> {
  const start = await client.read('CreateDefaultErpSyncConnectorEntity', {});
  // Id 0 makes a new one: whatever else stood there would overwrite another connector.
  const stored = { ...start, ErpConnectorId: 0, Deleted: false };
  return mergeGiven(savedConnector, stored, members, { what: 'a new connector', displayed });
}

/**
 * Saves a connector once. Whether a new one was made is seen by what is listed before and afterwards, if its
 * answer is lost.
 *
 * @throws ErpsyncError see {@link savedOnce}
 */
export async function saveConnector(
  access: ArchiveAccess,
  { record, changes }: ConnectorPlan,
): Promise<Saved<Connector>> {
  const { client } = access;
  const id = record.ErpConnectorId ?? 0;
  const before = id === 0 ? await alike(access, record) : [];
  const { outcome } = await client.call('SaveErpSyncConnectorEntity', { ErpSyncConnectorEntity: record });
  return await savedOnce(outcome, {
    operation: 'SaveErpSyncConnectorEntity',
    what: id === 0 ? `connector ${JSON.stringify(record.DisplayName)}` : `connector ${id}`,
    look: id === 0 ? 'erpsync connectors list' : `erpsync connectors get ${id}`,
    async find() {
      if (id === 0) {
        const added = (await alike(access, record)).filter((one) => !before.includes(one));
        return added.length === 1 ? { ...record, ErpConnectorId: added[0] ?? null } : undefined;
      }
      const after = await findConnector(client, id);
      return after !== undefined && changes.every((change) => isDone(change, after)) ? after : undefined;
    },
  });
}

/** Ids of the connectors of the same name and address. */
async function alike(access: ArchiveAccess, { DisplayName, URL }: Connector): Promise<number[]> {
  const all = await allConnectors(access);
  return all.flatMap(({ id, name, url }) => (id !== null && name === DisplayName && url === URL ? [id] : []));
}

/**
 * Refuses the deletion that the server would refuse, with its reason.
 *
 * @throws ErpsyncError `rejected`, naming the connections that use the connector
 */
export async function checkDeletable(
  access: ArchiveAccess,
  id: number,
  displayed: (text: string) => string,
): Promise<void> {
  const code = await access.client.read('CanDeleteErpSyncConnectorEntity', { ErpSyncConnectorId: id });
  if (code === 'NoError') return;
  if (code === 'ErrorNotFound') throw noConnector(id);
  const what = `connector ${id} cannot be deleted`;
  if (code !== 'ErrorConnectorHasConnections') {
    const next = `look at it: erpsync connectors get ${id}`;
    throw new ErpsyncError('rejected', { what, why: `the server answers ${code}`, next });
  }
  const users = (await allConnections(access, false))
    .filter(({ ErpConnectorId }) => ErpConnectorId === id)
    .map((one) => `${one.ErpConnectionId} ${JSON.stringify(displayed(one.DisplayName ?? ''))}`);
  throw new ErpsyncError('rejected', {
    what,
    why: users.length === 0 ? 'it has ERP connections' : `its ERP connections are ${users.join(', ')}`,
    next: 'delete these first: erpsync connections delete <id>',
  });
}
