/**
 * What became of a request: the one table, for REST and SOAP alike.
 *
 * | what happened | outcome | tried again |
 * |---|---|---|
 * | 2xx with the promised result; without one 204 or an empty 2xx | accepted | - |
 * | any other 2xx to an operation without result | unknown | never by itself |
 * | a refusal that is the server's own; 500 with its own error; 4xx other than below | rejected | no |
 * | 401, 403 | unsent | once, with a renewed credential; then the run stops |
 * | 404, 405, 415 | rejected | no; the run stops |
 * | 421 | unsent | once, after asking the tenant state |
 * | 408 | unknown | never by itself |
 * | 429; 503 with Retry-After or within 5 s | unsent | yes |
 * | 3xx | unsent | no |
 * | no connection, or lost before the body was handed over | unsent | yes |
 * | handed over, then no whole answer; other 5xx; a body that cannot be read where a result is due | unknown | never by itself |
 */
import type { OperationName } from '../agent/contract.ts';
import { agentOf, operationNamed } from '../agent/contract.ts';
import { ErpsyncError } from '../errors.ts';
import type { Answer, Exchange, Failure } from './http.ts';
import { type LostWords, lostOperation, lostRequest } from './lost-answer.ts';
import { refusalIn } from './result-refusal.ts';
import { parseRetryAfter } from './retry-after.ts';
import {
  aboutPages,
  absentError,
  busyError,
  credentialError,
  forbiddenError,
  type LoginKind,
  movedError,
  redirectError,
  refusedError,
  type SaidRefusal,
} from './status-errors.ts';
import { pageInWords } from './web-page.ts';

/** The server took it. `value` is the result; undefined for an operation without one. */
export interface Accepted<T> {
  readonly kind: 'accepted';
  readonly value: T;
}
/** The server refused it, and nothing was done. */
export interface Rejected {
  readonly kind: 'rejected';
  /** Every further request would be refused alike. */
  readonly stops: boolean;
  /** It was refused for what it holds, so that a part of it may be taken. */
  readonly content: boolean;
  /** The server answered null where a result was due: what a named record that is not there looks like. */
  readonly notFound: boolean;
  /** Nothing is known of it but that it is a refusal: who asked knows better where to look than the error. */
  readonly general?: boolean;
  readonly error: ErpsyncError;
}
/** It never took effect. `again` says under which condition another try makes sense. */
export interface Unsent {
  readonly kind: 'unsent';
  readonly again: 'yes' | 'renewed-credential' | 'renewed-address' | 'no';
  /** How long the server asked to wait, in ms. */
  readonly retryAfterMs: number | undefined;
  readonly error: ErpsyncError;
}
/** It may or may not have taken effect: it was sent, and no answer says which. */
export interface Unknown {
  readonly kind: 'unknown';
  /** What to do where it only reads, so that nothing is at stake; undefined where nothing is known to help. */
  readonly remedy?: string | undefined;
  readonly error: ErpsyncError;
}
/** Exactly one of these for each request, and so for each key. */
export type Outcome<T = unknown> = Accepted<T> | Rejected | Unsent | Unknown;

/**
 * What a refusal without an HTTP status of its own is about: the login (as 401), a right that is missing (as 403),
 * or an operation that is not there (as 404).
 */
export type RefusalReason = 'credential' | 'right' | 'operation';

/** What a transport makes of an answer's body, before anyone judges it. */
export type Reading =
  /** No body; or, `whole`, SOAP's response element with nothing in it. */
  | { readonly kind: 'empty'; readonly whole?: true }
  | { readonly kind: 'null' }
  | { readonly kind: 'value'; readonly value: unknown }
  /** An error in the server's own words: an error object, Succeeded=false, a SOAP fault. */
  | { readonly kind: 'refusal'; readonly message: string; readonly reason?: RefusalReason | undefined }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** A value as it was read; a PluginResponse without its verdict says nothing. */
export function withVerdict(name: OperationName, value: unknown): Reading {
  const { result } = operationNamed(name);
  const due = result.kind === 'carrier' && result.name === 'PluginResponse';
  const given = typeof value === 'object' && value !== null && 'IsOk' in value;
  return due && !given ? { kind: 'unreadable', problem: 'answer.IsOk is missing' } : { kind: 'value', value };
}

