/** The sync engine and the ordinary sync. */
import type { ErpSyncEngineStatus } from '../agent/carriers.ts';
import type { ResultOf } from '../agent/contract.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import { type Clock, millisecondsOf, storedTime } from './clock.ts';
import { readSeconds, timeSpan } from './duration.ts';
import type { Implementations } from './implementation.ts';
import { present } from './refusal.ts';
import { pluginAnswer } from './resync-operations.ts';
import type { Engine, Tenant } from './state.ts';

/** How long the engine takes to follow, in milliseconds: a change is asked of the Batch system. */
const engineFollowsAfter = 500;

/** The implementations. */
export const engineOperations = {
  GetEngineStatus: (_given, { tenant, now }) => engineStatus(tenant.engine, now),

  // The answer is the state before the change, which shows only later.
  ChangeEngineStatus({ Run }, { tenant, now }) {
    const before = engineStatus(tenant.engine, now);
    const wasRunning = isRunning(tenant.engine, now);
    const changesAt = storedTime(now() + engineFollowsAfter);
    Object.assign(tenant.engine, { wasRunning, running: Run, changesAt });
    return before;
  },

  // A text that is no duration has been refused as an argument already.
  ChangeEngineInterval({ Interval }, { tenant }) {
    tenant.engine.intervalSeconds = present(readSeconds(Interval), 'ChangeEngineInterval.Interval');
    return undefined;
  },

  SyncAll(_given, { tenant, now }) {
    if (!isRunning(tenant.engine, now)) {
      return pluginAnswer('Error', 'Automatic sync is off, nothing was synced');
    }
    return syncConnections(tenant, now);
  },
  ForceSyncAll: (_given, { tenant, now }) => syncConnections(tenant, now),
} satisfies Partial<Implementations>;

function isRunning({ wasRunning, running, changesAt }: Engine, now: Clock): boolean {
  return now() < millisecondsOf(changesAt) ? wasRunning : running;
}

function engineStatus(engine: Engine, now: Clock): ValueOf<typeof ErpSyncEngineStatus> {
  const running = isRunning(engine, now);
  const change = engine.running ? 'Starting' : 'Stopping';
  const rest = running ? 'Waiting for the next round' : 'Stopped';
  return {
    IsRunning: running,
    StatusMessage: running === engine.running ? rest : change,
    Interval: timeSpan(engine.intervalSeconds),
  };
}

/** A sync by timestamps: nothing has changed anywhere, so it moves no data, only the time of the last sync. */
function syncConnections(tenant: Tenant, now: Clock): ResultOf<'SyncAll'> {
  const active = tenant.connections.filter((connection) => connection.active);
  for (const connection of active) connection.lastSync = storedTime(now());
  const names = active.map(({ displayName }) => displayName).join(', ');
  return active.length === 0
    ? pluginAnswer('OkWithInfo', 'No ERP connection is active, nothing was synced')
    : pluginAnswer('Ok', `Synced: ${names}`);
}
