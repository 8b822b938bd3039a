/** Requests to any path below the base URL, with the credential of the session and no contract to judge by. */
import { type ErpsyncError, internalError } from '../errors.ts';
import { readBoundedJson } from './bounded-json.ts';
import { errorMessageIn } from './error-object.ts';
import type { Answer, Exchange, HttpConnections, HttpMethod } from './http.ts';
import { readingMethods } from './http.ts';
import type { Outcome } from './outcome.ts';
import { credentialRefused, failureOutcome, isThrottled, throttled, waitOf } from './outcome.ts';
import { type Clock, withRetries } from './retry.ts';
import {
  busyError,
  credentialError,
  failedError,
  forbiddenError,
  loginIn,
  missingError,
  redirectError,
  refusedError,
} from './status-errors.ts';
import type { RestCredentials } from './transport.ts';
import { pageInWords } from './web-page.ts';

/** A request as it is meant to go out. */
export interface RawRequest {
  readonly method: HttpMethod;
  /** Begins with a slash; appended to the base URL's own path. */
  readonly path: string;
  /** Besides those of every request, which they replace where the name is the same. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Undefined sends none. */
  readonly body?: string | Uint8Array | undefined;
  /** It only reads whatever its method is, such as a query that is too long for an address. */
  readonly reads?: boolean;
}

/** Sends requests. */
export interface RawRequests {
  /**
   * What came back in the end. Repeated as the outcome table has it: what was not sent, what the server was
   * too busy for, what only reads and was lost; what the credential was refused for, once, with another one.
   *
   * @throws ErpsyncError when no credential is to be had, or no other one in place of a refused one
   */
  send(request: RawRequest): Promise<Exchange>;
  /** The full address of a path. */
  addressOf(path: string): string;
}

/** What raw requests are made of. */
export interface RawOptions {
  readonly connections: HttpConnections;
  readonly credentials: RestCredentials;
  readonly userAgent: string;
  readonly language: string;
  /** `SO-TimeZone`, where it is set. */
  readonly timeZone?: string | undefined;
  /** At most so many tries after the first one. */
  readonly retries: number;
  readonly clock: Clock;
  /** When it aborts, there is no further try. */
  readonly stop?: AbortSignal | undefined;
  /** Told before each wait for another try. */
  readonly onRetry: (outcome: Outcome, delayMs: number) => void;
}

export function rawRequests(options: RawOptions): RawRequests {
  const { connections, credentials, userAgent, language, timeZone, retries, clock, stop, onRetry } = options;

  async function send({ method, path, headers = {}, body, ...given }: RawRequest): Promise<Exchange> {
    const reads = given.reads ?? readingMethods.some((known) => known === method);
    let last: Exchange | undefined;
    const once = async (): Promise<Outcome<Answer>> => {
      const proof = await credentials.headers();
      const exchange = await connections.exchange({
        method,
        path,
        headers: withReplaced(
          {
            ...proof,
            Accept: 'application/json',
            'Accept-Language': language,
            ...(timeZone !== undefined && { 'SO-TimeZone': timeZone }),
            'User-Agent': userAgent,
            ...(body !== undefined && { 'Content-Type': 'application/json; charset=utf-8' }),
          },
          headers,
        ),
        body: body ?? '',
        repeatable: reads,
      });
      last = exchange;
      if (exchange.kind === 'failure') return failureOutcome(exchange);
      const login = loginIn(proof, credentials.renewal !== undefined);
      last = { ...exchange, login };
      const said = saidIn(exchange);
      if (isRefused(exchange)) return credentialRefused({ status: exchange.status, said }, login);
      return isThrottled(exchange) ? throttled(exchange, said) : { kind: 'accepted', value: last };
    };
    const effect = reads ? 'read' : 'write';
    const { renewal } = credentials;
    const { outcome } = await withRetries(once, { effect, retries, clock, signal: stop, onRetry, renewal });
    if (last === undefined) throw internalError('a request without an exchange');
    // Why there is no other credential says more than that this one was refused.
    if (isRefused(last) && outcome.kind === 'unsent' && outcome.again === 'no') throw outcome.error;
    return last;
  }

  return { send, addressOf: (path) => connections.addressOf(path) };
}

/** Whether another credential may be what helps. */
function isRefused(exchange: Exchange): boolean {
  return exchange.kind === 'answer' && (exchange.status === 401 || exchange.status === 403);
}

/** Names of headers are the same in any case. */
function withReplaced(
  headers: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): Record<string, string> {
  const replaced = new Set(Object.keys(others).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...others };
}

/**
 * The error that the status of an answer is; undefined for 2xx.
 *
 * @param asked what errors name: `GET /api/v1/User/currentPrincipal`
 */
export function statusError(answer: Answer, asked = 'what was asked for'): ErpsyncError | undefined {
  const { status, headers, login } = answer;
  if (status >= 200 && status < 300) return undefined;
  const refusal = { asked, status, said: saidIn(answer) };
  if (status < 400) return redirectError(status, headers.get('location'));
  if (status === 401) return credentialError(refusal, login);
  if (status === 403) return forbiddenError(refusal);
  if (status === 404) return missingError(refusal);
  if (status === 429 || status === 503) return busyError(refusal, waitOf(answer));
  if (status >= 500) return failedError(refusal);
  return refusedError({ asked, status, said: ownWords(answer) }, pageInWords(answer));
}

/** The words of whoever answered, where there are any. */
function saidIn(answer: Answer): string | undefined {
  const own = ownWords(answer);
  const page = own === undefined ? pageInWords(answer) : undefined;
  return own ?? (page && `${page} came in place of an answer`);
}

/** The words of NetServer. */
function ownWords({ body }: Answer): string | undefined {
  const read = readBoundedJson(body.toString('utf8'));
  return read.kind === 'json' ? errorMessageIn(read.value) : undefined;
}