/** A 503 that comes within this time of the request was the gatekeeper's, not the work's (ms). */
const promptRefusalMs = 5_000;

/**
 * Judges an exchange by the table above.
 *
 * @param reading is asked only for answers
 * @param login what the request was sent with
 */
export function outcomeOf(
  name: OperationName,
  exchange: Exchange,
  reading: (answer: Answer) => Reading,
  login?: LoginKind,
): Outcome {
  if (exchange.kind === 'failure') return failureOutcome(exchange, lostOperation(name));
  const { status, headers } = exchange;
  if (status >= 300 && status < 400) return unsent('no', redirectError(status, headers.get('location')));
  const read = reading(exchange);
  const said = read.kind === 'refusal' ? read.message : undefined;
  const refusal = { asked: name, status, said };
  // Any other status says itself what it is about.
  const saysNothing = status < 300 || status === 400 || status === 500;
  if (read.kind === 'refusal' && read.reason !== undefined && saysNothing) {
    if (read.reason === 'credential') return credentialRefused(refusal, login);
    return read.reason === 'right' ? forbidden(name, refusal) : rejected(absentError(refusal), 'every');
  }
  if (status >= 200 && status < 300) return successOutcome(name, exchange, read);
  if (status >= 400 && status < 500) return clientErrorOutcome(name, exchange, said, login);
  return serverErrorOutcome(name, exchange, said);
}

/**
 * What an exchange without a whole answer means.
 *
 * @param lost what is said of the request, where it may have come to the server
 */
export function failureOutcome(failure: Failure, lost: LostWords = lostRequest): Unsent | Unknown {
  const { handedOver, what, why, next, cause } = failure;
  if (handedOver) return unknown(lost, why, { cause, remedy: next });
  // More is known than that the server was not reached: trying again would not help.
  if (cause instanceof ErpsyncError) return unsentFor(cause);
  return unsent('yes', new ErpsyncError('network', { what, why, next, cause }));
}

/** Who sends web pages to programs. */
const inPlace = 'as a captive portal or a proxy sends in place of the server';

function successOutcome(name: OperationName, answer: Answer, read: Reading): Outcome {
  const { effect, result } = operationNamed(name);
  const { status: httpStatus } = answer;
  if (read.kind === 'refusal') return refused(name, httpStatus, read.message);
  const page = pageInWords(answer);
  const lost = (problem: string): Unknown =>
    page === undefined
      ? unknown(answered(name), `the answer (HTTP ${httpStatus}) ${problem}`, { httpStatus })
      : unknown(answered(name), `the answer (HTTP ${httpStatus}) is ${page}, ${inPlace}`, {
          httpStatus,
          remedy: aboutPages,
        });
  if (result.kind === 'nothing') {
    if (httpStatus === 204 || read.kind === 'empty') return { kind: 'accepted', value: undefined };
    const what = read.kind === 'unreadable' ? 'something that is no answer of NetServer' : 'a body';
    return lost(`holds ${what} where nothing is due`);
  }
  if (read.kind === 'value') {
    const refusal = refusalIn(effect === 'read', read.value);
    return refusal === undefined
      ? { kind: 'accepted', value: read.value }
      : refused(name, httpStatus, refusal);
  }
  // ASP.NET answers 204 for a null result, WCF may leave it out; of a write that is too little to call it refused.
  const leftOut = httpStatus === 204 || (read.kind === 'empty' && read.whole === true);
  if (read.kind === 'null' || (leftOut && effect === 'read')) {
    const said = 'it answers null: what was asked for is not there, or the call failed';
    return { ...refused(name, httpStatus, said), notFound: true };
  }
  return lost(`cannot be read: ${read.kind === 'unreadable' ? read.problem : 'its body is empty'}`);
}

/** What is said of an operation that was answered, but not so that one would know what came of it. */
function answered(name: OperationName): LostWords {
  return { ...lostOperation(name), how: '' };
}

/** The login was not accepted. */
export function credentialRefused(
  refusal: { readonly status: number; readonly said: string | undefined },
  login: LoginKind | undefined,
): Unsent {
  return unsent('renewed-credential', credentialError(refusal, login));
}

