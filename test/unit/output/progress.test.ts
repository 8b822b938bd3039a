import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Progress, progressLine, progressText } from '../../../src/output/progress.ts';

const half: Progress = {
  done: 12_000,
  total: 24_000,
  noun: 'keys',
  requests: 12,
  retries: 1,
  elapsedMs: 2_000,
};

describe('progress', () => {
  test('when half is done then it tells how much, how fast, and how long it takes still', () => {
    expect(progressText(half)).toBe(
      '12000 of 24000 keys (50 %), 12 requests, 6000 keys/s, 2 s left, 1 retry',
    );
  });

  test('when nothing is done yet then it does not guess', () => {
    expect(progressText({ ...half, done: 0, requests: 0, retries: 0 })).toBe(
      '0 of 24000 keys (0 %), 0 requests, 0.0 keys/s',
    );
  });

  test.each([
    [3_600_000, '60 min left'],
    [36_000_000, '10 h 0 min left'],
  ])('when it takes another %i ms then that is told in minutes or hours', (elapsedMs, words) => {
    expect(progressText({ ...half, elapsedMs })).toContain(words);
  });

  test('when there is room then a bar stands before it', () => {
    expect(progressLine(half, 120)).toMatch(/^\[={15} {15}\] 12000 of/);
  });

  test('when a terminal has any width then the line is narrower', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(24_000), (columns, done) => {
        expect(progressLine({ ...half, done }, columns).length).toBeLessThan(Math.max(columns, 1));
      }),
    );
  });
});
