/** Sends a plan, one request after the other, and reports what became of each. Knows no terminal. */

import type { Outcome } from '../transport/outcome.ts';
import type { Attempted } from '../transport/retry.ts';
import type { PlannedRequest, ResyncPlan } from './plan.ts';

/** What became of one request, and so of every key in it. */
export interface RequestOutcome {
  readonly request: PlannedRequest;
  readonly outcome: Outcome<undefined>;
  /** Tries after the first one. */
  readonly retries: number;
}

/** Why a run ended before its last request. */
export type StopReason =
  /** A request could not be sent, or every further one would be refused alike. */
  | 'outcome'
  /** Too many requests in a row whose answers were lost. */
  | 'unknowns'
  /** A signal asked for it. */
  | 'interrupted';

/** What a run did. Requests that are missing from `outcomes` were never sent. */
export interface RunReport {
  readonly outcomes: readonly RequestOutcome[];
  readonly stopped: StopReason | undefined;
}

export interface RunnerOptions {
  readonly send: (request: PlannedRequest) => Promise<Attempted<undefined>>;
  /** So many unknown outcomes in a row end the run. */
  readonly maxUnknown: number;
  /** Ends the run after the request that is under way. */
  readonly signal: AbortSignal;
  /** Told as it happens. */
  readonly onOutcome?: (outcome: RequestOutcome) => void;
}

/** Runs a plan to its end or to the first outcome that makes going on pointless. */
export async function runPlan(plan: ResyncPlan, options: RunnerOptions): Promise<RunReport> {
  const outcomes: RequestOutcome[] = [];
  let unknownsInARow = 0;
  for (const request of plan.requests) {
    if (options.signal.aborted) return { outcomes, stopped: 'interrupted' };
    const { outcome, retries } = await options.send(request);
    const told = { request, outcome, retries };
    outcomes.push(told);
    options.onOutcome?.(told);
    unknownsInARow = outcome.kind === 'unknown' ? unknownsInARow + 1 : 0;
    if (outcome.kind === 'unsent' && options.signal.aborted) return { outcomes, stopped: 'interrupted' };
    if (outcomes.length === plan.requests.length) break;
    if (outcome.kind === 'unsent' || (outcome.kind === 'rejected' && outcome.stops)) {
      return { outcomes, stopped: 'outcome' };
    }
    if (unknownsInARow >= options.maxUnknown) return { outcomes, stopped: 'unknowns' };
  }
  return { outcomes, stopped: undefined };
}
