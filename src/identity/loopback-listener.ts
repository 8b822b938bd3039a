/**
 * Where the browser brings the answer of a login: a listener on 127.0.0.1 that takes one request and ends. Whoever
 * else on this machine, or a page in the browser, finds it, does not know the state and gets nothing.
 */

import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { configError, ErpsyncError, systemReason } from '../errors.ts';
import { lostLogin } from './oidc-app.ts';

/** A listener that waits. */
export interface LoopbackListener {
  /** `http://127.0.0.1:54321`: no path, and no slash at its end. */
  readonly redirectUri: string;
  /**
   * The parameters of the answer with the right state, from its query or its form.
   *
   * @throws ErpsyncError (auth) when the time is over; (interrupted) when `stopped` aborts
   */
  answer(state: string, waitMs: number, stopped: AbortSignal): Promise<URLSearchParams>;
  /** Ends it. An answer that has not come by then never does, and nobody is told that the time is over. */
  close(): Promise<void>;
}

/** Head and body of a request may each be so long (bytes). */
const largestRequest = 64 * 1024;
/** Smaller ports are not registered for native apps, which name one of four digits or more. */
const smallestPort = 1_000;

/**
 * Listens.
 *
 * @param port 0 for any that is free
 * @throws ErpsyncError (config) when the port cannot be had
 */
export async function loopbackListener(port: number): Promise<LoopbackListener> {
  const server = createServer({
    maxHeaderSize: largestRequest,
    requestTimeout: 10_000,
    headersTimeout: 10_000,
  });
  let take: ((parameters: URLSearchParams) => boolean) | undefined;
  let stopWaiting: (() => void) | undefined;
  server.on(
    'request',
    (request, response) => void answered(request, response, (given) => take?.(given) ?? false),
  );
  const redirectUri = `http://127.0.0.1:${await listeningPort(server, port)}`;
  return {
    redirectUri,
    answer: (state, waitMs, stopped) =>
      new Promise((resolve, reject) => {
        const over = AbortSignal.timeout(waitMs);
        const end = AbortSignal.any([over, stopped]);
        const onEnd = (): void => {
          take = undefined;
          reject(over.aborted && !stopped.aborted ? nobodyCame(waitMs) : givenUp(stopped));
        };
        take = (parameters) => {
          if (!isSame(parameters.get('state') ?? '', state)) return false;
          stopWaiting?.();
          resolve(parameters);
          return true;
        };
        stopWaiting = () => {
          take = undefined;
          end.removeEventListener('abort', onEnd);
        };
        end.addEventListener('abort', onEnd, { once: true });
        if (end.aborted) onEnd();
      }),
    async close() {
      stopWaiting?.();
      const closed = new Promise((resolve) => server.close(resolve));
      // What is being answered ends with its answer, since each closes its connection.
      server.closeIdleConnections();
      const limit = setTimeout(() => server.closeAllConnections(), 500);
      await closed;
      clearTimeout(limit);
    },
  };
}

function nobodyCame(waitMs: number): ErpsyncError {
  const minutes = waitMs < 60_000 ? `${waitMs / 1_000} s` : `${Math.round(waitMs / 60_000)} min`;
  return new ErpsyncError('auth', {
    what: lostLogin,
    why: `nobody logged in within ${minutes}`,
    next: 'run the same command again',
  });
}

function givenUp({ reason }: AbortSignal): ErpsyncError {
  return new ErpsyncError('interrupted', {
    what: lostLogin,
    why: `it was ended by ${String(reason)} before anybody logged in`,
    next: 'run the same command again',
  });
}

async function listeningPort(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        configError({
          what: `port ${port} of 127.0.0.1 cannot be listened on`,
          why: systemReason(cause),
          next: 'give another one with --port, or none',
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const found = typeof address === 'object' && address !== null ? address.port : 0;
  if (found >= smallestPort) return found;
  server.close();
  throw configError({
    what: `port ${found} cannot be used`,
    why: 'it has fewer than four digits, and native apps are registered for four or more',
    next: 'give another one with --port',
  });
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function answered(
  request: IncomingMessage,
  response: ServerResponse,
  take: (parameters: URLSearchParams) => boolean,
): Promise<void> {
  const given = await parametersOf(request);
  if (typeof given === 'number') return page(response, given, 'This is not what erpsync is waiting for.');
  const isOne = ['state', 'code', 'error'].every((name) => given.getAll(name).length <= 1);
  const isAnswer = isOne && (given.has('code') || given.has('error')) && take(given);
  if (!isAnswer) return page(response, 400, 'This is not the login that erpsync is waiting for.');
  page(response, 200, 'erpsync has got the answer. You can close this page; the terminal tells how it went.');
}

/** The parameters of a request, or the status that it is refused with. */
async function parametersOf(request: IncomingMessage): Promise<URLSearchParams | number> {
  const { method, headers } = request;
  // A name that leads here by DNS is no address of ours.
  if (headers.host !== `127.0.0.1:${request.socket.localPort}`) return 421;
  const [path, query = ''] = (request.url ?? '').split('?', 2);
  if (path !== '/' && path !== '') return 404;
  if (method === 'GET') return new URLSearchParams(query);
  if (method !== 'POST') return 405;
  if (!/^application\/x-www-form-urlencoded(?:;|$)/i.test(headers['content-type'] ?? '')) return 415;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largestRequest) return 413;
      chunks.push(chunk);
    }
  } catch {
    return 400;
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** Plain, with nothing to load and nothing that runs. */
function page(response: ServerResponse, status: number, words: string): void {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    Connection: 'close',
  };
  response.writeHead(status, headers);
  response.end(`<!doctype html><html lang="en"><title>erpsync</title><p>${words}</p></html>\n`);
}
