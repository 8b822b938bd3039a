/** A tunnel through a proxy (CONNECT), as a connector of undici. */
import { connect as openSocket, type Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { CertificateError, ConnectError, describeFailure, proxyOrigin } from './failures.ts';
import type { HttpProxy } from './proxy.ts';
import { openSecure, plainTrust, settled, watched } from './secure-socket.ts';
import type { Trust } from './trust.ts';

/** A proxy's answer to CONNECT is a head and little more (bytes). */
const largestHead = 64 * 1024;

/**
 * A connector that asks a proxy for a tunnel and speaks TLS through it.
 *
 * @param given aborts when nobody waits for the connection any more: a proxy that does not answer would
 *   otherwise hold the process
 * @param refused see {@link watched}
 */
export function tunnelConnector(
  proxy: HttpProxy,
  trust: Trust | undefined,
  given: AbortSignal,
  refused: (alert: Error) => void,
): buildConnector.connector {
  return ({ hostname, port, servername }, callback) => {
    const name = hostname.replace(/^\[(.*)\]$/, '$1');
    const target = `${name.includes(':') ? `[${name}]` : name}:${port === '' ? 443 : port}`;
    openTunnel(proxy, target, trust, given)
      .then((socket) => {
        return openSecure({ host: servername ?? name, socket }, trust);
      })
      .then(
        (socket) => callback(null, watched(socket, refused)),
        (error: Error) => callback(error, null),
      );
  };
}

/**
 * A connection to `host:port` that a proxy has made.
 *
 * @throws ConnectError with what the proxy said
 */
export async function openTunnel(
  proxy: HttpProxy,
  target: string,
  trust: Trust | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await reach(proxy, trust, signal);
  const head = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`];
  if (proxy.authorization !== undefined) head.push(`Proxy-Authorization: ${proxy.authorization}`);
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const status = await answeredStatus(socket, proxy);
  if (status >= 200 && status < 300) return socket;
  socket.destroy();
  throw refusal(proxy, status, target);
}

async function reach(proxy: HttpProxy, trust: Trust | undefined, signal: AbortSignal): Promise<Socket> {
  const { hostname: host, port, secure, name } = proxy;
  const plain = openSocket({ host, port });
  const end = (): void =>
    void plain.destroy(new ConnectError('the wait for the proxy was given up', 'run the same command again'));
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  plain.once('close', () => signal.removeEventListener('abort', end));
  try {
    await settled(plain, 'connect');
    if (!secure) return plain;
    // A profile that takes any certificate says so of its server, not of the proxy.
    return await openSecure({ host, socket: plain }, { ...(trust ?? plainTrust), rejectUnauthorized: true });
  } catch (error) {
    if (error instanceof ConnectError) throw error;
    const next = error instanceof CertificateError ? describeFailure(error).next : proxyOrigin;
    throw new ConnectError(`the proxy ${name} was not reached`, next, error);
  }
}

const notAProxy =
  'name an HTTP proxy that allows CONNECT to this server with --proxy or HTTPS_PROXY, or the server in NO_PROXY';

/** The status of the answer's head; what the server behind the proxy says first is put back. */
function answeredStatus(socket: Socket, { name }: HttpProxy): Promise<number> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const finish = (act: () => void): void => {
      socket.off('data', onData).off('error', onEnd).off('close', onEnd).pause();
      act();
    };
    const fail = (why: string): void =>
      finish(() => {
        socket.destroy();
        reject(new ConnectError(why, notAProxy));
      });
    const onEnd = (error?: unknown): void => {
      if (error instanceof ConnectError) finish(() => reject(error));
      else fail(`the proxy ${name} closed the connection when it was asked for a tunnel`);
    };
    const onData = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) {
        if (head.length > largestHead) fail(`the proxy ${name} gives an answer without end`);
        return;
      }
      const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(head.toString('latin1', 0, end))?.[1];
      if (status === undefined) {
        fail(`the answer of the proxy ${name} is not HTTP`);
        return;
      }
      finish(() => {
        const rest = head.subarray(end + 4);
        if (rest.length > 0) socket.unshift(rest);
        resolve(Number(status));
      });
    };
    socket.on('data', onData).on('error', onEnd).on('close', onEnd);
  });
}

/** What a proxy's refusal to reach a server means. */
export function refusal({ name, authorization }: HttpProxy, status: number, target: string): ConnectError {
  // 401 is what tinyproxy says of a wrong login.
  if (status === 407 || status === 401) {
    return authorization === undefined
      ? new ConnectError(
          `the proxy ${name} wants a login (HTTP ${status})`,
          'put the user name into the address of the proxy, and give its password with ERPSYNC_PROXY_PASSWORD',
        )
      : new ConnectError(
          `the proxy ${name} does not accept its user name or password (HTTP ${status})`,
          'check the user name in the address of the proxy, and its password: ERPSYNC_PROXY_PASSWORD',
        );
  }
  if (status === 502 || status === 503 || status === 504) {
    return new ConnectError(
      `the proxy ${name} does not reach ${target} (HTTP ${status})`,
      'check that the server is running, and its name and port; where the proxy is not needed, name the server in NO_PROXY',
    );
  }
  return new ConnectError(
    `the proxy ${name} refuses a tunnel to ${target} (HTTP ${status})`,
    'have the proxy allow it, or name the server in NO_PROXY',
  );
}
