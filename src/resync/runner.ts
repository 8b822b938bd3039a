/** Sends a plan, several requests at a time, and reports what became of each. Knows no terminal. */
import { ErpsyncError } from '../errors.ts';
import type { Outcome } from '../transport/outcome.ts';
import type { Pace } from '../transport/pace.ts';
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
  /** The time that the run was given is over. */
  | 'deadline'
  /** What has to be written down before a request could not be. */
  | 'storage'
  /** A signal asked for it. */
  | 'interrupted';

/** What a run did: each key stands in exactly one request of `outcomes` or `untried`. */
export interface RunReport {
  /** In the order in which they came. */
  readonly outcomes: readonly RequestOutcome[];
  /** Requests that were never sent, in the order of the plan. */
  readonly untried: readonly PlannedRequest[];
  readonly stopped: StopReason | undefined;
  /** What could not be written down, if that stopped it. */
  readonly problem?: ErpsyncError | undefined;
}

export interface RunnerOptions {
  /**
   * Sends a request; the signal ends its waiting for another try.
   *
   * @throws ErpsyncError (storage) if what has to be written down before could not be: it was not sent
   */
  readonly send: (request: PlannedRequest, signal: AbortSignal) => Promise<Attempted<unknown>>;
  /** So many requests are under way at a time. */
  readonly concurrency: number;
  /** What each request waits for before it leaves. */
  readonly pace: Pace;
  /** So many unknown outcomes in a row, in the order in which they come, end the run. */
  readonly maxUnknown: number;
  /**
   * So many further requests may be spent on halving those that were refused for their content, until
   * the keys that are to blame stand alone. 0: a refused request is not split.
   */
  readonly splits: number;
  /** Ends the run after the requests that are under way. */
  readonly signal: AbortSignal;
  /** When it aborts, nothing more is sent; what is under way is finished. */
  readonly deadline?: AbortSignal | undefined;
  /** Told as it happens. */
  readonly onOutcome?: (outcome: RequestOutcome) => void;
  /** Told when a request is replaced by its halves. */
  readonly onSplit?: (request: PlannedRequest, halves: readonly PlannedRequest[]) => void;
}

/** Runs a plan to its end or to the first outcome that makes going on pointless. */
export async function runPlan(plan: ResyncPlan, options: RunnerOptions): Promise<RunReport> {
  const { send, concurrency, pace, maxUnknown, signal, deadline, onOutcome, onSplit } = options;
  const outcomes: RequestOutcome[] = [];
  // The next request stands last, so that halves can take the place of the one they came from.
  const waiting = plan.requests.toReversed();
  let { splits } = options;
  let unknownsInARow = 0;
  let stopped: StopReason | undefined;
  let problem: ErpsyncError | undefined;
  const stopping = new AbortController();
  const stop = (reason: StopReason): void => {
    stopped ??= reason;
    stopping.abort();
  };
  const ends: readonly [AbortSignal | undefined, StopReason][] = [
    [signal, 'interrupted'],
    [deadline, 'deadline'],
  ];
  const listeners = ends.map(([end, reason]): (() => void) => {
    const listener = (): void => stop(reason);
    if (end?.aborted) listener();
    end?.addEventListener('abort', listener);
    return () => end?.removeEventListener('abort', listener);
  });

  /** Takes requests until there are none, or none may leave any more. */
  async function work(): Promise<void> {
    while (waiting.length > 0 && stopped === undefined) {
      await pace.take(stopping.signal);
      const request = stopped === undefined ? waiting.pop() : undefined;
      if (request !== undefined) await attempt(request);
    }
  }

  async function attempt(request: PlannedRequest): Promise<void> {
    let attempted: Attempted<unknown>;
    try {
      attempted = await send(request, stopping.signal);
    } catch (error) {
      if (!(error instanceof ErpsyncError)) {
        stop('outcome');
        throw error;
      }
      problem ??= error;
      waiting.push(request);
      stop('storage');
      return;
    }
    const { outcome, retries } = attempted;
    const halves =
      outcome.kind === 'rejected' && outcome.content && splits >= 2 ? halved(request) : undefined;
    if (halves) {
      splits -= 2;
      onSplit?.(request, halves);
      waiting.push(halves[1], halves[0]);
      return;
    }
    const told = { request, outcome, retries };
    outcomes.push(told);
    onOutcome?.(told);
    unknownsInARow = outcome.kind === 'unknown' ? unknownsInARow + 1 : 0;
    if (outcome.kind === 'unsent' || (outcome.kind === 'rejected' && outcome.stops)) stop('outcome');
    else if (unknownsInARow >= maxUnknown) stop('unknowns');
  }

  /** Halves are pushed while others have found nothing left to do: whoever pushed them goes on with them. */
  const workers = Array.from({ length: Math.min(concurrency, waiting.length) }, work);
  const ended = await Promise.allSettled(workers);
  for (const remove of listeners) remove();
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  const untried = waiting.toReversed().sort((a, b) => a.index - b.index);
  // A run that has sent everything was not stopped, unless a request gave up waiting for another try.
  const gaveUp = stopped === 'interrupted' && outcomes.some(({ outcome }) => outcome.kind === 'unsent');
  return { outcomes, untried, stopped: untried.length > 0 || gaveUp ? stopped : undefined, problem };
}
