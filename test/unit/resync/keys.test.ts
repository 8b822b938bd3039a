import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  collectKeys,
  type KeyRange,
  keysInLines,
  largestKey,
  parseKey,
  parseKeyList,
} from '../../../src/resync/keys.ts';

const key = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: largestKey }));
/** Text that looks like keys, nearly. */
const nearlyKeys = fc.string({ unit: fc.constantFrom(...'0123456789-+,. \t_eExX１٣²−'), maxLength: 14 });
const anyText = fc.oneof(nearlyKeys, fc.string({ unit: 'binary', maxLength: 12 }), fc.nat().map(String));
const usage = { code: 'usage', exitCode: 2 };

async function* lines(...texts: readonly string[]) {
  yield* texts;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What a call returns, or the code of its error. */
function outcome<T>(call: () => T): { readonly value: T } | { readonly code: unknown } {
  try {
    return { value: call() };
  } catch (error) {
    return { code: error instanceof Error ? Reflect.get(error, 'code') : error };
  }
}

describe('one key', () => {
  test('when a key is written then it is read again', () => {
    fc.assert(
      fc.property(key, (number) => {
        expect(parseKey(String(number), 'here')).toBe(number);
      }),
    );
  });

  test('when any text is read then it is a key in range, written in ASCII digits, or an error of use', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = outcome(() => parseKey(text, 'here'));
        if ('code' in read) {
          expect(read.code).toBe('usage');
          return;
        }
        expect(text).toMatch(/^[0-9]+$/);
        expect(BigInt(text)).toBe(BigInt(read.value));
        expect(read.value >= 1 && read.value <= 2_147_483_647).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('when a number is out of range then it is refused', () => {
    const outside = fc.oneof(
      fc.bigInt({ min: 2_147_483_648n, max: 10n ** 40n }),
      fc.bigInt({ min: -(10n ** 20n), max: 0n }),
    );
    fc.assert(
      fc.property(outside, (number) => {
        expect(() => parseKey(String(number), 'here')).toThrow(expect.objectContaining(usage));
      }),
    );
  });

  test('when a text is refused then place, text and rule are named, and a long text is cut', () => {
    expect(() => parseKey('12a', '--ids, item 3')).toThrow(
      expect.objectContaining({
        message: '--ids, item 3: "12a" is not an internal key',
        hint: 'keys are whole numbers from 1 to 2147483647',
      }),
    );
    expect(() => parseKey('x'.repeat(1_000), 'here')).toThrow(`"${'x'.repeat(60)}..."`);
  });
});

const range = fc.tuple(key, key).map(([a, b]): KeyRange => ({ first: Math.min(a, b), last: Math.max(a, b) }));
const blanks = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 2 });

function written({ first, last }: KeyRange, blank: string): string {
  const text = first === last ? String(first) : `${first}${blank}-${blank}${last}`;
  return `${blank}${text}${blank}`;
}

describe('a list', () => {
  test('when ranges are written with blanks then they are read again, in order', () => {
    const ranges = fc.array(range, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(ranges, blanks, (given, blank) => {
        const text = given.map((each) => written(each, blank)).join(',');
        expect(parseKeyList(text, '--ids')).toEqual(given);
      }),
    );
  });

  test('when any text is read then every range is in order and in range, or it is an error of use', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = outcome(() => parseKeyList(text, '--ids'));
        if ('code' in read) {
          expect(read.code).toBe('usage');
          return;
        }
        expect(read.value.length).toBe(text.split(',').length);
        for (const { first, last } of read.value) {
          expect(first >= 1 && first <= last && last <= 2_147_483_647).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('collecting', () => {
  const small = fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.nat({ max: 8 }))
    .map(([first, more]): KeyRange => ({ first, last: first + more }));

  test('when ranges overlap then each key is there once, where it was first, and all are counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(small, { minLength: 1, maxLength: 12 }), async (ranges) => {
        const spread = ranges.flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, index) => first + index),
        );
        const expected = spread.filter((one, index) => spread.indexOf(one) === index);
        const { keys, given, duplicates } = await collectKeys(ranges, 1_000, '--ids');
        expect(Array.from(keys)).toEqual(expected);
        expect([given, duplicates]).toEqual([spread.length, spread.length - expected.length]);
      }),
    );
  });

  test('when the limit is as large as the number of different keys then it is kept, one less is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 9 }), { minLength: 2 }), async (numbers) => {
        const ranges = numbers.map((number) => ({ first: number + 1, last: number + 1 }));
        const different = new Set(numbers).size;
        expect((await collectKeys(ranges, different, 'x')).keys).toHaveLength(different);
        if (different === 1) return;
        await expect(collectKeys(ranges, different - 1, 'x')).rejects.toMatchObject({
          ...usage,
          message: `x holds more than ${different - 1} keys`,
          hint: expect.stringContaining('--max-keys'),
        });
      }),
    );
  });

  test('when a range is the largest there is then it is refused without being spread out', async () => {
    await expect(collectKeys([{ first: 1, last: largestKey }], 16_000_000, 'x')).rejects.toMatchObject(usage);
  });

  test.each([
    ['an empty list', () => []],
    ['an empty stream', () => keysInLines(lines(), 'keys.txt')],
  ])('when there is %s then it is refused, since it would mean every record', async (_, given) => {
    await expect(collectKeys(given(), 10, 'keys.txt')).rejects.toMatchObject({
      ...usage,
      message: 'keys.txt holds no key',
      hint: expect.stringContaining('--all'),
    });
  });
});

describe('lines', () => {
  const noise = fc.constantFrom('', '   ', '\t', '# a comment', '  #5', '#');

  test('when keys stand between blank lines and comments then they are read, in order', async () => {
    const entry = fc.oneof(
      noise.map((text) => ({ text, number: undefined })),
      fc.tuple(key, blanks).map(([number, blank]) => ({ text: `${blank}${number}${blank}\r`, number })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry), fc.boolean(), async (entries, bom) => {
        const texts = entries.map(({ text }, index) => (bom && index === 0 ? `\uFEFF${text}` : text));
        const numbers = entries.flatMap(({ number }) => (number === undefined ? [] : [number]));
        const found = await all(keysInLines(lines(...texts), 'x'));
        expect(found).toEqual(numbers.map((number) => ({ first: number, last: number })));
      }),
    );
  });

  test.each(['1,2', '1-2', '5 # five', '\u00a0x', '0', '1\uFEFF2', '1\r2'])(
    'when a line is %j then file and line are named',
    async (line) => {
      const read = all(keysInLines(lines('1', '', line), 'keys.txt'));
      await expect(read).rejects.toMatchObject({
        ...usage,
        message: expect.stringMatching(/^keys\.txt, line 3: ".*" is not an internal key$/),
      });
    },
  );
});
