/** The five forced resyncs: of these keys, or of every record where the list is explicitly empty. */
import type { QuoteStatus } from '../agent/carriers.ts';
import type { ArgumentsOf, ResultOf } from '../agent/contract.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import { resyncTaskName, startTask } from './batch-tasks.ts';
import type { Call, Implementations } from './implementation.ts';
import { type Resynced, resyncExternal, resyncInternal, resyncRequestText, resyncText } from './resync.ts';

/** The implementations; key lists are never null. */
export const resyncOperations = {
  ForceResync: (given, call) => directResync(given, call),
  ForceResyncNoBlankValues: (given, call) => directResync(given, call),

  // NetServer answers nothing, not even the id of the task; a source that is no good shows in the task's end.
  ForceResyncBatchTask({ ErpConnectionId, InternalKeyIds }, { tenant, caller, now }) {
    const keys = givenKeys(InternalKeyIds);
    const resynced = resyncInternal(tenant, ErpConnectionId, keys);
    startTask(tenant, now, {
      name: resyncTaskName,
      description: 'Force resync of ERP data',
      associateId: caller.associateId,
      request: resyncRequestText(tenant, ErpConnectionId, keys.length),
      endState: resynced.kind === 'done' ? 'Succeeded' : 'Failed',
      endResponse: resyncText(resynced),
    });
    return undefined;
  },

  ForceResyncExternal: (given, call) => directExternalResync(given, call),
  ForceResyncExternalNoBlankValues: (given, call) => directExternalResync(given, call),
} satisfies Partial<Implementations>;

function directResync(given: ArgumentsOf<'ForceResync'>, { tenant }: Call): ResultOf<'ForceResync'> {
  return resyncAnswer(resyncInternal(tenant, given.ErpConnectionId, givenKeys(given.InternalKeyIds)));
}

function directExternalResync(
  given: ArgumentsOf<'ForceResyncExternal'>,
  { tenant }: Call,
): ResultOf<'ForceResyncExternal'> {
  const keys = givenKeys(given.ExternalKeys);
  return resyncAnswer(resyncExternal(tenant, given.ErpConnectionId, given.ErpActorType, keys));
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

function resyncAnswer(resynced: Resynced): ResultOf<'ForceResync'> {
  const text = resyncText(resynced);
  if (resynced.kind === 'refused') return pluginAnswer('Error', text, resynced.why);
  const updated = resynced.records.map(({ tableId, recordId }) => ({
    Tablename: tableNames.get(tableId) ?? `table ${tableId}`,
    RecordId: recordId,
  }));
  return pluginAnswer(resynced.skipped > 0 ? 'OkWithInfo' : 'Ok', text, '', updated);
}

/** What the operations that sync answer; `Error` is what makes `IsOk` false. */
export function pluginAnswer(
  status: ValueOf<typeof QuoteStatus>,
  userExplanation: string,
  techExplanation = '',
  updated: readonly { readonly Tablename: string; readonly RecordId: number }[] = [],
): ResultOf<'ForceResync'> {
  return {
    IsOk: status !== 'Error',
    UserExplanation: userExplanation,
    TechExplanation: techExplanation,
    ErrorCode: '',
    Changes: { AddedRecords: [], UpdatedRecords: updated, DeletedRecords: [] },
    Status: status,
  };
}
