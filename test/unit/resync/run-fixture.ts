/** Plans and outcomes for tests of a run. */
import fc from 'fast-check';
import { ErpsyncError, type ErrorCode } from '../../../src/errors.ts';
import { planResync, type ResyncPlan } from '../../../src/resync/plan.ts';
import type { RunReport } from '../../../src/resync/runner.ts';
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
  error: new ErpsyncError('unknown', 'the answer was lost', { hint: 'look at the tasks', httpStatus: 502 }),
};
export const rejected: Rejected = {
  kind: 'rejected',
  stops: false,
  notFound: false,
  content: true,
  error: new ErpsyncError('rejected', 'the key is bad', { httpStatus: 400 }),
};
export const stopping: ResyncOutcome = { ...rejected, stops: true, content: false };
export function unsent(code: ErrorCode): ResyncOutcome {
  return {
    kind: 'unsent',
    again: 'no',
    retryAfterMs: undefined,
    error: new ErpsyncError(code, `not sent: ${code}`),
  };
}

/** A report with these outcomes for the first requests of a plan. */
export function reportOf(
  plan: ResyncPlan,
  outcomes: readonly ResyncOutcome[],
  stopped?: RunReport['stopped'],
): RunReport {
  const told = plan.requests.slice(0, outcomes.length).map((request, index) => {
    return { request, outcome: outcomes[index] ?? accepted, retries: index };
  });
  return { outcomes: told, untried: plan.requests.slice(outcomes.length), stopped };
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
