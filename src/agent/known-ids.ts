/** Ids that the server does not know: it may answer null, false or words of its own for one, so a look tells. */
import { unknownId } from '../error-words.ts';
import { ErpsyncError } from '../errors.ts';
import type { AgentClient } from './client.ts';
import { findConnection, noConnection } from './connections.ts';
import type { CrmRecord } from './links.ts';

/** The ids that a call names. */
export interface NamedIds {
  readonly connectionId?: number;
  readonly record?: CrmRecord;
}

/**
 * Does something about ids. Where the server refuses it, each of them is looked up.
 *
 * @throws ErpsyncError `rejected` naming the id that the server does not know, else what `work` threw
 */
export async function withKnownIds<T>(
  client: AgentClient,
  ids: NamedIds,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ErpsyncError) || error.code !== 'rejected') throw error;
    throw (await unknownAmong(client, ids)) ?? error;
  }
}

/** The error for the first id that the server does not know; undefined where it knows them, or does not tell. */
export async function unknownAmong(
  client: AgentClient,
  { connectionId, record }: NamedIds,
): Promise<ErpsyncError | undefined> {
  try {
    if (connectionId !== undefined && (await findConnection(client, connectionId)) === undefined)
      return noConnection(connectionId);
    return record && (await isUnknown(client, record)) ? noRecord(record) : undefined;
  } catch (error) {
    if (error instanceof ErpsyncError) return undefined;
    throw error;
  }
}

async function isUnknown(client: AgentClient, { id, type }: CrmRecord): Promise<boolean> {
  const { outcome } = await client.call('GetFieldValuesFromCrm', { RecordId: id, ActorTypeCrm: type });
  return outcome.kind === 'rejected' && outcome.notFound;
}

/** The error for an id that names no record of SuperOffice. */
export function noRecord({ word, id }: CrmRecord): ErpsyncError {
  return unknownId(word, id, 'see those that are linked: erpsync keys list --connection <id>');
}
