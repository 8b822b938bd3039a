import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PackedBodyError, unpacked } from '../../../src/transport/packed-body.ts';

const whole = Buffer.from('{"IsRunning":true}');
const largest = 1_000;

describe('a packed answer', () => {
  test.each<[string, Buffer]>([
    ['identity', whole],
    ['gzip', gzipSync(whole)],
    ['x-gzip', gzipSync(whole)],
    ['DEFLATE', deflateSync(whole)],
    ['br', brotliCompressSync(whole)],
    ['gzip, br', brotliCompressSync(gzipSync(whole))],
  ])('when it comes as %s then it is unpacked', (encoding, packed) => {
    expect(unpacked(packed, encoding, largest)).toEqual(whole);
  });

  test('when it is empty then it stays so', () => {
    expect(unpacked(Buffer.alloc(0), 'gzip', largest)).toHaveLength(0);
  });

  test('when it grows beyond the limit then it is given up as too large', () => {
    const bomb = gzipSync(Buffer.alloc(100_000));
    expect(() => unpacked(bomb, 'gzip', largest)).toThrow(
      expect.objectContaining({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' }),
    );
  });

  test.each(['zstd', 'gzip, gzip, gzip'])('when it comes as %s then that is told', (encoding) => {
    expect(() => unpacked(whole, encoding, largest)).toThrow(PackedBodyError);
  });

  test('when any bytes claim to be packed then they are unpacked or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('gzip', 'deflate', 'br'), (bytes, encoding) => {
        try {
          unpacked(Buffer.from(bytes), encoding, largest);
        } catch (error) {
          expect(error).toBeInstanceOf(PackedBodyError);
        }
      }),
    );
  });
});
