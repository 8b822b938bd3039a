import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ErpsyncError } from '../../../src/errors.ts';
import { dryRunResult, type RunFacts, subjectOf } from '../../../src/resync/result.ts';
import { subjectInWords, summaryInWords } from '../../../src/resync/result-words.ts';
import {
  accepted,
  anyOutcome,
  everyRecord,
  planOf,
  type ResyncOutcome,
  rejected,
  reportOf,
  resultOfReport,
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
const inactive = new ErpsyncError('rejected', 'ERP connection 124 is not active');

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
      message: '4 of 8 keys accepted, 2 rejected, 2 not sent: the key is bad',
    });
  });

  test('when an answer was lost then the error keeps its status and its hint', () => {
    expect(resultOf([rejected, unknown]).error).toMatchObject({
      httpStatus: 502,
      hint: expect.stringContaining('what the batch tasks say of it'),
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
      expect(result.error?.message).toContain('ERP connection 124 is not active');
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
