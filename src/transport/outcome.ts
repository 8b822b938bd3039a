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
import { operationNamed } from '../agent/contract.ts';
import { ErpsyncError } from '../errors.ts';
import type { Answer, Exchange, Failure } from './http.ts';
import { parseRetryAfter } from './retry-after.ts';
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

/** Judges an exchange by the table above. `reading` is asked only for answers. */
export function outcomeOf(
  name: OperationName,
  exchange: Exchange,
  reading: (answer: Answer) => Reading,
): Outcome {
  if (exchange.kind === 'failure') return failureOutcome(exchange);
  const { status } = exchange;
  if (status >= 300 && status < 400) return redirectOutcome(exchange);
  const read = reading(exchange);
  // Any other status says itself what it is about.
  const saysNothing = status < 300 || status === 400 || status === 500;
  if (read.kind === 'refusal' && read.reason !== undefined && saysNothing) {
    const said = `: ${read.message}`;
    if (read.reason === 'credential') return credentialRefused(status, said);
    return read.reason === 'right' ? forbidden(name, status, said) : absent(name, status, said);
  }
  if (status >= 200 && status < 300) return successOutcome(name, exchange, read);
  if (status >= 400 && status < 500) return clientErrorOutcome(name, exchange, read);
  return serverErrorOutcome(exchange, read);
}

/** What an exchange without a whole answer means. */
export function failureOutcome(failure: Failure): Unsent | Unknown {
  if (!failure.handedOver) {
    // More is known than that the server was not reached: trying again would not help.
    if (failure.cause instanceof ErpsyncError) return unsentFor(failure.cause);
    return unsent(
      'yes',
      new ErpsyncError('network', failure.message, { hint: failure.hint, cause: failure.cause }),
    );
  }
  return unknown(`the request was sent, but ${failure.message}`, undefined, failure.cause);
}

/** Who sends web pages to programs. */
const inPlace = 'as a captive portal or a proxy sends in place of the server';

function successOutcome(name: OperationName, answer: Answer, read: Reading): Outcome {
  const { effect, result } = operationNamed(name);
  if (read.kind === 'refusal') return rejected(read.message, answer.status);
  if (result.kind === 'nothing') {
    if (answer.status === 204 || read.kind === 'empty') return { kind: 'accepted', value: undefined };
    const what = read.kind === 'unreadable' ? 'something that is no answer of NetServer' : 'a body';
    const page = pageInWords(answer);
    const instead = page === undefined ? what : `${page}, ${inPlace},`;
    return unknown(`HTTP ${answer.status} came with ${instead} where none is due`, answer.status);
  }
  if (read.kind === 'value') {
    const refusal = refusalIn(effect === 'read', read.value);
    return refusal === undefined ? { kind: 'accepted', value: read.value } : rejected(refusal, answer.status);
  }
  // ASP.NET answers 204 for a null result, WCF may leave it out; of a write that is too little to call it refused.
  const leftOut = answer.status === 204 || (read.kind === 'empty' && read.whole === true);
  if (read.kind === 'null' || (leftOut && effect === 'read')) {
    return rejected('the server answered null: not found, or the call failed there', answer.status, {
      notFound: true,
    });
  }
  const page = pageInWords(answer);
  if (page !== undefined)
    return unknown(`the answer (HTTP ${answer.status}) is ${page}, ${inPlace}`, answer.status);
  const problem = read.kind === 'unreadable' ? read.problem : 'the body is empty';
  return unknown(`the answer (HTTP ${answer.status}) cannot be read: ${problem}`, answer.status);
}

/** The refusal that a result itself expresses, if it does: the same facts in JSON and in XML. */
function refusalIn(isRead: boolean, value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && 'IsOk' in value && value.IsOk === false) {
    return pluginMessage(value);
  }
  if (isRead) return undefined;
  if (value === false) return 'the server answered false: it was not done';
  if (typeof value === 'string' && value !== 'NoError') return `the server answered ${value}`;
  if (Array.isArray(value) && value.length > 0 && value.every((reason) => typeof reason === 'string')) {
    return value.join('; ');
  }
  return undefined;
}

function pluginMessage(response: object): string {
  const member = (name: string): string | undefined => {
    const text: unknown = Reflect.get(response, name);
    return typeof text === 'string' && text.trim() !== '' ? text : undefined;
  };
  const explanation = member('UserExplanation') ?? member('TechExplanation') ?? 'no explanation given';
  const code = member('ErrorCode');
  return code === undefined ? explanation : `${explanation} (${code})`;
}

function redirectOutcome(answer: Answer): Outcome {
  const target = answer.headers.get('location') ?? 'an address that it does not name';
  return unsent(
    'no',
    new ErpsyncError('network', `the server redirects (HTTP ${answer.status}) to ${target}`, {
      httpStatus: answer.status,
      hint: 'set the url of the profile to the address of SuperOffice itself, or log in to the network here (captive portal); redirects are not followed',
    }),
  );
}

