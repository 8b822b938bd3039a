/** What servers and gatekeepers say with a status, as errors: the same words for an operation and for any other request. */
import { ErpsyncError } from '../errors.ts';
import { urlOrigin } from './failures.ts';

/** What a request was sent with to prove who sends it, as far as it matters why that is not accepted. */
export type LoginKind =
  | 'password'
  | 'token'
  /** An access token of a person's login, of which another one was to be had. */
  | 'renewed-token'
  /** A ticket that was given as such: nobody here can get another one. */
  | 'ticket'
  | 'none'
  | 'other';

/**
 * The kind of a login by its headers.
 *
 * @param isRenewable whether another credential can be had, so that this one has not been lying around
 */
export function loginIn(headers: Readonly<Record<string, string>>, isRenewable: boolean): LoginKind {
  const members = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const { authorization, cookie } = Object.fromEntries(members);
  if (authorization === undefined) return cookie === undefined ? 'none' : 'other';
  const [scheme = ''] = authorization.toLowerCase().split(' ', 1);
  if (scheme === 'basic') return 'password';
  if (scheme === 'bearer') return isRenewable ? 'renewed-token' : 'token';
  return scheme === 'soticket' && !isRenewable ? 'ticket' : 'other';
}

const refusedFor: Readonly<Record<LoginKind, string>> = {
  password: 'user name or password is wrong, or that user may not log in',
  token: 'the access token is wrong, or has expired',
  'renewed-token': 'the access token is new, and is not accepted all the same',
  ticket: 'it is not a ticket of this server, or has expired, as tickets do after 6 hours without use',
  none: 'the request holds none',
  other: 'it is wrong, has expired, or is one of another server',
};

/** What to do about a refusal by itself: only what was sent can tell why it was refused. */
const lookAtWire = 'see what was sent and what was answered: run the same command again with -vv';

/** A refusal: what is refused, its status and the words of whoever refused it, where there are any. */
export interface SaidRefusal {
  /** `GetConnection`, `GET /api/v1/User/currentPrincipal`. */
  readonly asked: string;
  readonly status: number;
  readonly said: string | undefined;
}

/** The login was not accepted; without a status where a service says so in an answer of its own. */
export function credentialError(
  { status, said }: Partial<Omit<SaidRefusal, 'asked'>>,
  login: LoginKind = 'other',
): ErpsyncError {
  const old = login === 'ticket' ? ' (a ticket expires after 6 hours without use)' : '';
  return new ErpsyncError('auth', {
    what: `the server does not accept the credential${inWords(status)}`,
    why: said === undefined ? refusedFor[login] : `${said}${old}`,
    next:
      login === 'renewed-token'
        ? 'check tenant and environment (erpsync config explain), or log in again: erpsync auth login'
        : 'check auth, username and secret, and where each comes from: erpsync config explain',
    httpStatus: status,
  });
}

/** A right is missing; `agent` is the one that an app may lack. */
export function forbiddenError({ asked, status, said }: SaidRefusal, agent?: string): ErpsyncError {
  const [lacks, grant] =
    agent === undefined
      ? ['', '']
      : [`, or the app lacks the ${agent} agent`, `, or the ${agent} agent to the app`];
  return new ErpsyncError('forbidden', {
    what: `the server forbids ${asked}${inWords(status)}`,
    why: said ?? `the user lacks the right to it${lacks}`,
    next: `have an administrator grant it to the user${grant}; see who you are there: erpsync doctor`,
    httpStatus: status,
  });
}

/** An operation is not there. */
export function absentError({ asked, status, said }: SaidRefusal): ErpsyncError {
  return new ErpsyncError('rejected', {
    what: `${asked} is not there${inWords(status)}`,
    why: said ?? 'the server is too old for it, or the url leads elsewhere',
    next: 'check the url and the version of the server: erpsync doctor',
    httpStatus: status,
  });
}

/** Nothing is at a path. */
export function missingError({ asked, status, said }: SaidRefusal): ErpsyncError {
  return new ErpsyncError('rejected', {
    what: `${asked} is not there${inWords(status)}`,
    why: said ?? 'the server has nothing at this path',
    next: `check the path, the ids in it and the url; ${urlOrigin}`,
    httpStatus: status,
  });
}

/** The server did not get done what was asked. */
export function failedError({ asked, status, said }: SaidRefusal): ErpsyncError {
  return new ErpsyncError('rejected', {
    what: `the server failed at ${asked}${inWords(status)}`,
    why: said ?? 'it does not say why',
    next: lookAtWire,
    httpStatus: status,
  });
}

/** What to do about a page that comes in place of an answer, and about a way that leads to one. */
export const aboutPages = `log in to the network here if that is a captive portal, or correct the url; ${urlOrigin}`;

/** The server sends whoever asks elsewhere. */
export function redirectError(status: number, target: string | undefined): ErpsyncError {
  return new ErpsyncError('network', {
    what: `the server redirects (HTTP ${status}) to ${target ?? 'an address that it does not name'}`,
    why: 'redirects are not followed, since what is there may not be SuperOffice',
    next: aboutPages,
    httpStatus: status,
  });
}

/** The tenant was moved to another address. */
export function movedError({ status, said }: Omit<SaidRefusal, 'asked'>): ErpsyncError {
  return new ErpsyncError('network', {
    what: `the tenant is not served at this address (HTTP ${status})`,
    why: said ?? 'it lives at another one now',
    next: 'name it with --tenant and --env, which ask where it lives, or give its present address with --url',
    httpStatus: status,
  });
}

/** The gatekeeper turned the request away; it may come back, after `waitMs` where it says so. */
export function busyError(
  { status, said }: Omit<SaidRefusal, 'asked'>,
  waitMs: number | undefined,
): ErpsyncError {
  const wait = waitMs === undefined ? 'later' : `in ${Math.ceil(waitMs / 1_000)} s`;
  return new ErpsyncError('unavailable', {
    what: `the server is not available now (HTTP ${status})`,
    why: said ?? (status === 429 ? 'it has had too many requests' : 'it is busy, or is being worked on'),
    next: `run the same command again ${wait}`,
    httpStatus: status,
  });
}

/** What to do about a refusal that is not of NetServer, but of what stands in front of it. */
const ofTheFront: ReadonlyMap<number, string> = new Map([
  [400, 'where it wants to see a certificate, give --client-cert and --client-key'],
  [413, 'give a resync a smaller --chunk-size, or --split'],
]);

/** What was sent is refused; a `page` in place of an answer is of what stands in front of the server. */
export function refusedError({ asked, status, said }: SaidRefusal, page?: string): ErpsyncError {
  const front = page === undefined ? undefined : `what stands in front of SuperOffice answers with ${page}`;
  return new ErpsyncError('rejected', {
    what: `the server refuses ${asked}${inWords(status)}`,
    why: said ?? front ?? 'it does not say why',
    next: (said === undefined && front !== undefined ? ofTheFront.get(status) : undefined) ?? lookAtWire,
    httpStatus: status,
  });
}

/** In a 2xx the refusal stands in the answer, and the status says nothing. */
function inWords(status: number | undefined): string {
  return status === undefined || status < 300 ? '' : ` (HTTP ${status})`;
}
