/** One step of a connection at a time, to find the one that fails: the name, the port, TLS. */
import { lookup } from 'node:dns/promises';
import { isIP, connect as openSocket, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { ErpsyncError, internalError } from '../errors.ts';
import { describeFailure, proxyOrigin, TimeLimitError } from './failures.ts';
import type { HttpProxy } from './proxy.ts';
import { openSecure, settled, whoIssued } from './secure-socket.ts';
import type { Trust } from './trust.ts';
import { openTunnel } from './tunnel.ts';

/** Where a connection goes. */
export interface Place {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What TLS came to. */
export interface TlsFacts {
  /** `TLSv1.3`. */
  readonly protocol: string;
  /** Who signed the server's certificate. */
  readonly issuer: string;
  /** When it ends, in ms since 1970. */
  readonly validTo: number;
}

/** Where a URL leads. */
export function placeOf(url: string): Place {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port) };
}

/**
 * The addresses of a name; an address is its own.
 *
 * @throws ErpsyncError (network)
 */
export async function addressesOf({ host }: Place): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true }).catch((error: unknown) => {
    throw networkError(`the address of ${host} was not found`, error);
  });
  return found.map(({ address }) => address);
}

/**
 * Connects to a port and hangs up.
 *
 * @throws ErpsyncError (network)
 */
export async function reachPort(place: Place, timeoutMs: number): Promise<void> {
  const what = `${authority(place)} was not reached`;
  await within(what, timeoutMs, (signal) => opened(openSocket(place), signal));
}

/**
 * Connects to the port of a proxy and hangs up.
 *
 * @throws ErpsyncError (network)
 */
export async function reachProxy(
  { hostname: host, port, name }: HttpProxy,
  timeoutMs: number,
): Promise<void> {
  const what = `the proxy ${name} was not reached`;
  const open = (signal: AbortSignal): Promise<Socket> => opened(openSocket({ host, port }), signal);
  await within(what, timeoutMs, open, proxyOrigin);
}

/**
 * Has the proxy make a tunnel to a server, and hangs up.
 *
 * @throws ErpsyncError (network) with what the proxy says
 */
export async function madeTunnel({ url, proxy, trust }: Reached, timeoutMs: number): Promise<void> {
  if (proxy === undefined) return;
  const target = authority(placeOf(url));
  const what = `${target} was not reached through the proxy`;
  await within(what, timeoutMs, (signal) => openTunnel(proxy, target, trust, signal));
}

/** A server that is to be reached. */
export interface Reached {
  readonly url: string;
  readonly trust: Trust | undefined;
  readonly proxy: HttpProxy | undefined;
}

/**
 * Speaks TLS with a server, through the proxy where there is one, and hangs up.
 *
 * @throws ErpsyncError (network) for a certificate that is not trusted, too
 */
export async function tlsFacts({ url, trust, proxy }: Reached, timeoutMs: number): Promise<TlsFacts> {
  const place = placeOf(url);
  const { host, port } = place;
  const facts = (socket: TLSSocket): TlsFacts => {
    const { valid_to: end } = socket.getPeerCertificate();
    const issuer = whoIssued(socket.getPeerCertificate(true));
    return { protocol: socket.getProtocol() ?? '', issuer, validTo: Date.parse(end) };
  };
  let found: TlsFacts | undefined;
  await within(`TLS with ${authority(place)} did not come about`, timeoutMs, async (signal) => {
    const tunnel = proxy && (await openTunnel(proxy, authority(place), trust, signal));
    const socket = await openSecure(tunnel ? { host, socket: tunnel } : { host, port }, trust, signal);
    found = facts(socket);
    return socket;
  });
  if (found === undefined) throw internalError('a connection without facts');
  return found;
}

/** `crm.example.com:443`, an IPv6 address in brackets. */
function authority({ host, port }: Place): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function opened(socket: Socket, signal: AbortSignal): Promise<Socket> {
  signal.addEventListener('abort', () => socket.destroy(), { once: true });
  return settled(socket, 'connect');
}

/** Opens a connection within a time (ms) and ends it; `what` is said where that fails, and what to do, if not the usual. */
async function within(
  what: string,
  timeoutMs: number,
  open: (signal: AbortSignal) => Promise<Socket>,
  next?: string,
): Promise<void> {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), timeoutMs);
  try {
    (await open(given.signal)).destroy();
  } catch (error) {
    const cause = given.signal.aborted ? new TimeLimitError('connection', timeoutMs) : error;
    throw networkError(what, cause, next);
  } finally {
    clearTimeout(timer);
  }
}

function networkError(what: string, cause: unknown, next?: string): ErpsyncError {
  return new ErpsyncError('network', { what, ...describeFailure(cause), ...(next && { next }), cause });
}
