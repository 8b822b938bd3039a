/** The source of a resync, looked at on the server before the first request and after the last one. */
import type { ArchiveAccess } from '../agent/archive.ts';
import { type AgentClient, asReadError } from '../agent/client.ts';
import { allConnections } from '../agent/listing.ts';
import { unknownId, unknownName } from '../error-words.ts';
import { ErpsyncError } from '../errors.ts';
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
    const next = 'see which there are: erpsync connections list';
    return found(unnamed, unknownId('ERP connection', connectionId, next));
  }
  if (outcome.kind !== 'accepted') throw notLookedAt(asReadError(outcome));
  const { DisplayName, Active, Deleted } = outcome.value ?? {};
  const source = { connectionId, name: typeof DisplayName === 'string' ? inEnglish(DisplayName) : null };
  const words = sourceInWords(source);
  if (Deleted === true)
    return found(source, notASource(words, 'it is deleted', 'choose another one: erpsync connections list'));
  if (Active === true) return found(source);
  return found(
    source,
    Active === false
      ? notASource(words, 'it is not active', `make it active: erpsync connections enable ${connectionId}`)
      : notASource(
          words,
          'the server does not say whether it is active',
          `look at it, or go on without this look (--no-check): erpsync connections get ${connectionId}`,
        ),
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
      `ERP connection ${JSON.stringify(name)}`,
      `several active ones are called so: ${ids}`,
      'name one with --connection; see: erpsync connections list',
    );
  }
  throw unknownName({
    kind: 'active ERP connection',
    typed: name,
    known: active.map((each) => each.name),
    next: 'see: erpsync connections list',
    code: 'rejected',
  });
}

/** A look that is refused says nothing of the resync itself, which can go on without it. */
function notLookedAt(error: ErpsyncError): ErpsyncError {
  const { code, message, next, httpStatus, cause } = error;
  if (code !== 'rejected') return error;
  return new ErpsyncError(code, {
    what: 'the source could not be looked at',
    why: message,
    next: `${next}; or go on without this look: --no-check`,
    httpStatus,
    cause,
  });
}

function notASource(words: string, why: string, next: string): ErpsyncError {
  return new ErpsyncError('rejected', { what: `${words} cannot be the source`, why, next });
}
