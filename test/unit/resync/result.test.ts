import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ErpsyncError } from '../../../src/errors.ts';
import { planResync } from '../../../src/resync/plan.ts';
import {
  dryRunResult,
  nothingSent,
  type RunFacts,
  resyncResult,
  subjectOf,
} from '../../../src/resync/result.ts';
import { subjectInWords, summaryInWords } from '../../../src/resync/result-words.ts';
import type { FollowedRun, RunEnd } from '../../../src/resync/run-end.ts';
import {
  accepted,
  anyOutcome,
  everyRecord,
  laterTally,
  planOf,
  type ResyncOutcome,
  rejected,
  reportOf,
  resultOfReport,
  source,
  stopping,
  type TestReport,
  unknown,
  unsent,
} from './run-fixture.ts';

const facts: RunFacts = {
  run: 'r',
  profile: null,
  url: 'https://so.example',
  transport: 'rest',
  durationMs: 5,
};
const noEnd = { signal: undefined, problem: undefined };
const inactive = new ErpsyncError('rejected', {
  what: 'ERP connection 124 cannot be the source',
  why: 'it is not active',
  next: 'make it active: erpsync connections enable 124',
});
const unavailable = new ErpsyncError('unavailable', {
  what: 'the server does not answer',
  why: 'it is away',
  next: 'look at it: erpsync doctor',
});
const unwritten = new ErpsyncError('storage', {
  what: '--failed-out x was not written',
  why: 'i/o error (EIO)',
  next: 'print its keys elsewhere: erpsync runs keys r --state rejected -o ids',
});

/** The result of a run with these outcomes for the first of `planned` requests, two keys in each. */
function resultOf(
  outcomes: readonly ResyncOutcome[],
  planned = outcomes.length,
  stopped?: TestReport['stopped'],
) {
  const plan = planOf(planned * 2, 2);
  return resultOfReport(plan, reportOf(plan, outcomes, stopped), facts, noEnd);
}

