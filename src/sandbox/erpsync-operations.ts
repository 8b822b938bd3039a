/** The operations of the ErpSync agent that the sandbox answers. */
import type { ErpConnectionValue } from '../agent/carriers.ts';
import type { ResultOf } from '../agent/contract.ts';
import type { Call, Implementations } from './implementation.ts';
import { type Resynced, resyncExternal, resyncInternal, resyncRequestText, resyncText } from './resync.ts';
import type { Connection } from './tenant-data.ts';

/** Name of the batch task behind ForceResyncBatchTask; the real server's is not documented, only its resource key. */
const resyncTaskName = 'ErpForceResyncBatchPlugin';

/** The implementations; arguments have been decoded strictly, key lists are never null. */
export const erpSyncOperations: Implementations = {
  // NetServer answers null for an unknown id.
  GetConnection({ ErpConnectionId }, { tenant }) {
    const connection = tenant.connections.get(ErpConnectionId);
    return connection === undefined ? null : connectionCarrier(connection, connection.configFields);
  },

  GetAllConnections({ IncludeDeleted }, { tenant }) {
    return [...tenant.connections.values()]
      .filter((connection) => IncludeDeleted || !connection.deleted)
      .map((connection) => connectionCarrier(connection, null));
  },

  GetEngineStatus(_given, { tenant }) {
    const { running, statusMessage, intervalSeconds } = tenant.engine;
    return { IsRunning: running, StatusMessage: statusMessage, Interval: timeSpan(intervalSeconds) };
  },

  ForceResync: (given, call) => directResync(given, call),
  ForceResyncNoBlankValues: (given, call) => directResync(given, call),

  // NetServer answers nothing, not even the id of the task; a source that is no good shows in the task's end.
  ForceResyncBatchTask({ ErpConnectionId, InternalKeyIds }, { tenant, caller }) {
    const keys = givenKeys(InternalKeyIds);
    const resynced = resyncInternal(tenant, ErpConnectionId, keys);
    tenant.batchTasks.start({
      name: resyncTaskName,
      description: 'Force resync of ERP data',
      associateId: caller.associateId,
      request: resyncRequestText(tenant, ErpConnectionId, keys.length),
      end: { state: resynced.kind === 'done' ? 'Succeeded' : 'Failed', response: resyncText(resynced) },
    });
    return undefined;
  },

  ForceResyncExternal: (given, call) => directExternalResync(given, call),
  ForceResyncExternalNoBlankValues: (given, call) => directExternalResync(given, call),
};

/** A connection as the wire shows it; lists of connections come without config field data. */
function connectionCarrier(
  connection: Connection,
  configFields: Connection['configFields'] | null,
): ErpConnectionValue {
  return {
    ErpConnectionId: connection.id,
    ErpConnectorId: connection.connectorId,
    DisplayName: connection.displayName,
    DisplayDescription: connection.description,
    Active: connection.active,
    ConnectionId: connection.guid,
    MostRecentTimestamp: connection.mostRecentTimestamp,
    ConfigFields: configFields,
    Deleted: connection.deleted,
    AllAccess: true,
    UserGroupAccessIds: [],
    AssociateAccessIds: [],
  };
}

interface InternalResync {
  readonly ErpConnectionId: number;
  readonly InternalKeyIds: readonly number[] | null;
}

function directResync(given: InternalResync, { tenant }: Call): ResultOf<'ForceResync'> {
  return pluginResponse(resyncInternal(tenant, given.ErpConnectionId, givenKeys(given.InternalKeyIds)));
}

interface ExternalResync {
  readonly ErpConnectionId: number;
  readonly ErpActorType: string;
  readonly ExternalKeys: readonly (string | null)[] | null;
}

function directExternalResync(given: ExternalResync, { tenant }: Call): ResultOf<'ForceResyncExternal'> {
  const keys = givenKeys(given.ExternalKeys);
  return pluginResponse(resyncExternal(tenant, given.ErpConnectionId, given.ErpActorType, keys));
}

/**
 * The keys of a request. An absent list is refused long before; should one come through nevertheless,
 * this fails rather than let it mean every record.
 */
function givenKeys<K>(keys: readonly (K | null)[] | null): K[] {
  if (keys === null) throw new Error('a key list that is absent must never reach the model');
  return keys.map((key) => {
    if (key === null) throw new Error('a key that is null must never reach the model');
    return key;
  });
}

const tableNames = new Map([
  [5, 'contact'],
  [6, 'person'],
  [11, 'project'],
  [13, 'sale'],
]);

function pluginResponse(resynced: Resynced): ResultOf<'ForceResync'> {
  const done = resynced.kind === 'done';
  const changed = done ? resynced.records : [];
  return {
    IsOk: done,
    UserExplanation: resyncText(resynced),
    TechExplanation: resynced.kind === 'refused' ? resynced.why : '',
    ErrorCode: '',
    Changes: {
      AddedRecords: [],
      UpdatedRecords: changed.map(({ tableId, recordId }) => ({
        Tablename: tableNames.get(tableId) ?? `table ${tableId}`,
        RecordId: recordId,
      })),
      DeletedRecords: [],
    },
    Status: resynced.kind === 'refused' ? 'Error' : resynced.skipped > 0 ? 'OkWithInfo' : 'Ok',
  };
}

/** .NET's constant form of a TimeSpan: `hh:mm:ss`, with days before a dot above 24 hours. */
function timeSpan(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return `${days > 0 ? `${days}.` : ''}${clock.map(two).join(':')}`;
}
