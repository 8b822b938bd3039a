import { describe, expect, test } from 'vitest';
import { renewable } from '../../../src/identity/renewable.ts';

/** Credentials numbered as they are fetched; each step waits for its turn. */
function numbered(fails: (number: number) => boolean = () => false) {
  const fetched: string[] = [];
  const next = async (from: string): Promise<string> => {
    const number = fetched.push(from);
    await Promise.resolve();
    if (fails(number)) throw new Error(`no ${number}`);
    return String(number);
  };
  return {
    fetched,
    held: renewable({ first: () => next('first'), another: (refused) => next(`after ${refused}`) }),
  };
}

describe('a credential that runs out', () => {
  test('when many need it then it is fetched once', async () => {
    const { held, fetched } = numbered();
    expect(await Promise.all([held.current(), held.current(), held.current()])).toEqual(['1', '1', '1']);
    expect(fetched).toEqual(['first']);
  });

  test('when many were refused with the same one then another is fetched once, and told which one it was', async () => {
    const { held, fetched } = numbered();
    await held.current();
    const stale = held.renewal.generation;
    await Promise.all([1, 2, 3].map(() => held.renewal.renew(stale)));
    expect(await held.current()).toBe('2');
    // One that comes late with the old one takes what is there.
    await held.renewal.renew(stale);
    expect(fetched).toEqual(['first', 'after 1']);
    expect(held.renewal.generation).toBe(1);
  });

  test('when the first cannot be fetched then the next call tries anew', async () => {
    const { held, fetched } = numbered((number) => number === 1);
    await expect(held.current()).rejects.toThrow('no 1');
    expect(await held.current()).toBe('2');
    expect(fetched).toEqual(['first', 'first']);
  });

  test('when no other is to be had then all hear why, and the refused one is not used again', async () => {
    const { held, fetched } = numbered((number) => number === 2);
    await held.current();
    const ends = await Promise.allSettled([held.renewal.renew(0), held.renewal.renew(0)]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await held.current()).toBe('3');
    expect(fetched).toEqual(['first', 'after 1', 'after 1']);
  });

  test('when it is about to run out then another is fetched for all who ask, and only then', async () => {
    const fetched: string[] = [];
    const spent = new Set<string>();
    const next = async (from: string): Promise<string> => String(fetched.push(from));
    const held = renewable({
      first: () => next('first'),
      another: (refused) => next(`after ${refused}`),
      isSpent: (value) => spent.has(value),
    });
    expect([await held.current(), await held.current()]).toEqual(['1', '1']);
    spent.add('1');
    expect(await Promise.all([held.current(), held.current(), held.current()])).toEqual(['2', '2', '2']);
    expect([fetched, held.renewal.generation]).toEqual([['first', 'after 1'], 1]);
  });

  test('when each one has run out as soon as it is there then it is used all the same', async () => {
    const held = renewable({
      first: async () => 1,
      another: async (refused: number) => refused + 1,
      isSpent: () => true,
    });
    expect([await held.current(), await held.current(), await held.current()]).toEqual([1, 2, 3]);
  });
});
