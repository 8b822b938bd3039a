import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/agent/contract.ts';
import { ErpsyncError } from '../../../src/errors.ts';
import type { Outcome } from '../../../src/transport/outcome.ts';
import {
  backoffMs,
  delayBeforeRetry,
  longestRetryAfterMs,
  type RetryOptions,
  withRetries,
} from '../../../src/transport/retry.ts';
import { parseRetryAfter } from '../../../src/transport/retry-after.ts';
import { retryBudget } from '../../../src/transport/retry-budget.ts';

const accepted: Outcome<string> = { kind: 'accepted', value: 'done' };
const unknown: Outcome<string> = {
  kind: 'unknown',
  error: new ErpsyncError('unknown', { what: 'lost', why: 'it broke', next: 'look' }),
};
const rejected: Outcome<string> = {
  kind: 'rejected',
  stops: false,
  notFound: false,
  content: true,
  error: new ErpsyncError('rejected', { what: 'no', why: 'it is bad', next: 'mend it', httpStatus: 400 }),
};
function unsent(retryAfterMs?: number, again: 'yes' | 'no' | 'renewed-credential' = 'yes'): Outcome<string> {
  const error = new ErpsyncError('unavailable', {
    what: 'busy',
    why: 'too much',
    next: 'wait',
    httpStatus: 503,
  });
  return { kind: 'unsent', again, retryAfterMs, error };
}

/** From 0 up to, not including, 1: what Math.random gives. */
const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const effects: readonly Effect[] = ['read', 'write', 'destroy'];

describe('backoffMs', () => {
  test('when any jitter is drawn then the wait is between nothing and the doubled step, at most 30 s', () => {
    fc.assert(
      fc.property(fc.nat(2_000), jitter, (retry, random) => {
        const wait = backoffMs(retry, random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** retry));
      }),
    );
  });

  test('when the jitter is the same then a later retry never waits less', () => {
    fc.assert(
      fc.property(fc.nat(100), jitter, (retry, random) => {
        expect(backoffMs(retry + 1, random)).toBeGreaterThanOrEqual(backoffMs(retry, random));
      }),
    );
  });

  test.each([
    [0, 500],
    [1, 1_000],
    [5, 16_000],
    [6, 30_000],
    [60, 30_000],
  ])('when the jitter is full then retry %i waits %i ms', (retry, wait) => {
    expect(backoffMs(retry, 1)).toBe(wait);
  });
});

describe('parseRetryAfter', () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT';

  test('when whole seconds are given then they are that many, whatever Date says', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), (seconds) => {
        expect(parseRetryAfter(String(seconds), undefined)).toBe(seconds * 1_000);
        expect(parseRetryAfter(` ${seconds} `, date)).toBe(seconds * 1_000);
      }),
    );
  });

  test("when a date is given then it counts from the answer's own Date", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        const until = new Date(Date.parse(date) + seconds * 1_000).toUTCString();
        expect(parseRetryAfter(until, date)).toBe(seconds * 1_000);
      }),
    );
  });

  test('when the date has passed then there is nothing to wait for', () => {
    expect(parseRetryAfter('Wed, 21 Oct 2026 07:27:00 GMT', date)).toBe(0);
  });

  test('when a date comes without Date then it counts from the time here', () => {
    const wait = parseRetryAfter(new Date(Date.now() + 3_600_000).toUTCString(), undefined);
    expect(wait).toBeGreaterThan(3_500_000);
    expect(wait).toBeLessThanOrEqual(3_600_000);
  });

  test.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a word', 'soon'],
    ['a fraction', '1.5'],
    ['a negative number', '-1'],
    ['an exponent', '1e3'],
    ['a unit', '120s'],
  ])('when %s is given then it asks for no wait', (_, header) => {
    expect(parseRetryAfter(header, date)).toBeUndefined();
  });

  test('when Date cannot be read then a date asks for no wait', () => {
    expect(parseRetryAfter(date, 'yesterday')).toBeUndefined();
  });
});

describe('delayBeforeRetry', () => {
  test('when the server asks for a wait then it is never shortened, and stretched by at most a second', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(30), jitter, (asked, retry, random) => {
        for (const effect of effects) {
          const wait = delayBeforeRetry(effect, unsent(asked), retry, random) ?? Number.NaN;
          expect(wait).toBeGreaterThanOrEqual(asked);
          expect(wait).toBeLessThanOrEqual(asked + 1_000);
        }
      }),
    );
  });

  test('when it was not sent then every effect is tried again', () => {
    expect(effects.map((effect) => delayBeforeRetry(effect, unsent(), 1, 0.5))).toEqual([500, 500, 500]);
  });

  test('when the answer was lost then only a read is tried again', () => {
    expect(effects.map((effect) => delayBeforeRetry(effect, unknown, 1, 0.5))).toEqual([
      500,
      undefined,
      undefined,
    ]);
  });

  test.each([
    ['accepted', accepted],
    ['rejected', rejected],
    ['unsent for good', unsent(undefined, 'no')],
    ['unsent for want of a credential', unsent(undefined, 'renewed-credential')],
  ])('when it was %s then nothing is tried again', (_, outcome) => {
    expect(effects.map((effect) => delayBeforeRetry(effect, outcome, 0, 0.5))).toEqual(
      effects.map(() => undefined),
    );
  });
});