describe('exit code and status', () => {
  test.each<[string, readonly ResyncOutcome[], number, string]>([
    ['all was accepted', [accepted, accepted], 0, 'ok'],
    ['all was rejected', [rejected, rejected], 6, 'rejected'],
    ['some was rejected', [accepted, rejected], 10, 'partial'],
    ['some was not sent', [accepted, unsent('unavailable')], 10, 'partial'],
    ['some was forbidden', [accepted, unsent('forbidden')], 10, 'partial'],
    ['one answer was lost', [unknown], 11, 'unknown'],
    ['one answer was lost among others', [accepted, unknown, accepted], 11, 'unknown'],
    ['one answer was lost and one request rejected', [accepted, rejected, unknown], 11, 'unknown'],
    ['one answer was lost before the credential expired', [unknown, unsent('auth')], 11, 'unknown'],
    ['the credential was refused', [unsent('auth')], 4, 'failed'],
    ['it was forbidden', [unsent('forbidden')], 5, 'failed'],
    ['the operation is not there', [stopping], 6, 'rejected'],
    ['there was no connection', [unsent('network')], 7, 'failed'],
    ['the server was busy', [unsent('unavailable')], 9, 'failed'],
    ['nothing was accepted for two reasons', [rejected, unsent('auth')], 4, 'failed'],
    ['nothing was accepted for two other reasons', [rejected, unsent('unavailable')], 6, 'rejected'],
  ])('when %s then the code follows', (_, outcomes, exitCode, status) => {
    const result = resultOf(outcomes);
    expect([result.exitCode, result.status]).toEqual([exitCode, status]);
    expect(result.error?.exitCode ?? 0).toBe(exitCode);
  });

  test('when any outcomes come then the code is 0 if all was accepted, 11 if any is unknown, else 10 if any was accepted', () => {
    fc.assert(
      fc.property(fc.array(anyOutcome, { minLength: 1, maxLength: 8 }), fc.nat(3), (outcomes, untried) => {
        const kinds = outcomes.map(({ kind }) => kind);
        const { exitCode, error } = resultOf(outcomes, outcomes.length + untried);
        const all = untried === 0 && kinds.every((kind) => kind === 'accepted');
        expect(exitCode === 0).toBe(all);
        expect(error === null).toBe(all);
        if (kinds.includes('unknown')) expect(exitCode).toBe(11);
        else if (!all && kinds.includes('accepted')) expect(exitCode).toBe(10);
        else if (!all) expect([4, 5, 6, 7, 9]).toContain(exitCode);
      }),
    );
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('when %s ended it then the code is its own, whatever else came up', (signal, exitCode) => {
    const plan = planOf(4);
    for (const outcomes of [[], [accepted], [accepted, rejected, unknown], [unsent('unavailable')]]) {
      const report = reportOf(plan, outcomes, 'interrupted');
      const result = resultOfReport(plan, report, facts, { signal, problem: undefined });
      expect([result.exitCode, result.status, result.error?.code]).toEqual([
        exitCode,
        'interrupted',
        'interrupted',
      ]);
    }
  });

  test('when several causes come then the error is told with the counts and the first cause', () => {
    expect(resultOf([accepted, rejected, accepted], 4).error).toMatchObject({
      code: 'partial',
      message: '4 of 8 keys accepted, 2 rejected, 2 not sent: the keys are refused: one is bad',
    });
  });

  test('when an answer was lost then the error keeps its status', () => {
    expect(resultOf([rejected, unknown]).error).toMatchObject({ code: 'unknown', httpStatus: 502 });
  });
});

describe('the error in three parts', () => {
  const full = new ErpsyncError('storage', {
    what: 'journal.ndjson cannot be written',
    why: 'no space left on device (ENOSPC)',
    next: 'make room',
    cause: Object.assign(new Error(), { code: 'ENOSPC' }),
  });
  const task = (id: number, state: string) => ({ id, state, progressPercent: null });
  const followed = (tasks: readonly ReturnType<typeof task>[], more: Partial<FollowedRun> = {}) => ({
    followed: { tasks, failed: false, pending: true, ended: 'all', error: undefined, ...more } as const,
  });
  const unknownNext =
    'look what the batch tasks say of it: erpsync resume r --unknown check; send again what is unknown: erpsync resume r --unknown retry';

  test.each<[string, readonly ResyncOutcome[], number, Partial<RunEnd>, string, string, string]>([
    [
      'some was not sent',
      [accepted, unsent('unavailable')],
      3,
      {},
      '2 of 6 keys accepted, 4 not sent',
      'not sent: unavailable',
      'send the rest: erpsync resume r',
    ],
    [
      'some was rejected',
      [accepted, rejected],
      2,
      {},
      '2 of 4 keys accepted, 2 rejected',
      'the keys are refused: one is bad',
      'look at their keys: erpsync runs keys r --state rejected; send them again: erpsync resume r --rejected',
    ],
    [
      'an answer was lost',
      [accepted, unknown],
      2,
      {},
      '2 of 4 keys accepted, 2 unknown',
      'the answer was lost: a proxy says 502',
      unknownNext,
    ],
    [
      'the batch tasks were looked at',
      [accepted, unknown],
      2,
      { checked: true },
      '2 of 4 keys accepted, 2 unknown',
      'the answer was lost: a proxy says 502',
      'send again what is unknown: erpsync resume r --unknown retry',
    ],
    [
      'a signal came',
      [accepted, rejected],
      3,
      { signal: 'SIGTERM' },
      '2 of 6 keys accepted, 2 rejected, 2 not sent',
      'ended by SIGTERM; the keys are refused: one is bad',
      'send the rest: erpsync resume r',
    ],
    [
      'a signal came after the last request',
      [accepted],
      1,
      { signal: 'SIGINT' },
      '2 of 2 keys accepted',
      'ended by SIGINT',
      'watch the batch tasks: erpsync tasks watch',
    ],
    [
      'a signal came while tasks were watched',
      [accepted, accepted, accepted],
      3,
      { signal: 'SIGINT', ...followed([task(6, 'Started'), task(7, 'Succeeded'), task(8, 'New')]) },
      '6 of 6 keys accepted',
      'SIGINT ended the watching, not the batch tasks',
      'watch on: erpsync tasks watch 6 8',
    ],
    [
      'a signal came before any task showed',
      [accepted],
      1,
      { signal: 'SIGINT', ...followed([]) },
      '2 of 2 keys accepted',
      'SIGINT ended the watching, not the batch tasks',
      'watch on: erpsync tasks watch',
    ],
    [
      'the wait ran out',
      [accepted, accepted],
      2,
      followed([task(6, 'Started'), task(7, 'New')], { ended: 'time' }),
      '4 of 4 keys accepted, and not all of it was seen to be synced',
      'the wait ran out before batch tasks 6, 7 ended',
      'watch on: erpsync tasks watch 6 7',
    ],
    [
      'no task showed',
      [accepted],
      1,
      followed([], { ended: 'time' }),
      '2 of 2 keys accepted, and not all of it was seen to be synced',
      'the wait ran out, and its batch task did not show',
      'watch on: erpsync tasks watch',
    ],
    [
      'a task vanished',
      [accepted],
      1,
      followed([task(6, 'Vanished')]),
      '2 of 2 keys accepted, and not all of it was seen to be synced',
      'the server removed batch task 6 before the end was seen',
      'look what was synced: erpsync log',
    ],
    [
      'the tasks can no longer be seen',
      [accepted],
      1,
      followed([task(6, 'New')], { ended: 'unseen', error: unavailable }),
      '2 of 2 keys accepted, and not all of it was seen to be synced',
      'the batch tasks can no longer be seen: the server does not answer: it is away',
      'watch on: erpsync tasks watch 6',
    ],
    [
      'there are more tasks than requests',
      [accepted],
      1,
      followed([task(6, 'Failed'), task(7, 'Succeeded')]),
      '2 of 2 keys accepted, and not all of it was seen to be synced',
      'other batch tasks of this user cannot be told from its own',
      'look what was synced: erpsync log',
    ],
    [
      'tasks failed',
      [accepted, accepted],
      2,
      followed([task(6, 'Failed'), task(7, 'Failed')], { failed: true }),
      '4 of 4 keys accepted, and not all of it synced',
      'batch tasks 6, 7 failed',
      'see what the first one says: erpsync tasks show 6',
    ],
    [
      'the disk is full',
      [accepted],
      2,
      { journal: full },
      '2 of 4 keys accepted, 2 not sent',
      'journal.ndjson cannot be written: no space left on device (ENOSPC)',
      'make room on that disk, then: erpsync resume r',
    ],
    [
      'the disk took not even the answers',
      [accepted, rejected],
      3,
      { journal: full, unrecorded: 2 },
      '2 of 6 keys accepted, 2 rejected, 2 not sent',
      'the keys are refused: one is bad; journal.ndjson cannot be written: no space left on device (ENOSPC); the answers to 2 keys could not be written down, so they count as unknown',
      'make room on that disk, then: erpsync resume r',
    ],
    [
      'a file of keys could not be written',
      [accepted, rejected],
      2,
      { leftovers: unwritten },
      '2 of 4 keys accepted, 2 rejected',
      'the keys are refused: one is bad; --failed-out x was not written: i/o error (EIO)',
      'print its keys elsewhere: erpsync runs keys r --state rejected -o ids',
    ],
    [
      'the source became inactive meanwhile',
      [accepted],
      1,
      { problem: inactive },
      '2 of 2 keys accepted, and possibly not synced',
      'meanwhile ERP connection 124 cannot be the source: it is not active',
      'watch the batch tasks: erpsync tasks watch',
    ],
  ])('when %s then counts, cause and command are told', (_, outcomes, planned, end, what, why, next) => {
    const plan = planOf(planned * 2, 2);
    const { error } = resultOfReport(plan, reportOf(plan, outcomes), facts, { ...noEnd, ...end });
    expect([error?.message, error?.hint]).toEqual([`${what}: ${why}`, next]);
  });

  test('when the run has a name then the command has it', () => {
    const plan = planOf(2);
    const subject = { ...subjectOf(plan), name: "a 'b" };
    const { error } = resyncResult(subject, { ...nothingSent(1, 1), attempted: true }, facts, {
      signal: 'SIGHUP',
      problem: undefined,
    });
    expect(error?.hint).toBe("send the rest: erpsync resume 'a '\\''b'");
  });

  test('when nothing was begun then the cause is told as it is, and that nothing was sent', () => {
    const plan = planOf(1);
    const of = (signal: RunEnd['signal']) =>
      resultOfReport(plan, reportOf(plan, []), facts, { signal, problem: unavailable }).error;
    expect([of(undefined), of('SIGTERM')]).toMatchObject([
      {
        code: 'unavailable',
        message: 'the server does not answer: it is away, so nothing was sent',
        hint: 'look at it: erpsync doctor',
      },
      {
        code: 'interrupted',
        message: 'ended by SIGTERM: the server does not answer: it is away, so nothing was sent',
        hint: 'run the same command again',
      },
    ]);
  });

  test('when a run was direct then there are no batch tasks to look at', () => {
    const plan = planResync(source, planOf(1).target, { mode: 'direct', keepNonBlank: false, chunkSize: 1 });
    const hintOf = (outcome: ResyncOutcome, signal: RunEnd['signal']) =>
      resultOfReport(plan, reportOf(plan, [outcome]), facts, { ...noEnd, signal }).error?.hint;
    expect(hintOf(accepted, 'SIGINT')).toBe('look what was synced: erpsync log');
    expect(hintOf(unknown, undefined)).toBe(
      'look what was synced: erpsync log; send again what is unknown: erpsync resume r --unknown retry',
    );
  });

  test('when every record was refused then no keys are named', () => {
    const result = resultOfReport(everyRecord, reportOf(everyRecord, [rejected]), facts, {
      ...noEnd,
      signal: 'SIGINT',
    });
    expect(result.error?.hint).toBe('send them again: erpsync resume r --rejected');
  });

  test('when a run that was rejected is looked at later then the counts explain it', () => {
    const plan = planOf(2);
    const { error } = resyncResult(subjectOf(plan), laterTally(plan, [rejected, rejected]), facts, noEnd);
    expect(error).toMatchObject({
      code: 'rejected',
      exitCode: 6,
      httpStatus: 400,
      message: '0 of 2 keys accepted, 2 rejected: the keys are refused: one is bad',
      hint: 'look at their keys: erpsync runs keys r --state rejected; send them again: erpsync resume r --rejected',
    });
  });
});

describe('a source that is none any more', () => {
  const ended = (outcomes: readonly ResyncOutcome[]) => {
    const plan = planOf(outcomes.length);
    return resultOfReport(plan, reportOf(plan, outcomes), facts, { signal: undefined, problem: inactive });
  };

  test('when it turned so before the run then nothing was sent and the code is 6', () => {
    const plan = planOf(3);
    const result = resultOfReport(plan, reportOf(plan, []), facts, { signal: undefined, problem: inactive });
    expect(result).toMatchObject({ exitCode: 6, status: 'rejected', keys: { accepted: 0, unsent: 3 } });
  });

  test.each<[string, readonly ResyncOutcome[], number]>([
    ['all was accepted', [accepted, accepted], 10],
    ['some was accepted', [accepted, rejected], 10],
    ['an answer was lost', [accepted, unknown], 11],
  ])(
    'when it turned so meanwhile and %s then the code is not 0 and the message says so',
    (_, outcomes, exitCode) => {
      const result = ended(outcomes);
      expect(result.exitCode).toBe(exitCode);
      expect(result.error?.message).toContain('ERP connection 124 cannot be the source: it is not active');
    },
  );
});

describe('counts', () => {
  test('when any outcomes come then those of the keys and of the requests add up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 10 }),
        fc.nat(20),
        fc.array(anyOutcome, { maxLength: 60 }),
        (size, chunkSize, duplicates, outcomes) => {
          const plan = planOf(size, chunkSize, duplicates);
          const report = reportOf(plan, outcomes.slice(0, plan.requests.length));
          const { keys, requests } = resultOfReport(plan, report, facts, noEnd);
          const sum = ({ accepted: a, rejected: r, unsent: s, unknown: u }: typeof keys | typeof requests) =>
            (a ?? 0) + (r ?? 0) + (s ?? 0) + (u ?? 0);
          expect(sum(keys)).toBe(size);
          expect(keys).toMatchObject({ given: size + duplicates, duplicates, unresolved: 0 });
          expect(sum(requests)).toBe(requests.planned);
          expect(requests.planned).toBe(plan.requests.length);
        },
      ),
    );
  });

  test('when the last request is shorter then its keys are counted, not the size of a request', () => {
    const plan = planOf(5, 2);
    const { keys, requests } = resultOfReport(
      plan,
      reportOf(plan, [accepted, rejected, unknown]),
      facts,
      noEnd,
    );
    expect(keys).toMatchObject({ accepted: 2, rejected: 2, unknown: 1, unsent: 0 });
    expect(requests).toEqual({ planned: 3, accepted: 1, rejected: 1, unsent: 0, unknown: 1, retries: 3 });
  });

  test('when every record was asked for then keys are not counted', () => {
    const { keys, requests } = resultOfReport(everyRecord, reportOf(everyRecord, [accepted]), facts, noEnd);
    expect(new Set(Object.values(keys))).toEqual(new Set([null]));
    expect(requests).toMatchObject({ planned: 1, accepted: 1 });
  });

  test('when it was a dry run then nothing counts as unsent, and the plan names each request', () => {
    const { status, exitCode, keys, plan } = dryRunResult(planOf(3, 2), facts, 'https://so.example/x');
    expect([status, exitCode, keys.unsent]).toEqual(['dry-run', 0, 0]);
    expect(plan).toEqual([
      { index: 0, method: 'POST', url: 'https://so.example/x', keys: 2, first: 1, last: 2 },
      { index: 1, method: 'POST', url: 'https://so.example/x', keys: 1, first: 3, last: 3 },
    ]);
  });
});

describe('words', () => {
  const way = 'from ERP connection 124 "Visma Net" to all other connections and SuperOffice';
  test.each<[string, readonly ResyncOutcome[], string]>([
    [
      'all was accepted',
      [accepted, accepted],
      `Queued on the server, not yet synced: 4 keys in 2 requests, ${way}. It took 1 retry.`,
    ],
    [
      'some was',
      [accepted, rejected],
      `Queued on the server, not yet synced: 2 keys in 1 request, ${way}. It took 1 retry.`,
    ],
    ['none was', [rejected], 'Nothing was queued.'],
    ['nobody knows', [unknown], 'It is not known whether anything was queued.'],
  ])('when %s then the summary says what was queued', (_, outcomes, words) => {
    expect(summaryInWords(resultOf(outcomes))).toBe(words);
  });

  test('when keys were given twice then the plan says how many', () => {
    expect(subjectInWords(subjectOf(planOf(3, 2, 1)), planOf(3, 2, 1).requests.length)).toBe(
      `3 keys (1 duplicate left out) in 2 requests, ${way}`,
    );
  });
});
