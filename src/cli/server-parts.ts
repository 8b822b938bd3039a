/** What connections to a server are made of, and requests to SuperOffice Online beside those to a tenant. */
import { configError, continued, type ErpsyncError } from '../errors.ts';
import type { Online } from '../profiles/address.ts';
import type { AuthScheme } from '../profiles/setting-table.ts';
import type { Settings } from '../profiles/settings.ts';
import { type HttpConnections, httpConnections } from '../transport/http.ts';
import type { Outcome } from '../transport/outcome.ts';
import { type RawRequests, rawRequests } from '../transport/raw.ts';
import type { Context } from './context.ts';
import type { NetworkFinder } from './network.ts';

/** A server, found. */
export interface Server {
  readonly connections: HttpConnections;
  /** Base URL, where the server is now. */
  readonly url: () => string;
  /** What two addresses of the same server have in common: what locks and runs are for. */
  readonly tenant: string;
}

/** What connections are made of. */
export interface ServerParts {
  readonly context: Context;
  readonly settings: Settings;
  readonly network: NetworkFinder;
  readonly timeoutMs: number;
}

/**
 * How calls of a command are repeated, and what is said about it: each reason once, and with -v each time. A busy
 * server would else fill a log, and push a progress bar off the screen, which counts them anyway.
 */
export function repetitionOf({ globals, host, note }: Context) {
  const told = new Set<string>();
  return {
    retries: globals.retries,
    clock: host.clock,
    stop: host.stopped,
    onRetry(outcome: Outcome, delayMs: number) {
      if (outcome.kind === 'accepted') return;
      const { message } = outcome.error;
      if (globals.verbose === 0 && told.has(message)) return;
      told.add(message);
      note(continued(message, `trying again in ${(delayMs / 1000).toFixed(1)} s`));
    },
  };
}

/** The error for a login scheme that a server has not, since it is named by its url. */
export function onlineOnly(auth: AuthScheme): ErpsyncError {
  return configError({
    what: `auth ${auth} cannot be used`,
    why: 'it is a login of SuperOffice Online, and the server is named by its url',
    next: 'name the tenant with --tenant and --env in place of --url',
  });
}

/** States, logins and keys come at once, however long a call to a tenant may take (ms). */
const longestOnlineMs = 100_000;

/** Requests to an environment of SuperOffice Online itself: states, logins, keys. They carry no credential. */
export async function withOnline<T>(
  { baseUrl }: Online,
  parts: ServerParts,
  work: (requests: RawRequests) => Promise<T>,
): Promise<T> {
  return await anonymously(
    baseUrl,
    { ...parts, timeoutMs: Math.min(parts.timeoutMs, longestOnlineMs) },
    work,
  );
}

/** Requests that carry no credential. */
export async function anonymously<T>(
  baseUrl: string,
  { context, settings, network, timeoutMs }: ServerParts,
  work: (requests: RawRequests) => Promise<T>,
): Promise<T> {
  const { stopped: stop } = context.host;
  const connections = httpConnections({ baseUrl, timeoutMs, stop, ...(await network(baseUrl)) });
  try {
    return await work(
      rawRequests({
        connections,
        credentials: { headers: () => Promise.resolve({}) },
        userAgent: context.userAgent,
        language: settings.language.value,
        ...repetitionOf(context),
      }),
    );
  } finally {
    await connections.close();
  }
}
