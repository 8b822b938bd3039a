/** Looking things up in the tenant. It knows neither HTTP nor any wire format. */
import { type CrmType, crmFields, crmLists, tableIds } from './crm-data.ts';
import { type ActorType, erpSystemAt } from './erp-systems.ts';
import type { Item } from './field-values.ts';
import { notFound, Refusal } from './refusal.ts';
import type { ActorMapping, Connection, Connector, CrmRecord, LinkedRecord, Tenant } from './state.ts';

/** A connection by its id, a deleted one too. */
export function findConnection({ connections }: Tenant, connectionId: number): Connection | undefined {
  return connections.find(({ id }) => id === connectionId);
}

/** A connection that has not been deleted, or undefined. */
export function findLiveConnection(tenant: Tenant, connectionId: number): Connection | undefined {
  const connection = findConnection(tenant, connectionId);
  return connection?.deleted ? undefined : connection;
}

/**
 * A connection that is to be worked with.
 *
 * @throws Refusal when there is none, or it has been deleted.
 */
export function liveConnection(tenant: Tenant, connectionId: number): Connection {
  const connection = findConnection(tenant, connectionId);
  if (connection === undefined) throw notFound(`ERP connection ${connectionId}`);
  if (connection.deleted) throw new Refusal(`${sourceName(tenant, connectionId)} has been deleted`);
  return connection;
}

/**
 * A connector that is to be worked with.
 *
 * @throws Refusal when there is none, or it has been deleted.
 */
export function liveConnector({ connectors }: Tenant, connectorId: number): Connector {
  const connector = connectors.find(({ id }) => id === connectorId);
  if (connector === undefined) throw notFound(`ERP connector ${connectorId}`);
  if (connector.deleted) throw new Refusal(`ERP connector ${connectorId} has been deleted`);
  return connector;
}

/** The URL of a connection's connector; empty, where nothing answers, if the connector has been deleted. */
export function connectorUrl({ connectors }: Tenant, { connectorId }: Connection): string {
  return connectors.find(({ id, deleted }) => id === connectorId && !deleted)?.url ?? '';
}

/** Connections that have not been deleted, in their order of priority; those without one come last, by id. */
export function connectionsByPriority({ connections, priorities }: Tenant): Connection[] {
  const rank = (id: number) => (priorities.includes(id) ? priorities.indexOf(id) : priorities.length);
  return connections.toSorted((one, other) => rank(one.id) - rank(other.id) || one.id - other.id);
}

/** The mapping of an actor type of a connection. */
export function findMapping(tenant: Tenant, connectionId: number, type: ActorType): ActorMapping | undefined {
  return tenant.actorMappings.find(
    (mapping) => mapping.connectionId === connectionId && mapping.actorType === type,
  );
}

/**
 * A mapping that is to be worked with.
 *
 * @throws Refusal when there is no such connection or mapping.
 */
export function existingMapping(tenant: Tenant, connectionId: number, type: ActorType): ActorMapping {
  const connection = liveConnection(tenant, connectionId);
  const mapping = findMapping(tenant, connectionId, type);
  if (mapping === undefined) throw notFound(`${type} of ${sourceName(tenant, connection.id)}`);
  return mapping;
}

/** The items of an ERP list of a connection, by the ERP system's own ids. */
export function erpItems(tenant: Tenant, connectionId: number, list: string): readonly Item[] {
  const connection = findConnection(tenant, connectionId);
  return connection === undefined ? [] : (erpSystemAt(connectorUrl(tenant, connection)).lists[list] ?? []);
}

/** The items of a CRM list. */
export function crmItems(list: string): readonly Item[] {
  return crmLists.find(({ name }) => name === list)?.items ?? [];
}

/** A field of a kind of CRM record. */
export function findCrmField(type: CrmType, key: string) {
  return crmFields[type].find((field) => field.key === key);
}

/** A CRM record, linked or not. */
export function findCrmRecord({ crmRecords }: Tenant, type: CrmType, id: number): CrmRecord | undefined {
  return crmRecords.find((record) => record.type === type && record.id === id);
}

/** The links of a CRM record, if it has any. */
export function findLinkedRecord(
  { linkedRecords }: Tenant,
  type: CrmType,
  id: number,
): LinkedRecord | undefined {
  return linkedRecords.find((record) => record.tableId === tableIds[type] && record.recordId === id);
}

/** Makes a connection inactive; nothing happens for one that does not exist (0 is CRM, not a connection). */
export function deactivateConnection(tenant: Tenant, connectionId: number): void {
  const connection = findConnection(tenant, connectionId);
  if (connection !== undefined) connection.active = false;
}

/** Why data cannot be taken from this source, or undefined. 0 stands for SuperOffice CRM itself. */
export function sourceProblem(tenant: Tenant, sourceId: number): string | undefined {
  if (sourceId === 0) return undefined;
  const connection = findConnection(tenant, sourceId);
  const name = sourceName(tenant, sourceId);
  if (connection === undefined) return `${name} does not exist`;
  if (connection.deleted) return `${name} has been deleted`;
  return connection.active ? undefined : `${name} is not active`;
}

/** A source in words: `ERP connection 124 "Visma Net"`, or `SuperOffice CRM` for 0. */
export function sourceName(tenant: Tenant, sourceId: number): string {
  if (sourceId === 0) return 'SuperOffice CRM';
  const name = findConnection(tenant, sourceId)?.displayName;
  return name === undefined ? `ERP connection ${sourceId}` : `ERP connection ${sourceId} "${name}"`;
}
