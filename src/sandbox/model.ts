/** The tenant that the sandbox serves, in memory. It knows neither HTTP nor any wire format. */
import { type BatchTasks, createBatchTasks } from './batch-tasks.ts';
import type { Clock } from './clock.ts';
import {
  type Connection,
  type Connector,
  connectors,
  type LinkedRecord,
  linkedRecords,
  startingConnections,
} from './tenant-data.ts';

/** The sync engine of the tenant. */
interface Engine {
  running: boolean;
  statusMessage: string;
  /** Seconds between two rounds. */
  intervalSeconds: number;
}

/** All that the sandbox knows of its tenant. */
export interface Tenant {
  readonly connectors: ReadonlyMap<number, Connector>;
  readonly connections: ReadonlyMap<number, Connection>;
  /** By internal key. */
  readonly linkedRecords: ReadonlyMap<number, LinkedRecord>;
  readonly engine: Engine;
  readonly batchTasks: BatchTasks;
}

/** A tenant in its starting state; its batch tasks progress with the clock. */
export function createTenant(now: Clock): Tenant {
  return {
    connectors: new Map(connectors.map((connector) => [connector.id, connector])),
    connections: new Map(startingConnections().map((connection) => [connection.id, connection])),
    linkedRecords: new Map(linkedRecords.map((record) => [record.internalKey, record])),
    engine: { running: true, statusMessage: 'Waiting for the next round', intervalSeconds: 900 },
    batchTasks: createBatchTasks(now),
  };
}

/** Makes a connection inactive; nothing happens for one that does not exist (0 is CRM, not a connection). */
export function deactivateConnection(tenant: Tenant, connectionId: number): void {
  const connection = tenant.connections.get(connectionId);
  if (connection !== undefined) connection.active = false;
}

/** Why data cannot be taken from this source, or undefined. 0 stands for SuperOffice CRM itself. */
export function sourceProblem(tenant: Tenant, sourceId: number): string | undefined {
  if (sourceId === 0) return undefined;
  const connection = tenant.connections.get(sourceId);
  if (connection === undefined) return `ERP connection ${sourceId} does not exist`;
  if (connection.deleted) return `ERP connection ${sourceId} "${connection.displayName}" has been deleted`;
  if (!connection.active) return `ERP connection ${sourceId} "${connection.displayName}" is not active`;
  return undefined;
}

/** A source in words: `ERP connection 124 "Visma Net"`, or `SuperOffice CRM` for 0. */
export function sourceName(tenant: Tenant, sourceId: number): string {
  if (sourceId === 0) return 'SuperOffice CRM';
  const name = tenant.connections.get(sourceId)?.displayName;
  return name === undefined ? `ERP connection ${sourceId}` : `ERP connection ${sourceId} "${name}"`;
}
