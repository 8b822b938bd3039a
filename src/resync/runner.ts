/** Sends requests, several at a time, and reports what became of each. Knows no terminal, and no keys. */
import { ErpsyncError } from '../errors.ts';
import type { Outcome } from '../transport/outcome.ts';
import type { Pace } from '../transport/pace.ts';
import type { Attempted } from '../transport/retry.ts';

/** What became of one request, and so of every key in it. */
export interface RequestOutcome<R> {
  readonly request: R;
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
  /** What has to hold before a request leaves does not: it could not be written down, or the lock is lost. */
  | 'prevented'
  /** A signal asked for it. */
  | 'interrupted';

/** What a run did: each key stands in exactly one request of `outcomes` or `untried`. */
export interface RunReport<R> {
  /** In the order in which they came. */
  readonly outcomes: readonly RequestOutcome<R>[];
  /** Requests that were never sent, in the order in which they were given. */
  readonly untried: readonly R[];
  readonly stopped: StopReason | undefined;
  /** What prevented a request, if that stopped it. */
  readonly problem?: ErpsyncError | undefined;
}

export interface RunnerOptions<R> {
  /**
   * Sends a request; the signal ends its waiting for another try.
   *
   * @throws ErpsyncError if what has to hold before does not: it was not sent then
   */
  readonly send: (request: R, signal: AbortSignal) => Promise<Attempted<unknown>>;
  /** The two halves of a request; undefined for one that cannot be halved. */
  readonly halve: (request: R) => readonly [R, R] | undefined;
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
  readonly onOutcome?: (outcome: RequestOutcome<R>) => void;
  /** Told when a request is replaced by its halves. */
  readonly onSplit?: (request: R, retries: number) => void;
}

/** Sends all requests, or those up to the first outcome that makes going on pointless. */
export async function sendAll<R>(requests: readonly R[], options: RunnerOptions<R>): Promise<RunReport<R>> {
  const { send, halve, concurrency, pace, maxUnknown, signal, deadline, onOutcome, onSplit } = options;
  const outcomes: RequestOutcome<R>[] = [];
  // The next request stands last, so that halves can take the place of the one they came from.
  const waiting = requests.toReversed();
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

  async function attempt(request: R): Promise<void> {
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
      stop('prevented');
      return;
    }
    const { outcome, retries } = attempted;
    const halves = outcome.kind === 'rejected' && outcome.content && splits >= 2 ? halve(request) : undefined;
    if (halves) {
      splits -= 2;
      onSplit?.(request, retries);
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
  const untried = waiting.toReversed();
  // A run that has sent everything was not stopped, unless a request gave up waiting for another try.
  const gaveUp = stopped === 'interrupted' && outcomes.some(({ outcome }) => outcome.kind === 'unsent');
  return { outcomes, untried, stopped: untried.length > 0 || gaveUp ? stopped : undefined, problem };
}
