/** The source of a resync, checked on the server before the first request and after the last one. */
import { type AgentClient, asReadError } from '../agent/client.ts';
import { ErpsyncError } from '../errors.ts';
import { inEnglish } from './names.ts';
import { type ResyncSource, sourceInWords } from './plan.ts';

/** What the server says of a connection. */
export interface SourceCheck {
  readonly source: ResyncSource;
  /** Why it was not possible to look, where the server forbids it. */
  readonly warning: string | undefined;
}

/**
 * Looks whether a connection can be a source. CRM (0) needs no look.
 *
 * @throws ErpsyncError `rejected` when it is unknown, deleted or inactive; what the call failed of
 *   otherwise, except that a server which forbids the look only earns a warning
 */
export async function checkSource(client: AgentClient, connectionId: number): Promise<SourceCheck> {
  if (connectionId === 0) return { source: { connectionId, name: null }, warning: undefined };
  const { outcome } = await client.call('GetConnection', { ErpConnectionId: connectionId });
  if (outcome.kind === 'unsent' && outcome.error.code === 'forbidden') {
    const warning = `could not look whether ERP connection ${connectionId} exists and is active: ${outcome.error.message}`;
    return { source: { connectionId, name: null }, warning };
  }
  if (outcome.kind === 'rejected' && outcome.notFound) {
    throw notASource(
      `there is no ERP connection ${connectionId}`,
      'check the number: it is the connection that the data comes from',
    );
  }
  if (outcome.kind !== 'accepted') throw asReadError(outcome);
  if (outcome.value === null) throw new ErpsyncError('internal', 'an accepted answer without a result');
  const { DisplayName, Active, Deleted } = outcome.value;
  const name = DisplayName === null || DisplayName === undefined ? null : inEnglish(DisplayName);
  const words = sourceInWords({ connectionId, name });
  if (Deleted === true) throw notASource(`${words} is deleted`, 'choose another connection');
  if (Active === false)
    throw notASource(`${words} is not active`, 'activate it first, or choose another connection');
  if (Active !== true)
    throw notASource(`the server does not say whether ${words} is active`, 'skip this check with --no-check');
  return { source: { connectionId, name }, warning: undefined };
}

function notASource(message: string, hint: string): ErpsyncError {
  return new ErpsyncError('rejected', message, { hint });
}
