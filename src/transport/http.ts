/**
 * One HTTP exchange at a time over undici, with the facts that an outcome needs: was the request
 * handed to the socket, and did a whole answer come back.
 */
import type { Dispatcher } from 'undici';
import { systemErrorCode } from '../errors.ts';
import {
  type AwaitedPart,
  CertificateError,
  describeFailure,
  proxyOrigin,
  TimeLimitError,
} from './failures.ts';
import { type Line, openLine } from './line.ts';
import type { HttpProxy } from './proxy.ts';
import type { LoginKind } from './status-errors.ts';
import type { Trust } from './trust.ts';

/** Methods that read; what else there is may change something. */
export const readingMethods = ['GET', 'HEAD', 'OPTIONS'] as const;
/** The methods that can be sent. */
export const httpMethods = [...readingMethods, 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof httpMethods)[number];

/** A request below the base URL. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** Begins with a slash; appended to the base URL's own path. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text goes as UTF-8; an empty body of a method that has one is sent as `content-length: 0`. */
  readonly body: string | Uint8Array;
  /** Whether it may be sent again if the connection breaks: only then an idle connection is used. */
  readonly repeatable: boolean;
}

/** A whole answer. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  /** By lower-case name; repeated headers are joined with a comma. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** From the request's start to the answer's headers, in ms. */
  readonly durationMs: number;
  /** What the request was sent with, where whoever judges the answer cannot know it otherwise. */
  readonly login?: LoginKind;
}

/** No whole answer. */
export interface Failure {
  readonly kind: 'failure';
  /** Whether the request had been handed to a connected socket, so that the server may have it. */
  readonly handedOver: boolean;
  /** `http://host was not reached`; nothing was sent there, unless it was handed over. */
  readonly what: string;
  /** `the connection was reset`. */
  readonly why: string;
  /** What to do about it. */
  readonly next: string;
  readonly cause: unknown;
}

export type Exchange = Answer | Failure;

/** Connections to one server. */
export interface HttpConnections {
  exchange(request: HttpRequest): Promise<Exchange>;
  /** The full address of a path, as plans and messages show it. */
  addressOf(path: string): string;
  close(): Promise<void>;
}

/** Told of each request and what came of it, for people who look for a fault; masks what must not be shown. */
export interface WireTrace {
  /** @returns told of the exchange's end */
  sent(request: Pick<HttpRequest, 'method' | 'headers' | 'body'>, address: string): (end: Exchange) => void;
}

/** Limits of a connection. */
export interface HttpOptions {
  /** Base URL without a slash at its end. */
  readonly baseUrl: string;
  /** From the start of a request to the end of its answer, in ms; connecting included. */
  readonly timeoutMs: number;
  /** For connecting alone, TLS and a proxy included, in ms; 30 s, never longer than the whole. */
  readonly connectMs?: number;
  /** When it aborts, what is in flight is given up and nothing is sent any more. */
  readonly stop?: AbortSignal | undefined;
  /** Whom TLS trusts; without it Node's own certificates. */
  readonly trust?: Trust | undefined;
  /** What every connection goes through. */
  readonly proxy?: HttpProxy | undefined;
  /** Told of every exchange. */
  readonly trace?: WireTrace | undefined;
}

/** A host that does not answer is known by then (ms), however long the request itself may take. */
const longestConnectMs = 30_000;

/** Larger answers are not read (bytes). */
const largestBody = 64 * 1024 * 1024;

/**
 * Opens connections when they are needed. Reads reuse an idle one. A write always opens a new one: a
 * server may close an idle connection in the very moment it is used, which would make the write's outcome
 * unknown for no reason. A connection more for each write is little beside the batch task that it starts.
 */
export function httpConnections(options: HttpOptions): HttpConnections {
  const base = new URL(options.baseUrl);
  const basePath = base.pathname.replace(/\/+$/, '');
  const { proxy, trust } = options;
  // A proxy takes requests to http:// as they are, with the whole address in place of the path.
  const forwards = proxy !== undefined && base.protocol === 'http:';
  const origin = forwards ? `http${proxy.secure ? 's' : ''}://${proxy.name}` : base.origin;
  const prefix = forwards ? base.origin + basePath : basePath;
  const forwarded = forwards
    ? {
        Host: base.host,
        ...(proxy.authorization !== undefined && { 'Proxy-Authorization': proxy.authorization }),
      }
    : {};
  const idle: Line[] = [];

  const route = { origin, trust, tunnel: forwards ? undefined : proxy, largestBody };

  async function exchange(request: HttpRequest): Promise<Exchange> {
    const line = (request.repeatable ? idle.pop() : undefined) ?? (await openLine(route));
    const target = { ...request, path: prefix + request.path, headers: { ...request.headers, ...forwarded } };
    const told = options.trace?.sent(request, `${base.origin}${basePath}${request.path}`);
    const result = await dispatch(line, base.origin, target, options);
    told?.(result);
    line.used = true;
    if (result.kind === 'answer' && request.repeatable) idle.push(line);
    else await line.end();
    if (!forwards) return result;
    if (result.kind === 'failure') return result.handedOver ? result : beforeProxy(proxy, result);
    return result.status === 407 ? unforwarded(proxy, base) : result;
  }

  return {
    exchange,
    addressOf: (path) => `${base.origin}${basePath}${path}`,
    async close() {
      await Promise.all(idle.splice(0).map((line) => line.end()));
    },
  };
}

