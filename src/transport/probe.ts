/** One step of a connection at a time, to find the one that fails: the name, the port, TLS. */
import { lookup } from 'node:dns/promises';
import { isIP, connect as openSocket } from 'node:net';
import { connect as openTls } from 'node:tls';
import { ErpsyncError } from '../errors.ts';
import { describeFailure, TimeLimitError } from './failures.ts';
import type { Trust } from './trust.ts';

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
    throw networkError(error);
  });
  return found.map(({ address }) => address);
}

/**
 * Connects to a port and hangs up.
 *
 * @throws ErpsyncError (network)
 */
export async function reachPort({ host, port }: Place, timeoutMs: number): Promise<void> {
  await settled(openSocket({ host, port }), 'connect', timeoutMs);
}

/**
 * Speaks TLS with a server and hangs up.
 *
 * @throws ErpsyncError (network) for a certificate that is not trusted, too
 */
export async function tlsFacts(
  { host, port }: Place,
  trust: Trust | undefined,
  timeoutMs: number,
): Promise<TlsFacts> {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const options = { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...trust, ...name, host, port } as const;
  const socket = openTls(options);
  return await settled(socket, 'secureConnect', timeoutMs, () => {
    const { issuer, valid_to: end } = socket.getPeerCertificate();
    const issuerName = [issuer?.O, issuer?.CN].flat().filter(Boolean).join(', ');
    return { protocol: socket.getProtocol() ?? '', issuer: issuerName, validTo: Date.parse(end) };
  });
}

interface Opening {
  once(event: string, listener: (error: Error) => void): unknown;
  destroy(): unknown;
}

function settled<T>(socket: Opening, event: string, timeoutMs: number, facts?: () => T): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const end = (act: () => void): void => {
      clearTimeout(timer);
      act();
      socket.destroy();
    };
    const timer = setTimeout(
      () => end(() => reject(networkError(new TimeLimitError('connection', timeoutMs)))),
      timeoutMs,
    );
    // What is asked for nothing resolves with nothing.
    socket.once(event, () => end(() => resolve(facts?.() as T)));
    socket.once('error', (error: Error) => end(() => reject(networkError(error))));
  });
}

function networkError(cause: unknown): ErpsyncError {
  const { message, hint } = describeFailure(cause, false);
  return new ErpsyncError('network', message, { hint, cause });
}
