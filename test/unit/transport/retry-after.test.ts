/** How long a server asks to wait: whatever it says, a time that a clock can show. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRetryAfter } from '../../../src/transport/retry-after.ts';

const early = 'Thu, 01 Jan 1970 00:00:00 GMT';
const far = 'Sat, 13 Sep 275760 00:00:00 GMT';

describe('Retry-After', () => {
  test.each<[string, string | undefined, number | undefined]>([
    ['0', undefined, 0],
    ['120', undefined, 120_000],
    [' 5 ', undefined, 5_000],
    ['Thu, 01 Jan 1970 00:02:00 GMT', early, 120_000],
    ['Thursday, 01-Jan-70 00:02:00 GMT', early, 120_000],
    ['Thu Jan  1 00:02:00 1970', early, 120_000],
    [early, 'Thu, 01 Jan 1970 00:02:00 GMT', 0],
    ['1.5', undefined, undefined],
    ['-5', undefined, undefined],
    ['soon', undefined, undefined],
    ['', undefined, undefined],
    [early, 'yesterday', undefined],
  ])('when it is %j and the date %j then it is %j ms', (header, date, expected) => {
    expect(parseRetryAfter(header, date)).toBe(expected);
  });

  test('when it is further away than clocks reach then it can still be shown as a time', () => {
    const wait = parseRetryAfter(far, early) ?? 0;
    expect(wait).toBeGreaterThan(365 * 24 * 3_600_000);
    expect(new Date(Date.now() + wait).toISOString()).toMatch(/^\d{4}-/);
  });

  test('when both headers are anything then so it is', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom(early, far, '999999999', '1e9', 'Tue', 'Tue, 99 Foo 9999'),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(value, fc.option(value, { nil: undefined }), (header, date) => {
        const wait = parseRetryAfter(header, date);
        if (wait === undefined) return;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(() => new Date(Date.now() + wait).toISOString()).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });
});
