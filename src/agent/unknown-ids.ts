/**
 * Ids that the server does not know, told alike in every command. Operations answer them in their own ways (null,
 * an error in words, false), so that the server is asked for each id by itself before one is blamed.
 */
import { unknownId } from '../error-words.ts';
import { ErpsyncError } from '../errors.ts';
import { type AgentClient, asReadError } from './client.ts';
import { findConnection, noConnection } from './connections.ts';
import { findConnector, noConnector } from './connectors.ts';
import type { ResultOf } from './contract.ts';
import { type CrmRecord, findCrmValues, noCrmRecord } from './crm-records.ts';

/** What a call names by ids. */
export interface NamedIds {
  readonly connection?: number | undefined;
  readonly connector?: number | undefined;
  readonly task?: number | undefined;
  readonly record?: CrmRecord | undefined;
}

/**
 * What a call comes to; where the server refuses it and does not know an id that it names, the error says that.
 *
 * @throws ErpsyncError of the call; for an unknown id `rejected`: `there is no ERP connection 999: ...`
 */
export async function knowingIds<T>(client: AgentClient, ids: NamedIds, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ErpsyncError) || error.code !== 'rejected') throw error;
    throw (await unknownAmong(client, ids)) ?? error;
  }
}

/** The error of the first id that the server does not know; undefined if it knows all that it can be asked for. */
export async function unknownAmong(
  client: AgentClient,
  { connection, connector, task, record }: NamedIds,
): Promise<ErpsyncError | undefined> {
  const looks = [
    connection && { find: () => findConnection(client, connection), error: () => noConnection(connection) },
    connector && { find: () => findConnector(client, connector), error: () => noConnector(connector) },
    task && { find: () => findTask(client, task), error: () => noTask(task) },
    record && { find: () => findCrmValues(client, record), error: () => noCrmRecord(record) },
  ];
  for (const look of looks) {
    if (look && (await isUnknown(look.find))) return look.error();
  }
  return undefined;
}

/** A batch task; undefined if the server answers null, as it does for an id that it does not know. */
export async function findTask(
  client: AgentClient,
  id: number,
): Promise<NonNullable<ResultOf<'GetBatchTaskInfo'>> | undefined> {
  const { outcome } = await client.call('GetBatchTaskInfo', { Id: id });
  if (outcome.kind === 'accepted') return outcome.value ?? undefined;
  if (outcome.kind === 'rejected' && outcome.notFound) return undefined;
  throw asReadError(outcome);
}

/** The error for an id that names no batch task, or one that the server has removed since it ended. */
export function noTask(id: number): ErpsyncError {
  return unknownId('batch task', id, 'see which it has kept: erpsync tasks list');
}

/** Where the server does not let itself be asked, nothing is known. */
async function isUnknown(find: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await find()) === undefined;
  } catch (error) {
    if (error instanceof ErpsyncError) return false;
    throw error;
  }
}