function forbidden(name: OperationName, refusal: SaidRefusal): Unsent {
  return unsent('renewed-credential', forbiddenError(refusal, agentOf(name)));
}

function clientErrorOutcome(
  name: OperationName,
  answer: Answer,
  own: string | undefined,
  login: LoginKind | undefined,
): Outcome {
  const { status } = answer;
  const said = own ?? pageSaid(answer);
  const refusal = { asked: name, status, said };
  switch (status) {
    case 401:
      return credentialRefused(refusal, login);
    case 403:
      return forbidden(name, refusal);
    case 404:
    case 405:
    case 415:
      return rejected(absentError(refusal), 'every');
    case 408:
      return unknown(answered(name), `the server gave up waiting (HTTP 408)${said ? `: ${said}` : ''}`, {
        httpStatus: status,
      });
    case 421:
      return unsent('renewed-address', movedError(refusal));
    case 429:
      return throttled(answer, said);
    default:
      return refused(name, status, own, pageInWords(answer));
  }
}

function serverErrorOutcome(name: OperationName, answer: Answer, own: string | undefined): Outcome {
  const { status } = answer;
  if (isThrottled(answer)) return throttled(answer, own ?? pageSaid(answer));
  if (status === 500 && own !== undefined) return refused(name, status, own);
  const page = pageInWords(answer);
  const why =
    own === undefined
      ? `HTTP ${status} came${page === undefined ? '' : ` with ${page}`} in place of an answer`
      : `the server failed (HTTP ${status}): ${own}`;
  return unknown(answered(name), why, { httpStatus: status });
}

function pageSaid(answer: Answer): string | undefined {
  const page = pageInWords(answer);
  return page && `${page} came in place of an answer`;
}

/** Whether the gatekeeper turned the request away: 429, and a 503 that names a wait or came promptly. */
export function isThrottled({ status, headers, durationMs }: Answer): boolean {
  return status === 429 || (status === 503 && (headers.has('retry-after') || durationMs <= promptRefusalMs));
}

/** The outcome of a request that the gatekeeper turned away, with its own words if there are any. */
export function throttled(answer: Answer, said: string | undefined): Unsent {
  const { status } = answer;
  const retryAfterMs = waitOf(answer);
  return { kind: 'unsent', again: 'yes', retryAfterMs, error: busyError({ status, said }, retryAfterMs) };
}

/** How long a server asks to wait (ms). */
export function waitOf({ headers }: Answer): number | undefined {
  return parseRetryAfter(headers.get('retry-after'), headers.get('date'));
}

/** It did not leave, and would not another time: no credential is to be had, nowhere to send it. */
export function unsentFor(error: ErpsyncError): Unsent {
  return unsent('no', error);
}

function unsent(again: Unsent['again'], error: ErpsyncError): Unsent {
  return { kind: 'unsent', again, retryAfterMs: undefined, error };
}

function unknown(
  { what, how }: LostWords,
  why: string,
  more: { readonly httpStatus?: number; readonly cause?: unknown; readonly remedy?: string },
): Unknown {
  const { remedy, ...facts } = more;
  const next = 'look at the batch tasks on the server before you send it again: erpsync tasks list';
  return {
    kind: 'unknown',
    remedy,
    error: new ErpsyncError('unknown', { what, why: `${how}${why}`, next, ...facts }),
  };
}

function refused(name: OperationName, status: number, said: string | undefined, page?: string): Rejected {
  const error = refusedError({ asked: name, status, said }, page);
  // 400, 413 and 422 are about the request's body; 2xx and 500 come here with the server's own refusal.
  return rejected(error, status < 300 || [400, 413, 422, 500].includes(status) ? 'content' : 'this', page);
}

/** @param what is refused: what it holds, this request, or every one alike */
function rejected(error: ErpsyncError, what: 'content' | 'this' | 'every', page?: string): Rejected {
  return {
    kind: 'rejected',
    stops: what === 'every',
    content: what === 'content',
    notFound: false,
    general: what !== 'every' && page === undefined,
    error,
  };
}
