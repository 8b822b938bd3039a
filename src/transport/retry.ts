/**
 * When and how long to wait before another try. Timing is computed by pure functions; the loop below
 * applies it to any call that ends with an outcome.
 */
import type { Effect } from '../agent/contract.ts';
import { continued, ErpsyncError } from '../errors.ts';
import type { Outcome } from './outcome.ts';
import type { Pace } from './pace.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { Renewal } from './transport.ts';

/** Time as the loop sees it; tests give their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to 1, for jitter. */
  random(): number;
}

/** First step of the exponential back-off, in ms. */
const firstDelayMs = 500;
/** Longest step of the back-off, in ms. */
const longestDelayMs = 30_000;
/** A server that asks for a longer wait than this ends the run instead (ms). */
export const longestRetryAfterMs = 5 * 60_000;

/** Full jitter: anything from 0 to `min(30 s, 500 ms * 2^retry)`; `retry` counts from 0. */
export function backoffMs(retry: number, random: number): number {
  return Math.round(random * Math.min(longestDelayMs, firstDelayMs * 2 ** retry));
}

/**
 * The wait before the next try, in ms, or undefined when there must be none: unsent requests that may
 * be repeated, and reads whose answer was lost. A wait that the server asked for is never shortened.
 */
export function delayBeforeRetry(
  effect: Effect,
  outcome: Outcome,
  retry: number,
  random: number,
): number | undefined {
  if (outcome.kind === 'unknown') return effect === 'read' ? backoffMs(retry, random) : undefined;
  if (outcome.kind !== 'unsent' || outcome.again !== 'yes') return undefined;
  const backoff = backoffMs(retry, random);
  return outcome.retryAfterMs === undefined ? backoff : outcome.retryAfterMs + Math.min(backoff, 1_000);
}

/** The last outcome of a call and how often it was repeated before that. */
export interface Attempted<T> {
  readonly outcome: Outcome<T>;
  readonly retries: number;
}

/** What the loop may do. */
export interface RetryOptions {
  readonly effect: Effect;
  /** At most so many tries after the first one. */
  readonly retries: number;
  readonly clock: Clock;
  /** Ends the waiting, not a request that is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait. */
  readonly onRetry?: (outcome: Outcome, delayMs: number) => void;
  /** Where a credential that is not accepted any more can be replaced by another one. */
  readonly renewal?: Renewal | undefined;
  /** What further tries wait for; the first one is its sender's own matter. */
  readonly pace?: Pace | undefined;
  /** What further tries are paid from; without it only `retries` limits them. */
  readonly budget?: RetryBudget | undefined;
  /** Done before each try leaves; what it throws ends the call, and that try is not made. */
  readonly beforeTry?: (() => Promise<void>) | undefined;
}

/**
 * Calls until the outcome stands: accepted, rejected, out of tries, or not to be repeated. A credential that is
 * not accepted is renewed once, whatever the number of tries.
 */
export async function withRetries<T>(
  call: () => Promise<Outcome<T>>,
  options: RetryOptions,
): Promise<Attempted<T>> {
  const { effect, clock, signal } = options;
  let renewal = options.renewal;
  for (let retries = 0; ; retries++) {
    const generation = renewal?.generation ?? 0;
    await options.beforeTry?.();
    const outcome = await call();
    if (outcome.kind === 'accepted') options.budget?.earn();
    if (renewal && outcome.kind === 'unsent' && outcome.again === 'renewed-credential' && !signal?.aborted) {
      const failure = await failureOf(renewal.renew(generation));
      if (failure !== undefined) return { outcome: { ...outcome, again: 'no', error: failure }, retries };
      renewal = undefined;
      continue;
    }
    const delayMs = delayBeforeRetry(effect, outcome, retries, clock.random());
    if (delayMs === undefined || signal?.aborted) return { outcome, retries };
    if (delayMs > longestRetryAfterMs + 1_000) {
      return { outcome: tooLong(outcome, delayMs, clock.now()), retries };
    }
    if (retries >= options.retries || options.budget?.spend() === false) return { outcome, retries };
    options.onRetry?.(outcome, delayMs);
    await clock.sleep(delayMs, signal);
    if (!signal?.aborted) await options.pace?.take(signal);
    if (signal?.aborted) return { outcome, retries };
  }
}

async function failureOf(renewing: Promise<void>): Promise<ErpsyncError | undefined> {
  try {
    await renewing;
    return undefined;
  } catch (error) {
    if (error instanceof ErpsyncError) return error;
    throw error;
  }
}

function tooLong<T>(outcome: Outcome<T>, delayMs: number, now: number): Outcome<T> {
  if (outcome.kind !== 'unsent') return outcome;
  const back = new Date(now + delayMs).toISOString();
  const { what, why, httpStatus } = outcome.error;
  const error = new ErpsyncError('unavailable', {
    what,
    why: continued(why, `and it asks to come back at ${back}`, ','),
    next: `run the same command again after ${back}`,
    httpStatus,
  });
  return { ...outcome, again: 'no', error };
}
