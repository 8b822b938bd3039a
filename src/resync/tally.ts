/** What a run amounts to so far, counted from its ledger, with the errors that explain it. */
import { type ErpsyncError, exitCodes, signalExitCodes } from '../errors.ts';
import type { EntryError } from './journal-entries.ts';
import type { Ledger, PartState } from './ledger.ts';
import type { RunReport } from './runner.ts';

/** Each request, and each key, in exactly one place; `unsent` holds what was never tried, too. */
export interface StateCounts {
  readonly accepted: number;
  readonly rejected: number;
  readonly unsent: number;
  readonly unknown: number;
}

/** All of them. */
export function total({ accepted, rejected, unsent, unknown }: StateCounts): number {
  return accepted + rejected + unsent + unknown;
}

/** Why a request was not accepted: the error itself in the session in which that was, later what the journal keeps of it. */
export type Cause = Pick<ErpsyncError, 'code' | 'exitCode' | 'message' | 'httpStatus'>;

export interface RunTally {
  readonly requests: StateCounts;
  /** For every record, the one request. */
  readonly keys: StateCounts;
  /** Further tries of requests, not further requests. */
  readonly retries: number;
  /** Whether any request was ever made. */
  readonly attempted: boolean;
  /** Of the requests that were not accepted, in the order of the keys. */
  readonly causes: readonly Cause[];
  /** Of the first request whose outcome is not known. */
  readonly lost: Cause | undefined;
  /** Why this session of the run ended early. */
  readonly stopped: RunReport<unknown>['stopped'];
  /** What prevented a request in this session. */
  readonly problem: ErpsyncError | undefined;
}

/** At most so many errors are kept to explain a run. */
const enoughCauses = 1_000;

/**
 * Counts a run.
 *
 * @param report what this session of it did
 * @param live the errors of this session, which say more than the journal keeps
 */
export function tallyOf(
  ledger: Ledger,
  { stopped, problem }: Pick<RunReport<unknown>, 'stopped' | 'problem'>,
  live: readonly ErpsyncError[] = [],
): RunTally {
  const causes: Cause[] = [];
  let lost: Cause | undefined;
  let [retries, attempted] = [0, false];
  for (const part of ledger.parts()) {
    retries += part.retries;
    attempted ||= part.attempts > 0;
    if (part.state !== 'rejected' && part.state !== 'unsent' && part.state !== 'unknown') continue;
    const cause = causeOf(part.error, live);
    if (part.state === 'unknown') lost ??= cause ?? noAnswer;
    if (cause !== undefined && causes.length < enoughCauses) causes.push(cause);
  }
  return {
    ...countsOf(ledger),
    retries,
    attempted,
    causes,
    lost,
    stopped,
    problem,
  };
}

/** Requests and keys by what became of them. */
export function countsOf(ledger: Ledger): Pick<RunTally, 'requests' | 'keys'> {
  return { requests: inPlaces(ledger.count(() => 1)), keys: inPlaces(ledger.count()) };
}

function inPlaces(states: Record<PartState, number>): StateCounts {
  const { planned, accepted, rejected, unsent, unknown, done, failed, unconfirmed } = states;
  return { accepted: accepted + done + failed + unconfirmed, rejected, unsent: planned + unsent, unknown };
}

function causeOf(error: EntryError | null, live: readonly ErpsyncError[]): Cause | undefined {
  if (error === null) return undefined;
  const { code, message, httpStatus } = error;
  const same = live.find((each) => each.code === code && each.message === message);
  const exitCode = code === 'interrupted' ? signalExitCodes.SIGINT : exitCodes[code];
  return same ?? { code, exitCode, message, httpStatus: httpStatus ?? undefined };
}

const noAnswer: Cause = {
  code: 'unknown',
  exitCode: exitCodes.unknown,
  message: 'the program ended before an answer came',
  httpStatus: undefined,
};

/** The counts as people read them: `1000 of 3000 keys accepted, 1000 rejected, 1000 not sent`. */
export function countsInWords(tally: RunTally, everyRecord: boolean): string {
  const counts = everyRecord ? tally.requests : tally.keys;
  const { accepted, rejected, unknown, unsent } = counts;
  const parts = [
    `${accepted} of ${quantity(total(counts), everyRecord ? 'request' : 'key')} accepted`,
    ...(rejected ? [`${rejected} rejected`] : []),
    ...(unknown ? [`${unknown} unknown`] : []),
    ...(unsent ? [`${unsent} not sent`] : []),
  ];
  return parts.join(', ');
}

/** `1 key`, `2 keys`. */
export function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
