/** TLS connections, and the facts that are told of one that does not come about. */
import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as openTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { CertificateError, isCertificateAlert } from './failures.ts';
import type { Trust } from './trust.ts';

/** Node's own certificates; said always, so that NODE_TLS_REJECT_UNAUTHORIZED does not count. */
export const plainTrust: Trust = { rejectUnauthorized: true, minVersion: 'TLSv1.2' };

/** A host, and a port of it or a connection to it that stands already. */
export type SecurePlace = { readonly host: string } & (
  | { readonly port: number }
  | { readonly socket: Socket }
);

/**
 * Opens a TLS connection.
 *
 * @param trust without it {@link plainTrust}
 * @param signal aborts when nobody waits for it any more
 * @throws CertificateError when the certificate of the server is not accepted
 */
export async function openSecure(
  place: SecurePlace,
  trust: Trust = plainTrust,
  signal?: AbortSignal,
): Promise<TLSSocket> {
  const name = isIP(place.host) === 0 ? { servername: place.host } : {};
  const options: ConnectionOptions = { ...trust, ...name, ...place, ALPNProtocols: ['http/1.1'] };
  const socket = openTls(options);
  const end = (): void => void socket.destroy(new Error('the wait for the connection was given up'));
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  socket.once('close', () => signal?.removeEventListener('abort', end));
  let shown: PeerCertificate | undefined;
  // Comes before Node judges the certificate, and gives it up with the connection.
  socket.prependOnceListener('secure', () => {
    shown = socket.getPeerCertificate(true);
  });
  try {
    return await settled(socket, 'secureConnect');
  } catch (error) {
    if (shown === undefined || !(error instanceof Error)) throw error;
    throw new CertificateError(error, whoIssued(shown), shown.subjectaltname);
  }
}

/**
 * A connector of undici for servers that are spoken to directly.
 *
 * @param refused see {@link watched}
 */
export function secureConnector(
  trust: Trust | undefined,
  signal: AbortSignal,
  refused: (alert: Error) => void,
): buildConnector.connector {
  return ({ hostname, port, servername }, callback) => {
    const host = servername ?? hostname.replace(/^\[(.*)\]$/, '$1');
    openSecure({ host, port: port === '' ? 443 : Number(port) }, trust, signal).then(
      (socket) => callback(null, watched(socket, refused)),
      (error: Error) => callback(error, null),
    );
  };
}

/**
 * In TLS 1.3 a server judges our certificate, or that there is none, when the connection stands for us already and
 * the first request is under way. It never reads that: the alert is the end of its handshake.
 *
 * @param refused is told of that alert
 */
export function watched(socket: TLSSocket, refused: (alert: Error) => void): TLSSocket {
  socket.setNoDelay(true).setKeepAlive(true, 60_000);
  if (socket.getProtocol() === 'TLSv1.3') {
    socket.once('error', (error) => {
      if (isCertificateAlert(error)) refused(error);
    });
  }
  return socket;
}

/** Resolves with the socket at the event; an error, or an end before it, rejects. */
export function settled<S extends Socket>(socket: S, event: string): Promise<S> {
  return new Promise((resolve, reject) => {
    const done = (finish: () => void) => () => {
      socket.off(event, onEvent).off('error', onError).off('close', onClose);
      finish();
    };
    const onEvent = done(() => resolve(socket));
    const onClose = done(() => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    const onError = (error: Error): void => done(() => reject(error))();
    socket.once(event, onEvent).once('error', onError).once('close', onClose);
  });
}

/** Who signed the last certificate of a chain: whom one would have to trust. Empty where it has no name. */
export function whoIssued(shown: PeerCertificate): string {
  let last: PeerCertificate = shown;
  const seen = new Set<PeerCertificate>();
  for (let next = Reflect.get(last, 'issuerCertificate'); next && !seen.has(next); ) {
    seen.add(next);
    last = next;
    next = Reflect.get(last, 'issuerCertificate');
  }
  const { issuer } = last;
  return [issuer?.O, issuer?.CN].flat().filter(Boolean).join(', ');
}
