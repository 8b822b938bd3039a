import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TaskEnd, taskEnd, verdicts } from '../../../src/resync/task-verdicts.ts';

const meaning = {
  succeeded: 'done',
  failed: 'failed',
  vanished: 'unconfirmed',
  open: 'unconfirmed',
} as const;
const ends = fc.array(fc.constantFrom<TaskEnd>('succeeded', 'failed', 'vanished', 'open'), { maxLength: 8 });

describe('verdicts', () => {
  test('when there are more or fewer tasks than requests then every request is unconfirmed', () => {
    fc.assert(
      fc.property(ends, fc.nat(8), fc.boolean(), (seen, accepted, inOrder) => {
        fc.pre(seen.length !== accepted);
        expect(verdicts({ accepted, inOrder }, seen)).toEqual(Array(accepted).fill('unconfirmed'));
      }),
    );
  });

  test('when the requests went in order then each has the end of its task', () => {
    fc.assert(
      fc.property(ends, (seen) => {
        const each = verdicts({ accepted: seen.length, inOrder: true }, seen);
        expect(each).toEqual(seen.map((end) => meaning[end]));
      }),
    );
  });

  test('when the order is not known then the verdict does not depend on which task is whose', () => {
    fc.assert(
      fc.property(
        ends.chain((seen) =>
          fc.tuple(fc.constant(seen), fc.shuffledSubarray(seen, { minLength: seen.length })),
        ),
        ([seen, shuffled]) => {
          const requests = { accepted: seen.length, inOrder: false };
          expect(verdicts(requests, shuffled)).toEqual(verdicts(requests, seen));
          expect(new Set(verdicts(requests, seen)).size).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test.each([
    ['succeeded', 'done'],
    ['failed', 'failed'],
  ] as const)('when all have %s then all are %s in any order', (end, verdict) => {
    expect(verdicts({ accepted: 2, inOrder: false }, [end, end])).toEqual([verdict, verdict]);
  });

  test('when ends differ and the order is not known then nothing is guessed', () => {
    expect(verdicts({ accepted: 2, inOrder: false }, ['succeeded', 'failed'])).toEqual([
      'unconfirmed',
      'unconfirmed',
    ]);
  });
});

test.each([
  ['Succeeded', 'succeeded'],
  ['SucceededManualCleanup', 'succeeded'],
  ['Failed', 'failed'],
  ['New', 'open'],
  ['Aquired', 'open'],
  ['Started', 'open'],
  ['Unknown', 'open'],
] as const)('when a task is %s then it is %s', (state, end) => {
  expect(taskEnd(state)).toBe(end);
});
