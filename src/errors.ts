import { getSystemErrorMap } from 'node:util';

/**
 * What can go wrong, with the exit code of each family. The codes are a contract: scripts and
 * monitoring depend on them, so they are never renumbered and never reused.
 */
export const exitCodes = {
  ok: 0,
  internal: 1,
  usage: 2,
  config: 3,
  auth: 4,
  forbidden: 5,
  rejected: 6,
  network: 7,
  pending: 8,
  unavailable: 9,
  partial: 10,
  unknown: 11,
  locked: 12,
  failed: 13,
  storage: 14,
} as const;

/** Exit codes of a run that a signal ended after it had put its work in order (128 + signal number). */
export const signalExitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Exit codes from the one that counts most: what may have been done, then what was not. */
const gravest: readonly number[] = [129, 130, 143, 1, 11, 13, 14, 10, 4, 5, 6, 7, 8, 9, 12, 3, 2, 0];

/** Where several things went wrong, the exit code with the least of this is that of the whole. */
export function gravity(exitCode: number): number {
  return gravest.indexOf(exitCode);
}

/** The signals that end a run in an orderly way. */
export type EndingSignal = keyof typeof signalExitCodes;

/** The stable code of an error: the name of its exit code. */
export type ErrorCode = Exclude<keyof typeof exitCodes, 'ok'> | 'interrupted';

/** One line for each exit code: what `erpsync help exit-codes` and the README show. */
export const exitCodeMeanings: readonly (readonly [code: string, name: string, when: string])[] = [
  ['0', 'ok', 'everything asked for was accepted'],
  ['1', 'internal', 'a bug in erpsync'],
  ['2', 'usage', 'bad flag or value, bad or empty key list, confirmation needed and not given'],
  ['3', 'config', 'no such profile, unreadable or unsafe file, a credential that belongs elsewhere'],
  ['4', 'auth', 'no credential, 401, expired ticket'],
  ['5', 'forbidden', '403, or the ErpSync agent is not enabled for the app'],
  ['6', 'rejected', 'the server refused'],
  ['7', 'network', 'DNS, connect, TLS, proxy, redirect: nothing was sent; or a read whose answer was lost'],
  ['8', 'pending', 'the wait ran out, the work goes on; or its end could not be seen'],
  [
    '9',
    'unavailable',
    '429 or 503 still there after all retries, or a tenant that is closed; nothing accepted',
  ],
  ['10', 'partial', 'some keys accepted, some not'],
  ['11', 'unknown', 'at least one request was sent and its answer was lost'],
  ['12', 'locked', 'another run holds the lock'],
  ['13', 'failed', 'a followed batch task ended as Failed'],
  ['14', 'storage', 'what has to be stored could not be written'],
  ['129, 130, 143', 'interrupted', 'SIGHUP, SIGINT, SIGTERM, after the work in flight was finished'],
];

/** What any command can end with, whatever it does: a full disk behind stdout is 14, a signal 129, 130 or 143. */
export const everyCommandCodes: readonly number[] = [
  exitCodes.ok,
  exitCodes.internal,
  exitCodes.usage,
  exitCodes.config,
  exitCodes.storage,
  ...Object.values(signalExitCodes),
];

/** The three parts of an error, and what it carries besides. */
export interface ErrorParts {
  /** What cannot be done or used, and where. One clause, no full stop. */
  readonly what: string;
  /** Why it is so. One clause, no full stop; the message is what and why. */
  readonly why: string;
  /** What to do next: a command to run, an option to give or what to change. One clause, no full stop. */
  readonly next: string;
  /** The HTTP status that the server answered with, where there was one. */
  readonly httpStatus?: number | undefined;
  readonly cause?: unknown;
  /** All that it is about, where the message can name only some: machines are shown them. */
  readonly concerns?: readonly (number | string)[] | undefined;
  /** Only for `interrupted`: the exit code of the signal. */
  readonly exitCode?: number | undefined;
}

/** An error that a user can act on. Everything else that is thrown is a bug and ends with exit code 1. */
export class ErpsyncError extends Error {
  override readonly name = 'ErpsyncError';
  readonly code: ErrorCode;
  readonly exitCode: number;
  readonly what: string;
  readonly why: string;
  readonly next: string;
  readonly httpStatus: number | undefined;
  readonly concerns: readonly (number | string)[] | undefined;

  constructor(code: ErrorCode, parts: ErrorParts) {
    const { what, why, next, cause } = parts;
    super(`${what}: ${why}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.what = what;
    this.why = why;
    this.next = next;
    this.exitCode = parts.exitCode ?? (code === 'interrupted' ? signalExitCodes.SIGINT : exitCodes[code]);
    this.httpStatus = parts.httpStatus;
    this.concerns = parts.concerns;
  }
}

/** A clause behind a reason; behind a sentence, as servers say them, it is one of its own. */
export function continued(said: string, clause: string, mark: ';' | ',' = ';'): string {
  return /[.!?]$/.test(said)
    ? `${said} ${clause[0]?.toUpperCase()}${clause.slice(1)}`
    : `${said}${mark} ${clause}`;
}

/** A flag, value or key list that cannot be used (exit 2). Nothing was sent. */
export function usageError(parts: ErrorParts): ErpsyncError {
  return new ErpsyncError('usage', parts);
}

/** A profile, file or setting that cannot be used (exit 3). Nothing was sent. */
export function configError(parts: ErrorParts): ErpsyncError {
  return new ErpsyncError('config', parts);
}

/** What cannot be, whatever is typed and answered (exit 1). */
export function internalError(why: string, cause?: unknown): ErpsyncError {
  return new ErpsyncError('internal', {
    what: 'this is a bug in erpsync',
    why,
    next: 'report it, with what is printed by: erpsync doctor -o json',
    cause,
  });
}

/** An error as a value of `-o json` and of events. */
export interface ErrorValue {
  readonly code: ErrorCode;
  readonly exitCode: number;
  /** What and why. */
  readonly message: string;
  /** The end of the message: what stands before it and `: ` is what cannot be done or used. */
  readonly why: string;
  readonly hint: string;
  readonly httpStatus?: number | undefined;
  readonly concerns?: readonly (number | string)[] | undefined;
}

/** The part of an error that is shown to machines; stack and cause stay inside. */
export function errorValue(error: ErpsyncError): ErrorValue {
  return {
    code: error.code,
    exitCode: error.exitCode,
    message: error.message,
    why: error.why,
    hint: error.next,
    httpStatus: error.httpStatus,
    concerns: error.concerns,
  };
}

/** The `code` of a system error (`ENOENT`, `ECONNREFUSED`, ...), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof ErpsyncError || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What the system says about a failed call, in words: `permission denied (EACCES)`. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known =
    'errno' in error && typeof error.errno === 'number' ? getSystemErrorMap().get(error.errno) : undefined;
  return known === undefined ? error.message : `${known[1]} (${known[0]})`;
}
