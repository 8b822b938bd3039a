import { describe, expect, test } from 'vitest';
import { taskCheck } from '../../../src/resync/task-evidence.ts';

describe('tasks beside requests', () => {
  test.each([
    [3, 2, 1, 'all', 'very likely the server took all'],
    [5, 2, 1, 'all', 'unless other jobs'],
    [3, 2, 2, 'some', 'at least 1 left no task'],
    [2, 2, 2, 'none', 'not proven'],
    [0, 0, 1, 'none', '0 resync tasks appeared for 1 unknown request:'],
    [1, 2, 1, 'nothing', 'nothing follows'],
    [1, 1, 0, 'none-unknown', 'No request of the run is unknown'],
  ])(
    'when %i appeared, %i were accepted and %i are unknown then the finding is %s',
    (tasks, accepted, unknown, finding, words) => {
      const counts = { tasks, isMarked: true, accepted, unknown, repeats: 0 };
      const check = taskCheck(counts, 'erpsync resume nightly');
      expect(check).toEqual({
        ...counts,
        finding,
        message: expect.stringContaining(words),
      });
      const names = ['none', 'some', 'all', 'nothing'].includes(finding);
      expect(check.message.includes('erpsync resume nightly --unknown retry')).toBe(names);
    },
  );

  test('when it is not known which were there before then older ones are spoken of, and nothing is likely', () => {
    const { finding, message } = taskCheck(
      { tasks: 3, isMarked: false, accepted: 2, unknown: 1, repeats: 0 },
      'x',
    );
    expect([finding, message]).toEqual(['all', expect.stringContaining('older ones included')]);
    expect(message).not.toContain('likely');
  });

  test('when requests were sent again then their earlier tries may have made the tasks, and nothing follows', () => {
    const counts = { tasks: 3, isMarked: true, accepted: 2, unknown: 1, repeats: 1 };
    const { finding, message } = taskCheck(counts, 'x');
    expect([finding, message]).toEqual([
      'nothing',
      expect.stringContaining('tasks may be those of earlier tries'),
    ]);
    expect(taskCheck({ ...counts, tasks: 4 }, 'x').finding).toBe('all');
  });
});
