/**
 * All ERP connections and all connectors, on any server: Services88 have operations for them, older services and
 * older servers only the archives behind those.
 */
import { type ArchiveAccess, archivePages } from './archive.ts';
import type { ErpConnectionValue } from './carriers.ts';
import { type AgentClient, asReadError } from './client.ts';
import { type ListedConnector, listedConnectors } from './connectors.ts';
import { isIn } from './wire-xml.ts';

/**
 * All connections, without their configuration.
 *
 * @throws ErpsyncError as for any read
 */
export async function allConnections(
  access: ArchiveAccess,
  includeDeleted: boolean,
): Promise<readonly ErpConnectionValue[]> {
  const { client } = access;
  if (has(client, 'GetAllConnections')) {
    const { outcome } = await client.call('GetAllConnections', { IncludeDeleted: includeDeleted });
    if (outcome.kind === 'accepted') {
      return (outcome.value ?? []).flatMap((connection) => (connection === null ? [] : [connection]));
    }
    // Not there at all: an older server.
    if (!(outcome.kind === 'rejected' && outcome.stops)) throw asReadError(outcome);
  }
  const connections: ErpConnectionValue[] = [];
  const pages = archivePages(access, {
    provider: 'ErpConnection',
    columns: {
      id: 'number',
      name: 'text',
      description: 'text',
      active: 'flag',
      erpId: 'text',
      mostRecent: 'text',
      allAccess: 'flag',
      deleted: 'flag',
      'connector/id': 'number',
    },
    filter: '',
    entities: includeDeleted ? 'erpConnection,deleted' : 'erpConnection',
  });
  for await (const rows of pages) {
    for (const row of rows) {
      connections.push({
        ErpConnectionId: row.id,
        ErpConnectorId: row['connector/id'],
        DisplayName: row.name,
        DisplayDescription: row.description,
        Active: row.active,
        ConnectionId: row.erpId,
        MostRecentTimestamp: row.mostRecent,
        Deleted: row.deleted,
        AllAccess: row.allAccess,
      });
    }
  }
  return connections;
}

/**
 * All connectors that are not deleted.
 *
 * @throws ErpsyncError as for any read
 */
export async function allConnectors(access: ArchiveAccess): Promise<readonly ListedConnector[]> {
  const { client } = access;
  if (has(client, 'GetAllConnectors')) {
    const { outcome } = await client.call('GetAllConnectors', {});
    if (outcome.kind === 'accepted') return listedConnectors(outcome.value);
    if (!(outcome.kind === 'rejected' && outcome.stops)) throw asReadError(outcome);
  }
  const connectors: ListedConnector[] = [];
  const columns = { id: 'number', name: 'text', url: 'text' } as const;
  for await (const rows of archivePages(access, { provider: 'ErpConnector', columns, filter: '' })) {
    connectors.push(...rows);
  }
  return connectors;
}

/** Whether the services that calls go to have the operation; REST shows it only by its answer. */
function has(
  { transport: { services } }: AgentClient,
  name: 'GetAllConnections' | 'GetAllConnectors',
): boolean {
  return services === undefined || isIn(name, services);
}
