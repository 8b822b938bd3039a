import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openExternalKeys, openInternalKeys } from '../../../src/resync/key-file.ts';
import { spoolExternalKeys, spoolInternalKeys } from '../../../src/resync/key-spool.ts';
import { inShard, type Shard } from '../../../src/resync/shard.ts';
import { startChild, useChildBundle } from '../profiles/child-process.ts';
import { statePlace } from './stored-run.ts';

const child = useChildBundle(join(import.meta.dirname, 'run-child.ts'));

const options = { maxKeys: 1_000_000, where: 'keys.txt', shard: null };
const newFile = (): string => join(statePlace().directory, 'keys');
const cellsOf = (texts: readonly string[]) => texts.map((text, index) => ({ text, line: index + 1 }));
const rangesOf = (keys: readonly number[]) => keys.map((key) => ({ first: key, last: key }));

async function internal(keys: readonly number[], shard: Shard | null = null) {
  const path = newFile();
  const spooled = await spoolInternalKeys(path, [rangesOf(keys)], { ...options, shard });
  return { ...spooled, bytes: readFileSync(path) };
}

describe('the key file of a run', () => {
  test('when keys come twice then each is written once, in the order given, and all are counted', async () => {
    const { bytes, count, given } = await internal([7, 2_147_483_647, 7, 1]);
    expect([count, given]).toEqual([3, 4]);
    expect([0, 4, 8].map((place) => bytes.readInt32LE(place))).toEqual([7, 2_147_483_647, 1]);
  });

  test('when there are more than allowed then that is refused before a range is spread out', async () => {
    const ranges = [[{ first: 1, last: 2_147_483_647 }]];
    await expect(spoolInternalKeys(newFile(), ranges, options)).rejects.toMatchObject({ code: 'usage' });
    await expect(
      spoolExternalKeys(newFile(), [cellsOf(['a', 'b'])], { ...options, maxKeys: 1 }),
    ).rejects.toMatchObject({ code: 'usage' });
  });

  test.each([
    ['', 'is empty'],
    ['a\nb', 'line break'],
    ['\ud83d', 'half a character'],
    ['x'.repeat(65_537), 'longer'],
  ])('when an ERP key is %j then its line is named', async (key, words) => {
    const spooling = spoolExternalKeys(newFile(), [cellsOf(['ok', key])], options);
    await expect(spooling).rejects.toThrow(new RegExp(`keys.txt, line 2 .*${words}`));
  });

  test('when the source fails then so does it', async () => {
    const failing = async function* () {
      yield rangesOf([1]);
      throw new Error('cut off');
    };
    await expect(spoolInternalKeys(newFile(), failing(), options)).rejects.toThrow('cut off');
  });

  test('when there are more keys than one block of the file takes then all are in it', async () => {
    const path = newFile();
    await spoolInternalKeys(path, [[{ first: 1, last: 200_000 }]], options);
    const file = await openInternalKeys(path, 200_000);
    expect(await file.read(199_998, 2)).toEqual(Int32Array.of(199_999, 200_000));
    await file.close();
  });

  test('when any texts are given then each is read back once, from any place', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((key) => !/[\0\r\n]/.test(key));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 600 }),
        fc.nat(),
        fc.nat(),
        async (given, a, b) => {
          const path = newFile();
          const { count } = await spoolExternalKeys(path, [cellsOf(given)], options);
          const keys = [...new Set(given)];
          expect(count).toBe(keys.length);
          const from = a % count;
          const length = 1 + (b % (count - from));
          const file = await openExternalKeys(path, count);
          expect(await file.read(from, length)).toEqual(keys.slice(from, from + length));
          await file.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  test('when many ERP keys are given then none is taken for another', async () => {
    const keys = Array.from({ length: 20_000 }, (_, number) => `K${number}`);
    const { count, given } = await spoolExternalKeys(newFile(), [cellsOf([...keys, ...keys])], options);
    expect([count, given]).toEqual([20_000, 40_000]);
  });

  test('when a file of ERP keys has another number of lines then it is damaged', async () => {
    const path = newFile();
    await spoolExternalKeys(path, [cellsOf(['a', 'b'])], options);
    const file = await openExternalKeys(path, 3);
    await expect(file.read(0, 1)).rejects.toMatchObject({ code: 'config' });
    await file.close();
  });
});

describe('a list of a million keys', () => {
  test.each(['internal', 'external'])(
    'when %s keys come in random order then 150 MB are enough for the whole process',
    async (kind) => {
      const place = statePlace();
      const file = join(place.directory, 'keys.txt');
      // A generator of all numbers below 2^31 - 1, none twice.
      let key = 1;
      const lines = Array.from({ length: 1_000_000 }, () => {
        key = Number((BigInt(key) * 48_271n) % 2_147_483_647n);
        return `${key}\n`;
      });
      writeFileSync(file, lines.join(''));
      const words = [child.file, 'spool', place.directory, kind, file];
      const { stdout } = await startChild(process.execPath, words);
      const { count, peakMb } = JSON.parse(stdout);
      expect(count).toBe(1_000_000);
      expect(peakMb).toBeLessThan(150);
    },
  );
});

describe('shards', () => {
  test('when a list is parted then each key is in one part, whatever the order, and all are counted', async () => {
    const keys = Array.from({ length: 3000 }, (_, number) => 11 * number + 11);
    const parts = await Promise.all([1, 2, 3].map((index) => internal(keys, { index, count: 3 })));
    const backwards = await internal(keys.toReversed(), { index: 2, count: 3 });
    const second = parts[1];
    expect(second?.count).toBe(backwards.count);
    expect(parts.map(({ count, elsewhere }) => count + elsewhere)).toEqual([3000, 3000, 3000]);
    expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(3000);
    for (const { count } of parts) expect(count).toBeGreaterThan(850);
  });

  test('when keys have a pattern then two parts are still about the same', () => {
    const half = { index: 1, count: 2 };
    for (const step of [2, 10, 11, 64, 1000]) {
      const keys = Array.from({ length: 2000 }, (_, number) => step * (number + 1));
      const taken = keys.filter((key) => inShard(key, half)).length;
      expect(Math.abs(taken - 1000)).toBeLessThan(150);
    }
  });

  // Other versions of erpsync, on other machines, must part alike: these never change.
  test.each<[number | string, number]>([
    [1, 72],
    [124, 962],
    [2_147_483_647, 325],
    ['C-1001', 659],
    ['Ærø', 482],
  ])('when the key is %j then its part of 1000 is %i', (key, part) => {
    const found = Array.from({ length: 1000 }, (_, index) => index + 1).find((index) =>
      inShard(key, { index, count: 1000 }),
    );
    expect(found).toBe(part);
  });

  test('when a number and a text look alike then they are in one part', () => {
    expect(inShard(124, { index: 3, count: 7 })).toBe(inShard('124', { index: 3, count: 7 }));
  });
});
