import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  entryLine,
  headerLine,
  type JournalEntry,
  outcomeKinds,
} from '../../../src/resync/journal-entries.ts';
import { halvesOf, Ledger, type PartRecord, replay } from '../../../src/resync/ledger.ts';

const at = '2026-11-24T12:00:00.000Z';
const sizes = { requests: 3, sizeOf: (request: number) => (request === 2 ? 5 : 10) };
const whole = { request: 0, from: 0, count: 10 };
const intent = { event: 'intent', ...whole, attempt: 1 } as const;
const refused = { code: 'rejected', message: 'no such key', httpStatus: 400 } as const;

function journal(...entries: readonly JournalEntry[]): Buffer {
  return Buffer.from(headerLine('r') + entries.map((entry) => entryLine({ at, ...entry })).join(''));
}

function replayed(...entries: readonly JournalEntry[]): Ledger {
  return replay(journal(...entries), 'journal.ndjson', 'r', sizes).ledger;
}

function outcome(kind: (typeof outcomeKinds)[number], part = whole): JournalEntry {
  return { event: 'outcome', ...part, kind, retries: 2, error: kind === 'accepted' ? null : refused };
}

const states = (ledger: Ledger) => [...ledger.parts()].map(({ from, count, state }) => [from, count, state]);

describe('what a journal says', () => {
  test('when nothing was sent then every key is planned', () => {
    expect(replayed().count()).toMatchObject({ planned: 25, accepted: 0, unknown: 0 });
  });

  test('when an intent has no outcome then its keys are unknown', () => {
    expect(replayed(intent).count()).toMatchObject({ planned: 15, unknown: 10 });
  });

  test.each(['accepted', 'rejected', 'unsent', 'unknown'] as const)(
    'when the outcome is %s then so are the keys, with what the server said',
    (kind) => {
      const [part] = replayed(intent, outcome(kind)).partsOf(0);
      const error = kind === 'accepted' ? null : refused;
      expect(part).toEqual({ ...whole, state: kind, attempts: 1, retries: 2, error, task: null });
    },
  );

  test('when a part was split then its halves are planned, and have fates of their own', () => {
    const half = { request: 0, from: 5, count: 5 };
    const ledger = replayed(
      intent,
      outcome('split'),
      { event: 'intent', ...half, attempt: 2 },
      outcome('rejected', half),
    );
    expect(states(ledger).slice(0, 2)).toEqual([
      [0, 5, 'planned'],
      [5, 5, 'rejected'],
    ]);
    expect(ledger.splits).toBe(1);
  });

  test('when a part is sent again then its earlier outcome no longer counts', () => {
    expect(replayed(intent, outcome('rejected'), { ...intent, attempt: 2 }).partsOf(0)).toMatchObject([
      { state: 'unknown', attempts: 2, error: null },
    ]);
  });

  test('when the batch task failed then the accepted keys are failed', () => {
    const ledger = replayed(intent, outcome('accepted'), {
      event: 'task',
      ...whole,
      state: 'failed',
      task: 71,
    });
    expect(ledger.partsOf(0)).toMatchObject([{ state: 'failed', task: 71 }]);
  });

  test('when it was exported then it goes on elsewhere, until it was imported', () => {
    const exported = { event: 'note', note: 'exported', detail: 'run.gz' } as const;
    expect(replayed(exported).exportedTo).toBe('run.gz');
    expect(replayed(exported, { event: 'note', note: 'imported', detail: null }).exportedTo).toBeNull();
  });

  test.each([
    [{ unknown: false, rejected: false, failed: false }, [1, 2]],
    [{ unknown: true, rejected: false, failed: false }, [0, 1, 2]],
  ])('when a resume chooses %j then it sends the requests %j', (choice, requests) => {
    const ledger = replayed(intent, { ...intent, request: 1 }, outcome('unsent', { ...whole, request: 1 }));
    expect(ledger.toSend(choice).map(({ request }) => request)).toEqual(requests);
  });

  test('when only rejected and failed keys are left then it is finished, and they are sent on demand', () => {
    const one = { requests: 1, sizeOf: () => 10 };
    const { ledger } = replay(journal(intent, outcome('rejected')), 'j', 'r', one);
    expect(ledger.finished).toBe(true);
    expect(ledger.toSend({ unknown: true, rejected: false, failed: true })).toEqual([]);
    expect(ledger.toSend({ unknown: false, rejected: true, failed: false })).toHaveLength(1);
  });
});

