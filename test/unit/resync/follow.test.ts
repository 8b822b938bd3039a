import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FollowedTask, verdicts } from '../../../src/resync/follow.ts';

const states = fc.constantFrom('Succeeded', 'SucceededManualCleanup', 'Failed', 'Vanished', 'New', 'Started');
const tasks = fc
  .array(states, { maxLength: 8 })
  .map((list) => list.map((state, index): FollowedTask => ({ id: index + 1, state, progressPercent: null })));
const named = (...list: readonly string[]): FollowedTask[] =>
  list.map((state, index) => ({ id: index + 1, state, progressPercent: null }));

describe('verdicts', () => {
  test('when any tasks are seen then there is one verdict for each request, and none is made up', () => {
    fc.assert(
      fc.property(tasks, fc.integer({ min: 1, max: 8 }), fc.boolean(), (seen, requests, inOrder) => {
        const each = verdicts(seen, requests, inOrder);
        expect(each).toHaveLength(requests);
        const done = seen.filter(({ state }) => state.startsWith('Succeeded')).length;
        const failed = seen.filter(({ state }) => state === 'Failed').length;
        expect(each.filter((verdict) => verdict === 'done').length).toBeLessThanOrEqual(done);
        expect(each.filter((verdict) => verdict === 'failed').length).toBeLessThanOrEqual(failed);
        if (seen.length < requests) expect(new Set(each)).toEqual(new Set(['unconfirmed']));
      }),
    );
  });

  test.each([
    ['all went well', named('Succeeded', 'SucceededManualCleanup'), 2, false, ['done', 'done']],
    ['one failed, and they left in order', named('Succeeded', 'Failed'), 2, true, ['done', 'failed']],
    [
      'one failed, and they left together',
      named('Succeeded', 'Failed'),
      2,
      false,
      ['unconfirmed', 'unconfirmed'],
    ],
    [
      'there is one more that looks alike',
      named('Succeeded', 'Failed', 'Succeeded'),
      2,
      true,
      ['unconfirmed', 'unconfirmed'],
    ],
    ['one vanished', named('Vanished'), 1, true, ['unconfirmed']],
  ] as const)('when %s then that follows', (_, seen, requests, inOrder, expected) => {
    expect(verdicts(seen, requests, inOrder)).toEqual(expected);
  });
});
