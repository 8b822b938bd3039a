import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ErpsyncError } from '../../../src/errors.ts';
import { cellsIn } from '../../../src/resync/key-cells.ts';
import {
  asRange,
  collectKeys,
  type KeyItem,
  type KeyRange,
  keysInCells,
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

/** The keys in the lines of a file. */
async function keysOf(...texts: readonly string[]): Promise<KeyItem[]> {
  const options = { name: 'keys.txt', format: 'lines', column: undefined, opaque: false } as const;
  const cells = cellsIn(Readable.from([texts.join('\n')]) as AsyncIterable<string>, options);
  const found: KeyItem[] = [];
  for await (const ranges of keysInCells(cells, 'keys.txt', false)) found.push(...ranges);
  return found;
}

/** The same, from pieces of a text and without cells. */
async function keysInPieces(pieces: readonly string[]): Promise<KeyItem[]> {
  const found: KeyItem[] = [];
  for await (const keys of keysInLines(Readable.from(pieces) as AsyncIterable<string>, 'keys.txt'))
    found.push(...keys);
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
        message: '--ids, item 3 cannot be used: "12a" is not a whole number from 1 to 2147483647',
        next: 'correct it, and run the same command again',
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

describe('keys one a line', () => {
  const line = fc.oneof(
    key.map(String),
    key.map((each) => ` ${each}\t`),
    fc.constantFrom(
      '',
      ' ',
      '# 12',
      '0',
      '007',
      '2147483648',
      '99999999999',
      '1,2',
      'x',
      '\uFFFD',
      '\0',
      '1'.repeat(70_000),
    ),
    nearlyKeys,
  );
  const told = async (read: Promise<KeyItem[]>): Promise<unknown> =>
    await read.catch((error: unknown) => (error instanceof ErpsyncError ? error.code : error));

  // Of several lines that are wrong the first one is named here, and with cells the first that is no text.
  test('when any lines come in any pieces then the keys are those of their cells, or both are errors of use', async () => {
    const text = fc
      .array(
        fc.tuple(fc.oneof({ weight: 9, arbitrary: key.map(String) }, line), fc.constantFrom('\n', '\r\n')),
        { maxLength: 9 },
      )
      .map((lines) => lines.map(([content, end]) => content + end).join(''));
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.string({ maxLength: 1 }),
        fc.array(fc.nat({ max: 60 }), { maxLength: 4 }),
        async (most, rest, cuts) => {
          const whole = most + rest;
          const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
          const pieces = places.slice(1).map((end, index) => whole.slice(places[index], end));
          expect(await told(keysInPieces(pieces))).toEqual(await told(keysOf(whole)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a list', () => {
  test('when ranges are written with blanks then they are read again, in order', () => {
    const ranges = fc.array(range, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(ranges, blanks, (given, blank) => {
        const text = given.map((each) => written(each, blank)).join(',');
        expect(parseKeyList(text, '--ids').map(asRange)).toEqual(given);
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
        for (const { first, last } of read.value.map(asRange)) {
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
        const { keys, given } = await collectKeys([ranges], 1_000, '--ids');
        expect(Array.from(keys)).toEqual(expected);
        expect(given).toBe(spread.length);
      }),
    );
  });

  test('when the limit is as large as the number of different keys then it is kept, one less is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 9 }), { minLength: 2 }), async (numbers) => {
        const ranges = numbers.map((number) => ({ first: number + 1, last: number + 1 }));
        const different = new Set(numbers).size;
        expect((await collectKeys([ranges], different, 'x')).keys).toHaveLength(different);
        if (different === 1) return;
        await expect(collectKeys([ranges], different - 1, 'x')).rejects.toMatchObject({
          ...usage,
          message: `x cannot be used: it holds more than ${different - 1} keys, the most that a run takes`,
          next: expect.stringContaining('--max-keys'),
        });
      }),
    );
  });

  test('when a range is the largest there is then it is refused without being spread out', async () => {
    await expect(collectKeys([[{ first: 1, last: largestKey }]], 16_000_000, 'x')).rejects.toMatchObject(
      usage,
    );
  });

  test('when there is no key then the list is empty', async () => {
    expect(await collectKeys([], 10, 'keys.txt')).toEqual({ keys: new Int32Array(), given: 0 });
  });

  test('when keys come by the hundred thousand then each is there once, in its order', async () => {
    const numbers = Array.from(
      { length: 300_000 },
      (_, index) => ((Math.imul(index, 0x5bd1e995) >>> 1) % 200_000) + 1,
    );
    const ranges = numbers.map((number) => ({ first: number, last: number }));
    const { keys } = await collectKeys([ranges], 1_000_000, 'x');
    expect(Array.from(keys)).toEqual([...new Set(numbers)]);
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
        const found = await keysOf(...texts);
        expect(found).toEqual(numbers);
      }),
    );
  });

  test.each(['1,2', '1-2', '5 # five', '\u00a0x', '0', '1\uFEFF2', '1\r2'])(
    'when a line is %j then file and line are named',
    async (line) => {
      for (const read of [keysOf('1', '', line), keysInPieces(['1\n\n', line])])
        await expect(read).rejects.toMatchObject({
          ...usage,
          message: expect.stringMatching(
            /^keys\.txt, line 3 cannot be used: ".*" is (?:not a whole number from 1 to 2147483647|more than one cell, and which one holds the key is not said)$/,
          ),
        });
    },
  );
});
