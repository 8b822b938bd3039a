/** The embedded ErpSync server: a tenant of SuperOffice that exists only in memory. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { ErpsyncError, systemErrorCode, systemReason } from '../errors.ts';
import { createAuthentication } from './authentication.ts';
import type { Clock } from './clock.ts';
import { credentialsFor, isLoopback, type SandboxCredentials } from './credentials.ts';
import { exchange } from './exchange.ts';
import { createFaultPlan } from './fault-plan.ts';
import type { Fault } from './faults.ts';
import { createGrants } from './grants.ts';
import { deactivateConnection } from './model.ts';
import { belowPlace, isServed, misdirected, notServed, prepareOnline, type TenantState } from './online.ts';
import { watchSockets } from './open-sockets.ts';
import type { SignIn } from './openid-authorize.ts';
import { createPlace } from './place.ts';
import type { Prepared } from './prepared.ts';
import type { Body, RequestHead } from './request.ts';
import { openRequestLog } from './request-log.ts';
import { prepareRest } from './rest.ts';
import { createSigningKey } from './signing-key.ts';
import { prepareSoap } from './soap.ts';
import { serviceAt } from './soap-routes.ts';
import type { Tenant } from './state.ts';
import { openStateFile, type StateOptions } from './state-file.ts';
import { startingTenant } from './tenant-data.ts';
import { readTlsFiles, type TlsFiles } from './tls-files.ts';
import { administrator, reader, type User } from './users.ts';

export type { SandboxCredentials } from './credentials.ts';

/** One for the process, whatever it serves: it takes a moment to be made. */
const signingKey = createSigningKey();

/** How a sandbox is started. */
export interface SandboxOptions {
  /** Address or name to listen on; only on loopback are the credentials the fixed ones. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** In order: the first that matches a request strikes. */
  readonly faults?: readonly Fault[] | undefined;
  /** NDJSON file that gets a line per request. */
  readonly logFile?: string | undefined;
  /** Certificate and key; without them it speaks plain HTTP. */
  readonly tls?: TlsFiles | undefined;
  /** The file that the tenant is taken from and kept in; without it a restart begins anew. */
  readonly state?: StateOptions | undefined;
  /** Whether it plays SuperOffice Online, where each request needs the application token. */
  readonly online?: boolean | undefined;
  /** The name of the tenant; Cust00000. */
  readonly tenantName?: string | undefined;
  /** The state that Online tells of the tenant; Running. In others it may not be served. */
  readonly tenantState?: TenantState | undefined;
  /** How users sign in to the app; with a form. */
  readonly signIn?: SignIn | undefined;
  /** How long the access tokens of the app live (ms); an hour. */
  readonly tokenLife?: number | undefined;
  /** Tests put their own in place of the real ones. */
  readonly surroundings?: Partial<Surroundings> | undefined;
}

/** What the sandbox takes from the world outside. */
export interface Surroundings {
  /** Moves batch tasks and tickets. */
  readonly now: Clock;
  /** From 0 up to 1; decides about faults with a `rate`. */
  readonly random: () => number;
  /** Waits that many milliseconds; rejects once the signal is aborted. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Makes the tenant where no state file has one: a test may need one of many records. */
  readonly begin: (now: Clock) => Tenant;
  /** What clients log in with. */
  readonly credentials: SandboxCredentials;
}

