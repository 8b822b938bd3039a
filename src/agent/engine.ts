/** The sync engine: it is asked to run or to stop, and does so some time later. */
import { ErpsyncError } from '../errors.ts';
import type { Outcome } from '../transport/outcome.ts';
import type { Clock } from '../transport/retry.ts';
import type { AgentClient } from './client.ts';
import type { ResultOf } from './contract.ts';
import { parseTimeSpan } from './timespan.ts';

/** The engine as it was seen. */
export interface EngineStatus {
  /** Null if the server does not say. */
  readonly running: boolean | null;
  readonly message: string | null;
  /** Between the rounds, in ms; null if the server does not say. */
  readonly intervalMs: number | null;
}

/** A status from the wire; the interval comes as `00:15:00` or `PT15M`. */
export function engineStatus(value: ResultOf<'GetEngineStatus'>): EngineStatus {
  const { IsRunning, StatusMessage, Interval } = value ?? {};
  return {
    running: IsRunning ?? null,
    message: StatusMessage ?? null,
    intervalMs: (typeof Interval === 'string' ? parseTimeSpan(Interval) : undefined) ?? null,
  };
}

/** How a wait for the engine goes. */
export interface EngineWait {
  /** In ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
}

/** First and longest pause between two looks (ms). */
const [firstPauseMs, longestPauseMs] = [250, 5_000];

/**
 * Looks again and again until the engine runs, or stands still. Ends early, with the engine as it is, when
 * the signal aborts.
 *
 * @throws ErpsyncError `pending` when the time ran out, or when the server could not be asked
 */
export async function waitForEngine(
  client: AgentClient,
  running: boolean,
  { timeoutMs, clock, signal }: EngineWait,
): Promise<EngineStatus> {
  const end = clock.now() + timeoutMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    const status = await lookAt(client, running);
    if (status.running === running || signal?.aborted) return status;
    const leftMs = end - clock.now();
    if (leftMs <= 0) {
      throw new ErpsyncError('pending', {
        what: `the sync engine has not ${running ? 'started' : 'stopped'} in time`,
        why: `it was asked to, and may still do so after the ${timeoutMs / 1_000} s that it was given`,
        next: 'see what it does: erpsync engine status',
      });
    }
    await clock.sleep(Math.min(pauseMs, leftMs), signal);
  }
}

async function lookAt(client: AgentClient, running: boolean): Promise<EngineStatus> {
  try {
    return engineStatus(await client.read('GetEngineStatus', {}));
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    throw new ErpsyncError('pending', {
      what: `the sync engine was asked to ${running ? 'start' : 'stop'}, but could not be looked at`,
      why: error.message,
      next: 'see what it does: erpsync engine status',
      cause: error,
    });
  }
}

/** So often it is tried to have the engine run or stop. */
const tries = 5;

/**
 * Asks the engine to run or to stop. Since asking twice does no harm, a lost answer is tried again.
 *
 * @returns what the last try came to
 */
export async function askEngine(
  client: AgentClient,
  running: boolean,
  clock: Clock,
): Promise<Outcome<ResultOf<'ChangeEngineStatus'>>> {
  for (let tried = 1; ; tried++) {
    const { outcome } = await client.call('ChangeEngineStatus', { Run: running });
    if (outcome.kind !== 'unknown' || tried === tries) return outcome;
    await clock.sleep(tried * 1_000);
  }
}
