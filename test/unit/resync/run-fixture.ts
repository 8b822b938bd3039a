/** Plans and outcomes for tests of a run. */
import fc from 'fast-check';
import { ErpsyncError, type ErrorCode } from '../../../src/errors.ts';
import { entryError } from '../../../src/resync/journal-entries.ts';
import { Ledger } from '../../../src/resync/ledger.ts';
import { planResync, type ResyncPlan } from '../../../src/resync/plan.ts';
import { type ResyncResult, type RunFacts, resyncResult, subjectOf } from '../../../src/resync/result.ts';
import type { RunEnd } from '../../../src/resync/run-end.ts';
import { type RunTally, tallyOf } from '../../../src/resync/tally.ts';
import type { Outcome, Rejected } from '../../../src/transport/outcome.ts';

export type ResyncOutcome = Outcome;

export const source = { connectionId: 124, name: 'Visma Net' };

/** A plan of so many keys, from 1 on. */
export function planOf(keys: number, chunkSize = 1, duplicates = 0): ResyncPlan {
  const target = {
    kind: 'internal-keys',
    keys: Int32Array.from({ length: keys }, (_, index) => index + 1),
    given: keys + duplicates,
  } as const;
  return planResync(source, target, { mode: 'batch', keepNonBlank: false, chunkSize });
}

export const everyRecord: ResyncPlan = planResync(
  source,
  { kind: 'every-record' },
  { mode: 'batch', keepNonBlank: false, chunkSize: 1_000 },
);

export const accepted: ResyncOutcome = { kind: 'accepted', value: undefined };
export const unknown: ResyncOutcome = {
  kind: 'unknown',
  error: new ErpsyncError('unknown', {
    what: 'the answer was lost',
    why: 'a proxy says 502',
    next: 'look at the tasks',
    httpStatus: 502,
  }),
};
export const rejected: Rejected = {
  kind: 'rejected',
  stops: false,
  notFound: false,
  content: true,
  error: new ErpsyncError('rejected', {
    what: 'the keys are refused',
    why: 'one is bad',
    next: 'leave it out',
    httpStatus: 400,
  }),
};
export const stopping: ResyncOutcome = { ...rejected, stops: true, content: false };
export function unsent(code: ErrorCode): ResyncOutcome {
  return {
    kind: 'unsent',
    again: 'no',
    retryAfterMs: undefined,
    error: new ErpsyncError(code, { what: 'not sent', why: code, next: 'look' }),
  };
}

/** What a run did: these outcomes for the first requests of a plan. */
export interface TestReport {
  readonly outcomes: readonly ResyncOutcome[];
  readonly stopped: RunTally['stopped'];
}

export function reportOf(
  _: ResyncPlan,
  outcomes: readonly ResyncOutcome[],
  stopped?: RunTally['stopped'],
): TestReport {
  return { outcomes, stopped };
}

/** The tally of a report, by way of a ledger. */
function tallyOfReport(
  { requests }: ResyncPlan,
  { outcomes, stopped }: TestReport,
  live: 'live' | 'later' = 'live',
): RunTally {
  const sizes = { requests: requests.length, sizeOf: (index: number) => requests[index]?.keys?.length ?? 1 };
  const ledger = new Ledger(sizes);
  const errors: ErpsyncError[] = [];
  for (const [request, outcome] of outcomes.entries()) {
    const part = { request, from: 0, count: sizes.sizeOf(request) };
    const error = outcome.kind === 'accepted' ? null : outcome.error;
    if (error !== null) errors.push(error);
    const entries = [
      { event: 'intent', ...part, attempt: 1 },
      { event: 'outcome', ...part, kind: outcome.kind, retries: request, error: error && entryError(error) },
    ] as const;
    for (const entry of entries) {
      const problem = ledger.apply(entry, '2026-01-31T12:00:00Z');
      if (problem !== undefined) throw new Error(problem);
    }
  }
  return tallyOf(ledger, { stopped }, live === 'live' ? errors : []);
}

/** The tally of a run that another command looks at: of its errors there is what the journal keeps. */
export function laterTally(plan: ResyncPlan, outcomes: readonly ResyncOutcome[]): RunTally {
  return tallyOfReport(plan, reportOf(plan, outcomes), 'later');
}

/** The result of a report. */
export function resultOfReport(
  plan: ResyncPlan,
  report: TestReport,
  facts: RunFacts,
  end: RunEnd,
): ResyncResult {
  return resyncResult(subjectOf(plan), tallyOfReport(plan, report), facts, end);
}

/** Any outcome of a request. */
export const anyOutcome = fc.constantFrom(
  accepted,
  unknown,
  rejected,
  stopping,
  unsent('auth'),
  unsent('forbidden'),
  unsent('network'),
  unsent('unavailable'),
);