/** A sandbox that answers. */
export interface RunningSandbox {
  /** `http://127.0.0.1:PORT` or `https://...`, an IPv6 address in brackets, no slash at the end. */
  readonly url: string;
  /** Its name, for those who ask Online where it is. */
  readonly tenant: string;
  readonly credentials: SandboxCredentials;
  /** Ends every connection at once, hanging ones too; may be called again. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox; it answers as soon as this resolves.
 *
 * @throws ErpsyncError (network) when it cannot listen, (storage) when the log cannot be opened or the state
 * not be written, (config) when certificate, key or state cannot be used.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const {
    now = Date.now,
    random = Math.random,
    pause = realPause,
    begin = startingTenant,
    credentials = credentialsFor(options.host),
  } = options.surroundings ?? {};
  const admin = administrator(credentials.username, credentials.password);
  const users: [User, ...User[]] = isLoopback(options.host) ? [admin, reader] : [admin];
  const secured = options.tls && readTlsFiles(options.tls);
  const { tenant, keep } = options.state
    ? openStateFile(options.state, () => begin(now))
    : { tenant: begin(now), keep: () => undefined };
  const authentication = createAuthentication(credentials, users, now, options.online);
  const { username: _, clientId: __, ...secrets } = credentials;
  const log = openRequestLog(options.logFile, [...Object.values(secrets), reader.password]);
  const closing = new AbortController();
  let url = '';
  const exchanges = new Set<Promise<void>>();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    // Whatever fails here (a log that cannot be written, a pause cut off) leaves an answer that cannot be sent.
    const running = exchange(request, response, parts)
      .catch(() => request.socket.destroy())
      .then(() => undefined)
      .finally(() => exchanges.delete(running));
    exchanges.add(running);
  };
  const server: Server = secured
    ? createTlsServer({ ...secured, keepAlive: true }, answer)
    : createServer({ keepAlive: true }, answer);
  const sockets = watchSockets(server);
  const place = createPlace();
  const { tenantName = 'Cust00000', tenantState: state = 'Running', tokenLife = 3_600_000 } = options;
  const tenantUrl = () => `${url}${place.path()}`;
  const online = {
    credentials,
    authentication,
    signingKey,
    now,
    tenant: tenantName,
    tenantUrl,
    state,
    origin: () => url,
    grants: createGrants(authentication, tenantName, tokenLife, now),
    tokenLife,
    signIn: options.signIn ?? 'form',
    administrator: admin,
  };
  const halfParts = { tenant, authentication, now, baseUrl: tenantUrl };
  const prepare = (head: RequestHead, body: Body): Prepared => {
    const beside = prepareOnline(head, body, online);
    if (beside !== undefined) return beside;
    const own = belowPlace(head, place);
    if (own === undefined) return misdirected;
    if (!isServed(state)) return notServed(state);
    const service = serviceAt(own.path);
    return service === undefined
      ? prepareRest(own, body, halfParts)
      : prepareSoap(service, own, body, halfParts);
  };
  const parts = {
    prepare,
    move: place.move,
    faults: createFaultPlan(options.faults ?? [], random),
    log,
    now,
    pause: (milliseconds: number) => pause(milliseconds, closing.signal),
    deactivate: (connectionId: number) => deactivateConnection(tenant, connectionId),
    keep,
    reset: sockets.reset,
  };
  try {
    url = `${secured ? 'https' : 'http'}://${await listen(server, options.host, options.port)}`;
  } catch (error) {
    log.close();
    throw error;
  }
  const close = async () => {
    closing.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    sockets.destroyAll();
    await closed;
    await Promise.allSettled(exchanges);
    log.close();
  };
  let ended: Promise<void> | undefined;
  return {
    url,
    tenant: tenantName,
    credentials,
    close() {
      ended ??= close();
      return ended;
    },
  };
}

async function realPause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal });
}

/** Listens and returns host and port as they stand in a URL. */
function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      const ofPort = ['EADDRINUSE', 'EACCES'].includes(systemErrorCode(cause) ?? '');
      reject(
        new ErpsyncError('network', {
          what: `the sandbox cannot listen on ${authority(host, port)}`,
          why: systemReason(cause),
          next: ofPort ? 'take a free port: --port 0' : 'give an address of this machine: --host 127.0.0.1',
          cause,
        }),
      );
    };
    server.once('error', fail);
    try {
      server.listen(port, host, () => {
        server.off('error', fail);
        resolve(authority(host, (server.address() as AddressInfo).port));
      });
    } catch (error) {
      fail(error);
    }
  });
}

function authority(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