describe('a journal that is not whole', () => {
  const good = journal(intent, outcome('accepted'));

  test.each<[string, string, string]>([
    ['a line is no JSON', 'x\n', 'it is no object'],
    ['a line is of no kind', `{"at":"${at}","event":"dance"}\n`, '"event" is not one of'],
    ['a request is none of the run', entryLine({ at, ...intent, request: 9 }), 'no request 9'],
    ['keys are none of the request', entryLine({ at, ...intent, count: 11 }), 'no part of request 0'],
    [
      'an outcome has no intent',
      entryLine({ at, ...outcome('accepted', { ...whole, request: 1 }) }),
      'planned',
    ],
    [
      'an outcome is of other keys',
      entryLine({ at, ...outcome('accepted', { ...whole, count: 3 }) }),
      'other keys',
    ],
  ])('when %s then the file and the line are named', (_, line, words) => {
    expect(() =>
      replay(Buffer.concat([good, Buffer.from(line)]), '/runs/a/journal.ndjson', 'r', sizes),
    ).toThrow(
      expect.objectContaining({
        code: 'config',
        message: expect.stringMatching(
          new RegExp(`^/runs/a/journal.ndjson, line 4 cannot be used: .*${words}.*, so it is damaged$`),
        ),
      }),
    );
  });

  test('when it is of a newer version then it says which program to use', () => {
    const newer = Buffer.from(headerLine('r').replace('"format":1', '"format":2'));
    expect(() => replay(newer, 'j', 'r', sizes)).toThrow(
      expect.objectContaining({ code: 'config', next: expect.stringContaining('newer') }),
    );
  });

  test('when it belongs to another run then it is refused', () => {
    expect(() => replay(good, 'j', 'other', sizes)).toThrow('it belongs to run r');
  });

  test('when a power failure left zeros at its end then they are no line', () => {
    const torn = Buffer.concat([good, Buffer.alloc(4096)]);
    expect(replay(torn, 'j', 'r', sizes)).toMatchObject({ length: good.length });
  });
});

/** Entries as a program could have written them, each a choice of what is possible at that moment. */
const histories = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }).map((choices) => {
  const ledger = new Ledger(sizes);
  const entries: JournalEntry[] = [];
  for (const [which, how] of choices) {
    const parts = [...ledger.parts()];
    const part = parts[which % parts.length];
    if (!part) continue;
    const { request, from, count, state } = part;
    const kind = outcomeKinds[how % outcomeKinds.length] ?? 'accepted';
    const keys = { request, from, count };
    const entry: JournalEntry =
      state !== 'unknown' || how % 7 === 0
        ? { event: 'intent', ...keys, attempt: part.attempts + 1 }
        : outcome(kind === 'split' && count < 2 ? 'rejected' : kind, keys);
    if (ledger.apply(entry, at) === undefined) entries.push(entry);
  }
  return entries;
});

describe('every journal', () => {
  test('when it is read then each key of the run is in exactly one part', () => {
    fc.assert(
      fc.property(histories, (entries) => {
        const ledger = replayed(...entries);
        for (let request = 0; request < sizes.requests; request++) {
          let place = 0;
          for (const { from, count } of ledger.partsOf(request)) {
            expect(from).toBe(place);
            place += count;
          }
          expect(place).toBe(sizes.sizeOf(request));
        }
      }),
    );
  });

  test('when it is cut off at any byte then it says what its whole lines say', () => {
    fc.assert(
      fc.property(histories, (entries) => {
        const bytes = journal(...entries);
        const lengths = [headerLine('r').length];
        for (const entry of entries) lengths.push((lengths.at(-1) ?? 0) + entryLine({ at, ...entry }).length);
        const expected: PartRecord[][] = lengths.map((_, lines) => [
          ...replayed(...entries.slice(0, lines)).parts(),
        ]);
        for (let cut = lengths[0] ?? 0; cut <= bytes.length; cut++) {
          const lines = lengths.findLastIndex((length) => length <= cut);
          const { ledger, length } = replay(bytes.subarray(0, cut), 'j', 'r', sizes);
          expect(length).toBe(lengths[lines]);
          // Compared where lines end and in the middle of each; in between it is the same text.
          if (cut === lengths[lines] || cut % 40 === 0) expect([...ledger.parts()]).toEqual(expected[lines]);
        }
      }),
      { numRuns: 12 },
    );
  });

  test('when a part is halved then the halves are it, the larger one first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1000 }), (count) => {
        const [one, two] = halvesOf({ request: 0, from: 3, count }) ?? [];
        expect(two?.from).toBe(3 + (one?.count ?? 0));
        expect((one?.count ?? 0) + (two?.count ?? 0)).toBe(count);
        expect((one?.count ?? 0) - (two?.count ?? 0)).toBeLessThanOrEqual(1);
      }),
    );
    expect(halvesOf({ request: 0, from: 3, count: 1 })).toBeUndefined();
  });
});
