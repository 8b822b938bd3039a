/** ERP connections: one by its id, and switching it on and off. */
import { unknownId } from '../error-words.ts';
import { ErpsyncError } from '../errors.ts';
import type { ErpConnectionValue } from './carriers.ts';
import { type AgentClient, asReadError, asWriteError } from './client.ts';

/**
 * A connection; undefined if the server answers null, as it does for an id that it does not know. A deleted
 * one is found, and says so.
 */
export async function findConnection(
  client: AgentClient,
  id: number,
): Promise<ErpConnectionValue | undefined> {
  const { outcome } = await client.call('GetConnection', { ErpConnectionId: id });
  if (outcome.kind === 'accepted') return outcome.value ?? undefined;
  if (outcome.kind === 'rejected' && outcome.notFound) return undefined;
  throw asReadError(outcome);
}

/**
 * A connection, deleted or not.
 *
 * @throws ErpsyncError `rejected` if there is none
 */
export async function readConnection(client: AgentClient, id: number): Promise<ErpConnectionValue> {
  const found = await findConnection(client, id);
  if (found === undefined) throw noConnection(id);
  return found;
}

/**
 * A connection that can be worked with.
 *
 * @throws ErpsyncError `rejected` if there is none, or if it is deleted
 */
export async function readLiveConnection(client: AgentClient, id: number): Promise<ErpConnectionValue> {
  const connection = await readConnection(client, id);
  if (connection.Deleted !== true) return connection;
  throw new ErpsyncError('rejected', {
    what: `ERP connection ${id} cannot be used`,
    why: 'it is deleted',
    next: 'name another one of these: erpsync connections list',
  });
}

/** The error for an id that names no connection. */
export function noConnection(id: number): ErpsyncError {
  return unknownId('ERP connection', id, 'see which there are: erpsync connections list');
}

/** A connection and whether it has to be switched to be as wanted. */
export interface SwitchPlan {
  readonly connection: ErpConnectionValue;
  readonly needed: boolean;
}

/**
 * Looks whether a connection has to be switched.
 *
 * @throws ErpsyncError `rejected` if there is none, it is deleted, or the server does not say whether it is active
 */
export async function planSwitch(client: AgentClient, id: number, active: boolean): Promise<SwitchPlan> {
  const connection = await readLiveConnection(client, id);
  if (typeof connection.Active !== 'boolean') {
    throw new ErpsyncError('rejected', {
      what: `ERP connection ${id} cannot be switched`,
      why: 'the server does not say whether it is active',
      next: `see what it says: erpsync connections get ${id}`,
    });
  }
  return { connection, needed: connection.Active !== active };
}

/**
 * Toggles a connection once and reads it again, since the server has no "set active" and says nothing but
 * reasons why not.
 *
 * @returns whether the answer to the toggle came; the connection is as wanted either way
 * @throws ErpsyncError `rejected` with the server's reasons, or if the connection is not as wanted afterwards;
 *   `unknown` if that could not be seen
 */
export async function toggleOnce(
  client: AgentClient,
  id: number,
  active: boolean,
): Promise<{ answered: boolean }> {
  const wanted = active ? 'active' : 'inactive';
  const { outcome } = await client.call('ToggleErpConnectionActive', { ErpConnectionId: id });
  const words = {
    failed: `ERP connection ${id} was not made ${wanted}`,
    look: `erpsync connections get ${id}`,
    // The reasons against it are fields without a direction, and an ERP system that does not let the server in.
    mend: active
      ? `see how its fields are mapped (erpsync mappings get --connection ${id} --actor-type <type>), and whether it works: erpsync connections test ${id}`
      : undefined,
  };
  if (outcome.kind === 'unsent' || outcome.kind === 'rejected')
    throw asWriteError('ToggleErpConnectionActive', outcome, words);
  const after = await readAgain(client, id, wanted);
  if (after.Active === active) return { answered: outcome.kind === 'accepted' };
  if (outcome.kind === 'unknown') throw asWriteError('ToggleErpConnectionActive', outcome, words);
  throw new ErpsyncError('rejected', {
    what: `ERP connection ${id} is not ${wanted}, though the server took the change`,
    why: 'somebody else may have switched it at the same time',
    next: `look at it before you run the same command again: ${words.look}`,
  });
}

async function readAgain(client: AgentClient, id: number, wanted: string): Promise<ErpConnectionValue> {
  try {
    return await readConnection(client, id);
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    throw new ErpsyncError('unknown', {
      what: `the change was sent, but whether ERP connection ${id} is ${wanted} could not be read`,
      why: error.message,
      next: `look at it: erpsync connections get ${id}`,
      cause: error,
    });
  }
}
