/** The source of a resync, looked at on the server before the first request and after the last one. */
import type { ArchiveAccess } from '../agent/archive.ts';
import { type AgentClient, asReadError } from '../agent/client.ts';
import { allConnections } from '../agent/listing.ts';
import { ErpsyncError } from '../errors.ts';
import { didYouMean } from '../nearest-name.ts';
import { inEnglish } from './names.ts';
import { type ResyncSource, sourceInWords } from './plan.ts';

/** What a look at the source found. */
export interface SourceLook {
  readonly source: ResyncSource;
  /** Why it cannot be a source: unknown, deleted or inactive. */
  readonly unusable: ErpsyncError | undefined;
  /** Why it was not possible to look, where the server forbids it. */
  readonly warning: string | undefined;
}

/**
 * Looks whether a connection can be a source. CRM (0) needs no look.
 *
 * @throws ErpsyncError for what the call failed of; a server that forbids the look only earns a warning
 */
export async function lookAtSource(client: AgentClient, connectionId: number): Promise<SourceLook> {
  const unnamed = { connectionId, name: null };
  const found = (source: ResyncSource, unusable?: ErpsyncError): SourceLook => ({
    source,
    unusable,
    warning: undefined,
  });
  if (connectionId === 0) return found(unnamed);
  const { outcome } = await client.call('GetConnection', { ErpConnectionId: connectionId });
  if (outcome.kind === 'unsent' && outcome.error.code === 'forbidden') {
    const warning = `could not look whether ERP connection ${connectionId} exists and is active: ${outcome.error.message}`;
    return { source: unnamed, unusable: undefined, warning };
  }
  if (outcome.kind === 'rejected' && outcome.notFound) {
    const hint = 'check the number: it is the connection that the data comes from';
    return found(unnamed, notASource(`there is no ERP connection ${connectionId}`, hint));
  }
  if (outcome.kind !== 'accepted') throw asReadError(outcome);
  const { DisplayName, Active, Deleted } = outcome.value ?? {};
  const source = { connectionId, name: typeof DisplayName === 'string' ? inEnglish(DisplayName) : null };
  const words = sourceInWords(source);
  if (Deleted === true)
    return found(
      source,
      notASource(`${words} is deleted`, 'choose another connection: erpsync connections list'),
    );
  if (Active === true) return found(source);
  return found(
    source,
    Active === false
      ? notASource(
          `${words} is not active`,
          `make it active: erpsync connections enable ${connectionId}; or choose another connection`,
        )
      : notASource(`the server does not say whether ${words} is active`, 'skip this look with --no-check'),
  );
}

/**
 * The id of the one active connection of a name.
 *
 * @throws ErpsyncError `rejected` when there is none or several, and for what the call failed of
 */
export async function findSource(access: ArchiveAccess, name: string): Promise<number> {
  const connections = await allConnections(access, false);
  const active = connections.flatMap((connection) => {
    const { ErpConnectionId: id, DisplayName, Active, Deleted } = connection;
    const usable = typeof id === 'number' && id > 0 && Active === true && Deleted !== true;
    return usable && typeof DisplayName === 'string' ? [{ id, name: inEnglish(DisplayName) }] : [];
  });
  const [found, ...others] = active.filter((each) => each.name === name);
  if (found && others.length === 0) return found.id;
  if (found) {
    const ids = [found, ...others].map(({ id }) => id).join(', ');
    throw notASource(
      `several active ERP connections are called ${JSON.stringify(name)}: ${ids}`,
      'name one with --connection',
    );
  }
  throw notASource(
    `there is no active ERP connection ${JSON.stringify(name)}`,
    didYouMean(
      name,
      active.map((each) => each.name),
    ) ?? 'see: erpsync connections list',
  );
}

function notASource(message: string, hint: string): ErpsyncError {
  return new ErpsyncError('rejected', message, { hint });
}