describe('withRetries', () => {
  const start = Date.UTC(2026, 0, 1);
  /** Calls that end with these outcomes, the last one for good. */
  async function attempt(outcomes: readonly Outcome<string>[], options: Partial<RetryOptions> = {}) {
    const waits: number[] = [];
    let calls = 0;
    const clock: RetryOptions['clock'] = {
      now: () => start,
      random: () => 0.5,
      sleep(ms) {
        waits.push(ms);
        return Promise.resolve();
      },
    };
    const next = (): Promise<Outcome<string>> =>
      Promise.resolve(outcomes[Math.min(calls++, outcomes.length - 1)] ?? accepted);
    const attempted = await withRetries(next, { effect: 'write', retries: 4, clock, ...options });
    return { ...attempted, calls, waits };
  }

  test('when a later try is accepted then that is the outcome, and the tries before it are counted', async () => {
    const result = await attempt([unsent(), unsent(2_000), accepted]);
    expect(result).toEqual({ outcome: accepted, retries: 2, calls: 3, waits: [250, 2_500] });
  });

  test('when no try succeeds then there is one more call than retries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(8), async (retries) => {
        const result = await attempt([unsent()], { retries });
        expect(result).toMatchObject({ outcome: { kind: 'unsent' }, retries, calls: retries + 1 });
      }),
    );
  });

  test('when a retried write ends unknown then it is not tried once more', async () => {
    expect(await attempt([unsent(), unknown, accepted])).toMatchObject({
      outcome: unknown,
      retries: 1,
      calls: 2,
    });
  });

  test('when a read ends unknown then it is tried again', async () => {
    expect(await attempt([unknown, accepted], { effect: 'read' })).toMatchObject({
      outcome: accepted,
      calls: 2,
    });
  });

  test('when the longest wait is asked for then it is waited for', async () => {
    expect(await attempt([unsent(longestRetryAfterMs), accepted])).toMatchObject({
      outcome: accepted,
      waits: [longestRetryAfterMs + 250],
    });
  });

  test('when a longer wait is asked for then it ends at once with the time to come back', async () => {
    const result = await attempt([unsent(3_600_000), accepted]);
    expect(result).toMatchObject({ retries: 0, calls: 1, waits: [] });
    expect(result.outcome).toMatchObject({
      kind: 'unsent',
      again: 'no',
      error: {
        code: 'unavailable',
        httpStatus: 503,
        message: expect.stringContaining('2026-01-01T01:00:00'),
        next: expect.stringContaining('2026-01-01T01:00:00'),
      },
    });
  });

  test('when no try is left then a wait that is too long still names the time to come back', async () => {
    const { outcome } = await attempt([unsent(3_600_000)], { retries: 0 });
    expect(outcome).toMatchObject({ error: { message: expect.stringContaining('2026-01-01T01:00:00') } });
  });

  test('when the signal aborted before then there is no wait', async () => {
    const result = await attempt([unsent(), accepted], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ outcome: { kind: 'unsent' }, retries: 0, calls: 1, waits: [] });
  });

  test('when the signal aborts during the wait then there is no other try', async () => {
    const controller = new AbortController();
    const onRetry = (): void => controller.abort();
    const result = await attempt([unsent(), accepted], { signal: controller.signal, onRetry });
    expect(result).toMatchObject({ outcome: { kind: 'unsent' }, retries: 0, calls: 1, waits: [250] });
  });

  test('when it waits then the outcome and the wait are told first', async () => {
    const told: unknown[] = [];
    await attempt([unsent(), unsent(1_000), accepted], {
      onRetry: (outcome, delayMs) => told.push([outcome.kind, delayMs]),
    });
    expect(told).toEqual([
      ['unsent', 250],
      ['unsent', 1_500],
    ]);
  });

  test('when a credential is not accepted then it is renewed once, and the call made again at once', async () => {
    const renewed: number[] = [];
    const renewal = {
      generation: 3,
      renew(stale: number) {
        renewed.push(stale);
        return Promise.resolve();
      },
    };
    const refused = unsent(undefined, 'renewed-credential');
    const once = await attempt([refused, accepted], { renewal, retries: 0 });
    expect(once).toMatchObject({ outcome: accepted, calls: 2, waits: [] });
    const twice = await attempt([refused, refused, accepted], { renewal });
    expect(twice).toMatchObject({ outcome: { kind: 'unsent' }, calls: 2, waits: [] });
    expect(renewed).toEqual([3, 3]);
  });

  test('when a credential cannot be renewed then the outcome says why', async () => {
    const error = new ErpsyncError('auth', {
      what: 'no login',
      why: 'the password is wrong',
      next: 'give another',
    });
    const renewal = { generation: 0, renew: () => Promise.reject(error) };
    const result = await attempt([unsent(undefined, 'renewed-credential'), accepted], { renewal });
    expect(result).toMatchObject({ outcome: { kind: 'unsent', again: 'no', error }, calls: 1 });
  });

  test('when the budget is used up then there is no further try', async () => {
    const budget = retryBudget(1);
    const result = await attempt([unsent(), unsent(), accepted], { budget });
    expect(result).toMatchObject({ outcome: { kind: 'unsent' }, calls: 2 });
  });

  test('when something has to be done before a try then it is done before each, and its failure ends the call', async () => {
    let tries = 0;
    const beforeTry = () => (++tries === 3 ? Promise.reject(new Error('full')) : Promise.resolve());
    await expect(attempt([unsent(), unsent(), accepted], { beforeTry })).rejects.toThrow('full');
    expect(tries).toBe(3);
  });

  test('when there is a pace then further tries keep to it', async () => {
    let taken = 0;
    const pace = {
      take() {
        taken++;
        return Promise.resolve();
      },
    };
    await attempt([unsent(), unsent(), accepted], { pace });
    expect(taken).toBe(2);
  });
});