function dispatch(
  line: Line,
  origin: string,
  request: HttpRequest,
  { timeoutMs, connectMs = longestConnectMs, stop }: HttpOptions,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    let handedOver = false;
    let status = 0;
    let headers: ReadonlyMap<string, string> = new Map();
    let durationMs = 0;
    const chunks: Buffer[] = [];

    const settle = (result: Exchange): void => {
      clearTimeout(timer);
      stop?.removeEventListener('abort', onStop);
      resolve(result);
    };
    const fail = (cause: unknown): void => {
      settle({ kind: 'failure', handedOver, what: unreached(origin), ...describeFailure(cause), cause });
    };
    let awaited: AwaitedPart = 'connection';
    // One clock over connecting, head and body, but connecting may end it sooner; undici's own timers start anew with each.
    const connectLimit = Math.min(connectMs, timeoutMs);
    const outOfTime = (limitMs: number) => (): void => giveUp(new TimeLimitError(awaited, limitMs));
    let timer = setTimeout(outOfTime(connectLimit), connectLimit);
    const onStop = (): void => giveUp(Object.assign(new Error('stopped'), { code: 'ERPSYNC_STOPPED' }));
    const giveUp = (error: Error): void => {
      fail(error);
      void line.end(error);
    };
    stop?.addEventListener('abort', onStop);
    if (stop?.aborted) return onStop();

    const handler: Dispatcher.DispatchHandler = {
      // Called when the connection stands, in the same tick in which head and body are written to it.
      onRequestStart() {
        handedOver = true;
        awaited = 'head';
        clearTimeout(timer);
        timer = setTimeout(outOfTime(timeoutMs), startedAt + timeoutMs - performance.now());
      },
      onResponseStart(_controller, statusCode, fields) {
        if (statusCode < 200) return;
        awaited = 'body';
        status = statusCode;
        headers = headerMap(fields);
        durationMs = performance.now() - startedAt;
        // A 204 is whole with its head; some servers send a body after it all the same.
        if (status === 204) settle({ kind: 'answer', status, headers, body: Buffer.alloc(0), durationMs });
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        const body = Buffer.concat(chunks);
        const encoding = headers.get('content-encoding');
        if (encoding === undefined) return settle({ kind: 'answer', status, headers, body, durationMs });
        import('./packed-body.ts')
          .then(({ unpacked }) => unpacked(body, encoding, largestBody))
          .then((whole) => settle({ kind: 'answer', status, headers, body: whole, durationMs }), fail);
      },
      onResponseError(_controller, error) {
        const refusal = line.used ? undefined : line.refusal();
        if (refusal) handedOver = false;
        fail(refusal ?? error);
      },
    };
    line.client.dispatch(
      {
        method: request.method,
        path: request.path,
        headers: request.headers,
        body: Buffer.from(request.body),
      },
      handler,
    );
  });
}

/** A failure on the way to the proxy: the server was not even tried. */
function beforeProxy({ name }: HttpProxy, failure: Failure): Failure {
  const { cause, why } = failure;
  if (systemErrorCode(cause) === 'ERPSYNC_STOPPED') return failure;
  const next = cause instanceof CertificateError ? failure.next : proxyOrigin;
  return { ...failure, why: `the proxy ${name} was not reached: ${why}`, next };
}

/** The proxy's own answer to a request that it was to pass on, for want of a login. */
async function unforwarded(proxy: HttpProxy, base: URL): Promise<Failure> {
  const { refusal } = await import('./tunnel.ts');
  const cause = refusal(proxy, 407, base.host);
  const { message: why, next } = cause;
  return { kind: 'failure', handedOver: false, what: unreached(base.origin), why, next, cause };
}

function unreached(origin: string): string {
  return `${origin} was not reached`;
}

function headerMap(fields: Record<string, string | string[] | undefined>): ReadonlyMap<string, string> {
  const entries = Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
  );
  return new Map(entries);
}
