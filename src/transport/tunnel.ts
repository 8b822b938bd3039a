/** A tunnel through a proxy (CONNECT), as a connector of undici. */
import { isIP, connect as openSocket, type Socket } from 'node:net';
import { connect as openTls, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { ConnectError } from './failures.ts';
import type { HttpProxy } from './proxy.ts';
import type { Trust } from './trust.ts';

/** A proxy's answer to CONNECT is a head and little more (bytes). */
const largestHead = 64 * 1024;

/**
 * A connector that asks a proxy for a tunnel and speaks TLS through it.
 *
 * @param given aborts when nobody waits for the connection any more: a proxy that does not answer would
 *   otherwise hold the process
 */
export function tunnelConnector(
  proxy: HttpProxy,
  trust: Trust,
  given: AbortSignal,
): buildConnector.connector {
  return ({ hostname, port, servername }, callback) => {
    const name = hostname.replace(/^\[(.*)\]$/, '$1');
    const target = `${name.includes(':') ? `[${name}]` : name}:${port === '' ? 443 : port}`;
    tunnel(proxy, target, trust, given)
      .then((socket) => {
        const server = servername ?? name;
        return secured(socket, { ...trust, ...(isIP(server) === 0 && { servername: server }), host: name });
      })
      .then(
        (socket) => callback(null, socket),
        (error: Error) => callback(error, null),
      );
  };
}

async function tunnel(proxy: HttpProxy, target: string, trust: Trust, signal: AbortSignal): Promise<Socket> {
  const socket = await reach(proxy, trust, signal);
  const head = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`];
  if (proxy.authorization !== undefined) head.push(`Proxy-Authorization: ${proxy.authorization}`);
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const status = await answeredStatus(socket, proxy);
  if (status >= 200 && status < 300) return socket;
  socket.destroy();
  throw refusal(proxy, status, target);
}

async function reach(proxy: HttpProxy, trust: Trust, signal: AbortSignal): Promise<Socket> {
  const { hostname: host, port, secure, name } = proxy;
  const plain = openSocket({ host, port });
  const end = (): void =>
    void plain.destroy(new ConnectError('the wait for the proxy was given up', undefined));
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  plain.once('close', () => signal.removeEventListener('abort', end));
  try {
    await settled(plain, 'connect');
    if (!secure) return plain;
    // A profile that takes any certificate says so of its server, not of the proxy.
    const strict = { ...trust, rejectUnauthorized: true };
    return await secured(plain, { ...strict, host, ...(isIP(host) === 0 && { servername: host }) });
  } catch (error) {
    if (error instanceof ConnectError) throw error;
    throw new ConnectError(
      `the proxy ${name} was not reached`,
      'check --proxy, HTTPS_PROXY and NO_PROXY',
      error,
    );
  }
}

function secured(socket: Socket, options: Trust & { host: string; servername?: string }): Promise<TLSSocket> {
  const encrypted = openTls({ ...options, socket, ALPNProtocols: ['http/1.1'] });
  return settled(encrypted, 'secureConnect');
}

/** Resolves with the socket at the event; an error, or an end before it, rejects. */
function settled<S extends Socket>(socket: S, event: string): Promise<S> {
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

/** The status of the answer's head; what the server behind the proxy says first is put back. */
function answeredStatus(socket: Socket, { name }: HttpProxy): Promise<number> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const finish = (act: () => void): void => {
      socket.off('data', onData).off('error', onEnd).off('close', onEnd).pause();
      act();
    };
    const fail = (message: string): void =>
      finish(() => {
        socket.destroy();
        reject(new ConnectError(message, 'is it an HTTP proxy that allows CONNECT to this server?'));
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

function refusal({ name, authorization }: HttpProxy, status: number, target: string): ConnectError {
  if (status === 407) {
    return authorization === undefined
      ? new ConnectError(
          `the proxy ${name} wants a login (HTTP 407)`,
          'put the user name into the address of the proxy, and give its password with ERPSYNC_PROXY_PASSWORD',
        )
      : new ConnectError(
          `the proxy ${name} does not accept its user name or password (HTTP 407)`,
          'check the user name in the address of the proxy, and its password',
        );
  }
  return new ConnectError(
    `the proxy ${name} refuses a tunnel to ${target} (HTTP ${status})`,
    'have the proxy allow it, or name the server in NO_PROXY',
  );
}
