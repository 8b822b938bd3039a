/** Sends a plan, one request after the other, and reports what became of each. Knows no terminal. */
import type { Outcome } from '../transport/outcome.ts';
import type { Attempted } from '../transport/retry.ts';
import { halved, type PlannedRequest, type ResyncPlan } from './plan.ts';

/** What became of one request, and so of every key in it. */
export interface RequestOutcome {
  readonly request: PlannedRequest;
  readonly outcome: Outcome;
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

/** What a run did: each key stands in exactly one request of `outcomes` or `untried`. */
export interface RunReport {
  readonly outcomes: readonly RequestOutcome[];
  /** Requests that were never sent. */
  readonly untried: readonly PlannedRequest[];
  readonly stopped: StopReason | undefined;
}

export interface RunnerOptions {
  readonly send: (request: PlannedRequest) => Promise<Attempted<unknown>>;
  /** So many unknown outcomes in a row end the run. */
  readonly maxUnknown: number;
  /**
   * So many further requests may be spent on halving those that were refused for their content, until
   * the keys that are to blame stand alone. 0: a refused request is not split.
   */
  readonly splits: number;
  /** Ends the run after the request that is under way. */
  readonly signal: AbortSignal;
  /** Told as it happens. */
  readonly onOutcome?: (outcome: RequestOutcome) => void;
}

/** Runs a plan to its end or to the first outcome that makes going on pointless. */
export async function runPlan(plan: ResyncPlan, options: RunnerOptions): Promise<RunReport> {
  const { send, maxUnknown, signal, onOutcome } = options;
  const outcomes: RequestOutcome[] = [];
  // The next request stands last, so that halves can take the place of the one they came from.
  const waiting = plan.requests.toReversed();
  let splits = options.splits;
  let unknownsInARow = 0;
  const ended = (stopped: StopReason | undefined): RunReport => {
    return { outcomes, untried: waiting.toReversed(), stopped };
  };
  for (let request = waiting.pop(); request !== undefined; request = waiting.pop()) {
    if (signal.aborted) {
      waiting.push(request);
      return ended('interrupted');
    }
    const { outcome, retries } = await send(request);
    const halves =
      outcome.kind === 'rejected' && outcome.content && splits >= 2 ? halved(request) : undefined;
    if (halves) {
      splits -= 2;
      waiting.push(halves[1], halves[0]);
      continue;
    }
    const told = { request, outcome, retries };
    outcomes.push(told);
    onOutcome?.(told);
    unknownsInARow = outcome.kind === 'unknown' ? unknownsInARow + 1 : 0;
    if (outcome.kind === 'unsent' && signal.aborted) return ended('interrupted');
    if (waiting.length === 0) break;
    if (outcome.kind === 'unsent' || (outcome.kind === 'rejected' && outcome.stops)) return ended('outcome');
    if (unknownsInARow >= maxUnknown) return ended('unknowns');
  }
  return ended(undefined);
}