/** The login was not accepted; `said` continues the message. */
export function credentialRefused(status: number, said: string): Unsent {
  return unsent(
    'renewed-credential',
    new ErpsyncError('auth', `the server does not accept the credential (HTTP ${status})${said}`, {
      httpStatus: status,
      hint: 'check auth, username and secret of the profile (a ticket expires after 6 hours without use): erpsync profile show',
    }),
  );
}

function forbidden(name: OperationName, status: number, said: string): Unsent {
  return unsent(
    'renewed-credential',
    new ErpsyncError('forbidden', `the server forbids ${name} (HTTP ${status})${said}`, {
      httpStatus: status,
      hint: 'the user needs the right to it and the app needs the ErpSync agent; to see who you are there: erpsync doctor',
    }),
  );
}

function absent(name: OperationName, status: number, said: string): Rejected {
  return rejected(`${name} is not there (HTTP ${status})${said}`, status, {
    stops: true,
    hint: 'check the url of the profile and the version of the server: erpsync doctor',
  });
}

/** What to do about a refusal that comes as a web page: not of NetServer, but of what stands in front of it. */
const ofTheFront: Readonly<Record<number, string>> = {
  400: 'what stands in front of SuperOffice refused it; where that wants to see a certificate, give --client-cert and --client-key',
  413: 'what stands in front of SuperOffice takes only smaller requests: give a resync a smaller --chunk-size, or --split',
};

function clientErrorOutcome(name: OperationName, answer: Answer, read: Reading): Outcome {
  const { status } = answer;
  const page = pageInWords(answer);
  const told = read.kind === 'refusal' ? read.message : page;
  const said = told === undefined ? '' : `: ${told}`;
  switch (status) {
    case 401:
      return credentialRefused(status, said);
    case 403:
      return forbidden(name, status, said);
    case 404:
    case 405:
    case 415:
      return absent(name, status, said);
    case 408:
      return unknown(`the server gave up waiting (HTTP 408)${said}`, status);
    case 421:
      return unsent(
        'renewed-address',
        new ErpsyncError('network', `the tenant lives at another address now (HTTP 421)${said}`, {
          httpStatus: status,
          hint: 'set the url of the profile to its present address, or name it with --tenant and --env, which ask for that',
        }),
      );
    case 429:
      return throttled(answer, said);
    default:
      return rejected(
        read.kind === 'refusal'
          ? `${read.message} (HTTP ${status})`
          : `the server refused (HTTP ${status})${said}`,
        status,
        read.kind !== 'refusal' && page !== undefined ? { hint: ofTheFront[status] } : {},
      );
  }
}

function serverErrorOutcome(answer: Answer, read: Reading): Outcome {
  const { status } = answer;
  if (isThrottled(answer)) {
    return throttled(answer, read.kind === 'refusal' ? `: ${read.message}` : '');
  }
  if (status === 500 && read.kind === 'refusal') return rejected(`${read.message} (HTTP 500)`, status);
  return unknown(`the server answered HTTP ${status}, which does not say whether the work was done`, status);
}

/** Whether the gatekeeper turned the request away: 429, and a 503 that names a wait or came promptly. */
export function isThrottled({ status, headers, durationMs }: Answer): boolean {
  return status === 429 || (status === 503 && (headers.has('retry-after') || durationMs <= promptRefusalMs));
}

/** The outcome of a request that the gatekeeper turned away; `said` continues the message. */
export function throttled(answer: Answer, said: string): Unsent {
  const { status, headers } = answer;
  return {
    kind: 'unsent',
    again: 'yes',
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), headers.get('date')),
    error: new ErpsyncError('unavailable', `the server is not available now (HTTP ${status})${said}`, {
      httpStatus: status,
      hint: 'try again later',
    }),
  };
}

/** It did not leave, and would not another time: no credential is to be had, nowhere to send it. */
export function unsentFor(error: ErpsyncError): Unsent {
  return unsent('no', error);
}

function unsent(again: Unsent['again'], error: ErpsyncError): Unsent {
  return { kind: 'unsent', again, retryAfterMs: undefined, error };
}

function unknown(message: string, httpStatus: number | undefined, cause?: unknown): Unknown {
  const hint = 'look at the batch tasks on the server before you send it again';
  return { kind: 'unknown', error: new ErpsyncError('unknown', message, { httpStatus, hint, cause }) };
}

function rejected(
  message: string,
  httpStatus: number,
  more: { readonly stops?: boolean; readonly notFound?: boolean; readonly hint?: string | undefined } = {},
): Rejected {
  const { stops = false, notFound = false, hint } = more;
  // 400, 413 and 422 are about the request's body; 2xx and 500 come here with the server's own refusal.
  const content = !stops && (httpStatus < 300 || [400, 413, 422, 500].includes(httpStatus));
  const error = new ErpsyncError('rejected', message, { httpStatus, hint });
  return { kind: 'rejected', stops, notFound, content, error };
}
