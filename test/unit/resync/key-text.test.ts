import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cellsIn } from '../../../src/resync/key-cells.ts';
import { keyFileName, textOf } from '../../../src/resync/key-text.ts';

/** The lines of a file, as they are. */
async function* linesOf(path: string, openStdin: () => Readable): AsyncGenerator<string> {
  const options = { name: keyFileName(path), format: 'lines', column: undefined, opaque: true } as const;
  for await (const cells of cellsIn(textOf(path, openStdin), options)) yield* cells.map(({ text }) => text);
}

/** The lines that come out of bytes that come in these pieces. */
async function linesFrom(pieces: readonly Uint8Array[]): Promise<string[]> {
  const stdin = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  const found: string[] = [];
  for await (const line of linesOf('-', () => stdin)) found.push(line);
  return found;
}

function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Error ? error.message : error),
  );
}

const cuts = fc.array(fc.nat({ max: 80_000 }), { maxLength: 12 });
const line = fc.oneof(
  fc.nat().map(String),
  fc.string({ unit: fc.constantFrom('1', 'ä', '€', '😀', ' ', '#', '\u2028', '\r1') }),
);

describe('pieces of a stream', () => {
  test.each(['\n', '\r\n'])(
    'when text is cut anywhere then its lines (ending in %j) are the same',
    async (end) => {
      await fc.assert(
        fc.asyncProperty(fc.array(line), fc.boolean(), cuts, async (given, ended, places) => {
          const text = given.join(end) + (ended && given.length > 0 ? end : '');
          // A last line without text and without an end is none.
          const expected = !ended && given.at(-1) === '' ? given.slice(0, -1) : given;
          expect(await linesFrom(pieces(Buffer.from(text), places))).toEqual(expected);
        }),
        { numRuns: 300 },
      );
    },
  );

  test('when text comes byte by byte then nothing is lost', async () => {
    const bytes = Buffer.from('\uFEFFäöü\r\n😀\n\n€');
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(await linesFrom(single)).toEqual(['äöü', '😀', '', '€']);
  });

  test.each<[string, Uint8Array, string]>([
    [
      'a wrong byte',
      Buffer.from('1\n2\n\xff\n4\n', 'latin1'),
      'standard input, line 3 cannot be used: it is not UTF-8 text',
    ],
    [
      'half a character at the end',
      Buffer.from('1\n2\n€').subarray(0, -1),
      'standard input, line 3 cannot be used: it is not UTF-8 text',
    ],
    ['a NUL', Buffer.from('1\n2\n3\0\n4\n'), 'standard input, line 3 cannot be used: it is not UTF-8 text'],
    [
      'a long line',
      Buffer.from(`1\n2\n${'3'.repeat(70_000)}\n`),
      'standard input, line 3 cannot be used: it is longer than 65536 characters',
    ],
  ])('when there is %s then its line is named, wherever the pieces end', async (_, bytes, message) => {
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        expect(await failureOf(linesFrom(pieces(bytes, places)))).toBe(message);
      }),
    );
  });

  test('when a line never ends then reading stops soon', async () => {
    let read = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          read++;
          yield Buffer.alloc(1_024, '7');
        }
      })(),
    );
    const failed = (async () => {
      for await (const _ of linesOf('-', () => endless));
    })();
    await expect(failed).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('line 1 cannot be used: it is longer'),
    });
    expect(read).toBeLessThan(100);
  });
});

describe('UTF-16', () => {
  test.each(['utf16le', 'utf16be'])(
    'when text begins with the mark of %s then it is read so, wherever the pieces end',
    async (encoding) => {
      const bytes = Buffer.from('\uFEFF100\r\n959\n€', 'utf16le');
      if (encoding === 'utf16be') bytes.swap16();
      await fc.assert(
        fc.asyncProperty(cuts, async (places) => {
          expect(await linesFrom(pieces(bytes, places))).toEqual(['100', '959', '€']);
        }),
      );
    },
  );
});

describe('files', () => {
  function directory(): string {
    const path = mkdtempSync(join(tmpdir(), 'erpsync-keys-'));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  }
  async function failure(path: string): Promise<unknown> {
    const reading = (async () => {
      for await (const _ of linesOf(path, () => Readable.from([])));
    })();
    return await failureOf(reading);
  }

  test('when a file is read then standard input is left alone', async () => {
    const file = join(directory(), '-.txt');
    writeFileSync(file, '1\n2');
    const found: string[] = [];
    const stdin = () => expect.unreachable();
    for await (const each of linesOf(file, stdin)) found.push(each);
    expect(found).toEqual(['1', '2']);
  });

  test('when there is no file then it is told', async () => {
    const path = join(directory(), 'none');
    expect(await failure(path)).toBe(`${path} cannot be read: no such file or directory (ENOENT)`);
  });

  test('when it is a directory then it is told', async () => {
    const path = directory();
    expect(await failure(path)).toBe(`${path} cannot be used: it is a directory`);
  });
});
