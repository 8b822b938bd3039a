/** Sync connectors, the web services that ERP connections call: all of them, and one by its id. */
import { unknownId } from '../error-words.ts';
import { ErpsyncError } from '../errors.ts';
import type { ErpSyncConnectorEntity } from './carriers.ts';
import { type AgentClient, asReadError } from './client.ts';
import type { ResultOf } from './contract.ts';
import type { ValueOf } from './wire-types.ts';

/** A connector with everything that the server says of it. */
export type Connector = NonNullable<ValueOf<typeof ErpSyncConnectorEntity>>;

/** What a list says of a connector. */
export interface ListedConnector {
  readonly id: number | null;
  readonly name: string;
  readonly url: string;
}

/** Connectors from the list items that the server answers, whose tooltip holds the URL. */
export function listedConnectors(items: ResultOf<'GetAllConnectors'>): readonly ListedConnector[] {
  return (items ?? []).flatMap((item) =>
    item === null ? [] : [{ id: item.Id ?? null, name: item.Name ?? '', url: item.ToolTip ?? '' }],
  );
}

/** A connector; undefined if the server answers null. A deleted one is found, and says so. */
export async function findConnector(client: AgentClient, id: number): Promise<Connector | undefined> {
  const { outcome } = await client.call('GetErpSyncConnectorEntity', { ErpSyncConnectorEntityId: id });
  if (outcome.kind === 'accepted') return outcome.value ?? undefined;
  if (outcome.kind === 'rejected' && outcome.notFound) return undefined;
  throw asReadError(outcome);
}

/**
 * A connector, deleted or not.
 *
 * @throws ErpsyncError `rejected` if there is none
 */
export async function readConnector(client: AgentClient, id: number): Promise<Connector> {
  const found = await findConnector(client, id);
  if (found === undefined) throw noConnector(id);
  return found;
}

/**
 * A connector that can be worked with.
 *
 * @throws ErpsyncError `rejected` if there is none, or if it is deleted
 */
export async function readLiveConnector(client: AgentClient, id: number): Promise<Connector> {
  const connector = await readConnector(client, id);
  if (connector.Deleted !== true) return connector;
  throw new ErpsyncError('rejected', {
    what: `connector ${id} cannot be used`,
    why: 'it is deleted',
    next: 'name another one of these: erpsync connectors list',
  });
}

/** The error for an id that names no connector. */
export function noConnector(id: number): ErpsyncError {
  return unknownId('connector', id, 'see which there are: erpsync connectors list');
}
