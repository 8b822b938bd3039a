import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paceOf } from '../../../src/transport/pace.ts';

/** When requests leave that are asked for one after the other, with so much time (ms) before each. */
async function departures(rate: number, gaps: readonly number[]): Promise<number[]> {
  let now = 0;
  const pace = paceOf(rate, {
    now: () => now,
    sleep(ms) {
      now += ms;
      return Promise.resolve();
    },
  });
  const times: number[] = [];
  for (const gap of gaps) {
    now += gap;
    await pace.take();
    times.push(now);
  }
  return times;
}

const gapLists = fc.array(fc.nat(300), { minLength: 1, maxLength: 60 });

describe('paceOf', () => {
  test('when any requests come then no second sees more of them than the rate', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), gapLists, async (rate, gaps) => {
        const times = await departures(rate, gaps);
        for (const start of times) {
          const within = times.filter((time) => time >= start && time < start + 1_000);
          expect(within.length).toBeLessThanOrEqual(rate);
        }
      }),
    );
  });

  test('when there are no more than the rate then none waits', async () => {
    expect(await departures(10, Array<number>(10).fill(0))).toEqual(Array<number>(10).fill(0));
    expect((await departures(10, Array<number>(11).fill(0))).at(-1)).toBe(1_000);
  });

  test('when the rate is below one a second then each waits its time', async () => {
    expect(await departures(0.5, [0, 0, 0])).toEqual([0, 2_000, 4_000]);
  });

  test('when the rate is 0 then there is no limit', async () => {
    expect(await departures(0, Array<number>(1_000).fill(0))).toEqual(Array<number>(1_000).fill(0));
  });

  test('when several wait at once then they leave in their order, each at its time', async () => {
    const slept: number[] = [];
    const pace = paceOf(2, {
      now: () => 0,
      sleep(ms) {
        slept.push(ms);
        return Promise.resolve();
      },
    });
    await Promise.all(Array.from({ length: 6 }, () => pace.take()));
    expect(slept).toEqual([1_000, 1_000, 2_000, 2_000]);
  });
});
