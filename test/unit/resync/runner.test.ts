import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ErpsyncError } from '../../../src/errors.ts';
import type { PlannedRequest } from '../../../src/resync/plan.ts';
import { type RunReport, sendAll } from '../../../src/resync/runner.ts';
import {
  accepted,
  anyOutcome,
  planOf,
  type ResyncOutcome,
  rejected,
  stopping,
  unknown,
  unsent,
} from './run-fixture.ts';

/** Halves of a request's keys. */
function halved({ index, keys }: PlannedRequest): readonly [PlannedRequest, PlannedRequest] | undefined {
  if (keys === null || keys.length < 2) return undefined;
  const middle = Math.ceil(keys.length / 2);
  return [
    { index, keys: keys.slice(0, middle) },
    { index, keys: keys.slice(middle) },
  ];
}

const unpaced = { take: () => Promise.resolve() };

interface Told {
  readonly maxUnknown?: number;
  readonly controller?: AbortController;
  /** The signal aborts while this request is under way. */
  readonly abortDuring?: number;
}
interface Ran {
  readonly report: RunReport<PlannedRequest>;
  readonly sent: readonly number[];
  readonly told: readonly string[];
}

/** Runs a plan with one request for each outcome. */
async function ran(outcomes: readonly ResyncOutcome[], options: Told = {}): Promise<Ran> {
  const { maxUnknown = 3, controller = new AbortController(), abortDuring } = options;
  const sent: number[] = [];
  const told: string[] = [];
  const report = await sendAll(planOf(outcomes.length).requests, {
    halve: halved,
    send({ index }) {
      sent.push(index);
      if (index === abortDuring) controller.abort('SIGINT');
      return Promise.resolve({ outcome: outcomes[index] ?? accepted, retries: index });
    },
    concurrency: 1,
    pace: unpaced,
    maxUnknown,
    splits: 0,
    signal: controller.signal,
    onOutcome: ({ request, outcome }) => told.push(`${request.index} ${outcome.kind}`),
  });
  return { report, sent, told };
}
const kinds = ({ report }: Ran): readonly string[] => report.outcomes.map(({ outcome }) => outcome.kind);

describe('the whole plan', () => {
  test('when all is accepted then each request is sent once, in order, and told as it happens', async () => {
    const result = await ran([accepted, accepted, accepted]);
    expect(result.sent).toEqual([0, 1, 2]);
    expect(result.told).toEqual(['0 accepted', '1 accepted', '2 accepted']);
    expect(result.report.stopped).toBeUndefined();
    expect(result.report.outcomes.map(({ retries }) => retries)).toEqual([0, 1, 2]);
  });

  test('when requests are rejected for their content then the others are sent all the same', async () => {
    const result = await ran([rejected, accepted, rejected, accepted]);
    expect(kinds(result)).toEqual(['rejected', 'accepted', 'rejected', 'accepted']);
    expect(result.report.stopped).toBeUndefined();
  });

  test('when any outcomes come then those of a report are the first ones, each request sent once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOutcome, { minLength: 1, maxLength: 12 }), async (outcomes) => {
        const result = await ran(outcomes);
        expect(result.report.outcomes.map(({ outcome }) => outcome)).toEqual(
          outcomes.slice(0, result.sent.length),
        );
        expect(result.sent).toEqual([...result.sent.keys()]);
        expect(result.report.stopped === undefined).toBe(result.sent.length === outcomes.length);
      }),
    );
  });
});

describe('what ends a run early', () => {
  test.each<[string, ResyncOutcome]>([
    ['could not be sent for want of a server', unsent('unavailable')],
    ['could not be sent for want of a credential', unsent('auth')],
    ['could not be sent over the network', unsent('network')],
    ['was refused as any other would be', stopping],
  ])('when a request %s then no further one is sent', async (_, outcome) => {
    const result = await ran([accepted, outcome, accepted]);
    expect(result.sent).toEqual([0, 1]);
    expect(result.report.stopped).toBe('outcome');
  });

  test('when three answers in a row are lost then no further request is sent', async () => {
    const result = await ran([unknown, unknown, unknown, accepted]);
    expect(result.sent).toEqual([0, 1, 2]);
    expect(result.report.stopped).toBe('unknowns');
  });

  test.each<[string, ResyncOutcome]>([
    ['accepted', accepted],
    ['rejected', rejected],
  ])('when a request is %s between lost answers then they are not in a row', async (_, between) => {
    const result = await ran([unknown, unknown, between, unknown, unknown, between]);
    expect(result.sent).toHaveLength(6);
    expect(result.report.stopped).toBeUndefined();
  });

  test('when one lost answer is allowed then the first one ends the run', async () => {
    const result = await ran([unknown, accepted], { maxUnknown: 1 });
    expect(result.sent).toEqual([0]);
    expect(result.report.stopped).toBe('unknowns');
  });
});

describe('the signal', () => {
  test('when it aborted before then nothing is sent', async () => {
    const controller = new AbortController();
    controller.abort('SIGINT');
    const result = await ran([accepted], { controller });
    expect(result.report).toMatchObject({ outcomes: [], stopped: 'interrupted' });
  });

  test.each<[string, ResyncOutcome]>([
    ['accepted', accepted],
    ['rejected', rejected],
    ['unknown', unknown],
    ['unsent', unsent('unavailable')],
  ])(
    'when it aborts during a request that ends %s then this one is told, and no other sent',
    async (_, outcome) => {
      const result = await ran([outcome, accepted, accepted], { abortDuring: 0 });
      expect(result.sent).toEqual([0]);
      expect(kinds(result)).toEqual([outcome.kind]);
      expect(result.report.stopped).toBe('interrupted');
    },
  );

  test('when it aborts while the last request waits for another try then the run was interrupted', async () => {
    const result = await ran([accepted, unsent('unavailable')], { abortDuring: 1 });
    expect(result.report.stopped).toBe('interrupted');
  });
});

describe('splitting', () => {
  /** Refuses every request that holds a bad key, and remembers what was sent. */
  async function split(keys: number, bad: readonly number[], splits: number) {
    const sent: number[][] = [];
    const report = await sendAll(planOf(keys, keys).requests, {
      halve: halved,
      send(request) {
        const list = Array.from<number | string, number>(request.keys ?? [], Number);
        sent.push(list);
        const outcome = list.some((key) => bad.includes(key)) ? rejected : accepted;
        return Promise.resolve({ outcome, retries: 0 });
      },
      concurrency: 1,
      pace: unpaced,
      maxUnknown: 3,
      splits,
      signal: new AbortController().signal,
    });
    const keysOf = (kind: string) =>
      report.outcomes.flatMap(({ outcome, request }) =>
        outcome.kind === kind ? [...(request.keys ?? [])] : [],
      );
    return { sent, accepted: keysOf('accepted'), rejected: keysOf('rejected') };
  }

  test('when bad keys are among good ones then the bad ones stand alone and all others are accepted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 1, max: 40 })),
        async (keys, bad) => {
          const result = await split(keys, bad, 1_000);
          const expected = Array.from({ length: keys }, (_, index) => index + 1);
          expect(result.rejected).toEqual(expected.filter((key) => bad.includes(key)));
          expect(result.accepted).toEqual(expected.filter((key) => !bad.includes(key)));
        },
      ),
    );
  });

  test('when further requests are used up then the rest is rejected as it stands', async () => {
    const result = await split(1_024, [1, 200, 400, 600, 800, 1_000], 64);
    expect(result.sent.length).toBeLessThanOrEqual(1 + 64);
    expect(result.accepted.length + result.rejected.length).toBe(1_024);
  });

  test('when splitting is not asked for then a refused request is left as it is', async () => {
    const result = await split(10, [3], 0);
    expect(result.sent).toHaveLength(1);
    expect(result.rejected).toHaveLength(10);
  });

  test('when the refusal is not for the content then it is not split', async () => {
    const report = await sendAll(planOf(4, 4).requests, {
      halve: halved,
      send: () => Promise.resolve({ outcome: stopping, retries: 0 }),
      concurrency: 1,
      pace: unpaced,
      maxUnknown: 3,
      splits: 64,
      signal: new AbortController().signal,
    });
    expect(report.outcomes).toHaveLength(1);
  });
});

describe('several requests at a time', () => {
  interface Flight {
    readonly index: number;
    readonly land: () => void;
  }

  /** Runs with requests that stay under way until `order` says which of them lands next. */
  async function flown(outcomes: readonly ResyncOutcome[], concurrency: number, order: readonly number[]) {
    const airborne: Flight[] = [];
    const sent: number[] = [];
    let most = 0;
    let sentAfterStop = 0;
    let stopped = false;
    const running = sendAll(planOf(outcomes.length).requests, {
      halve: halved,
      async send({ index }) {
        sent.push(index);
        if (stopped) sentAfterStop++;
        await new Promise<void>((resolve) => {
          airborne.push({ index, land: resolve });
          most = Math.max(most, airborne.length);
        });
        return { outcome: outcomes[index] ?? accepted, retries: 0 };
      },
      concurrency,
      pace: unpaced,
      maxUnknown: 3,
      splits: 0,
      signal: new AbortController().signal,
      onOutcome({ outcome }) {
        stopped ||= outcome.kind === 'unsent';
      },
    });
    let done = false;
    void running.then(() => {
      done = true;
    });
    for (let turn = 0; !done; turn++) {
      await new Promise(setImmediate);
      const [next] = airborne.splice((order[turn % order.length] ?? 0) % Math.max(1, airborne.length), 1);
      next?.land();
    }
    return { report: await running, sent, most, sentAfterStop };
  }

  const orders = fc.array(fc.nat(7), { minLength: 1, maxLength: 12 });
  const concurrencies = fc.integer({ min: 1, max: 8 });

  test('when they land in any order then each request is in exactly one place, and none is sent twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyOutcome, { minLength: 1, maxLength: 14 }),
        concurrencies,
        orders,
        async (outcomes, concurrency, order) => {
          const { report, sent, most, sentAfterStop } = await flown(outcomes, concurrency, order);
          const told = report.outcomes.map(({ request }) => request.index);
          const untried = report.untried.map(({ index }) => index);
          expect([...told, ...untried].sort((a, b) => a - b)).toEqual([...outcomes.keys()]);
          expect(new Set(sent).size).toBe(sent.length);
          expect(most).toBeLessThanOrEqual(concurrency);
          expect(sentAfterStop).toBe(0);
        },
      ),
    );
  });

  test('when nothing stops it then as many are under way as may be', async () => {
    const { most } = await flown(Array<ResyncOutcome>(10).fill(accepted), 4, [0]);
    expect(most).toBe(4);
  });

  test('when a request cannot be written down then it was not sent, and the run stops with that', async () => {
    const problem = new ErpsyncError('storage', {
      what: 'it was not written',
      why: 'the disk is full',
      next: 'make room',
    });
    const report = await sendAll(planOf(5).requests, {
      halve: halved,
      send: ({ index }) =>
        index < 2 ? Promise.resolve({ outcome: accepted, retries: 0 }) : Promise.reject(problem),
      concurrency: 1,
      pace: unpaced,
      maxUnknown: 3,
      splits: 0,
      signal: new AbortController().signal,
    });
    expect(report).toMatchObject({ stopped: 'prevented', problem });
    expect(report.untried.map(({ index }) => index)).toEqual([2, 3, 4]);
  });

  test('when the deadline passes then what is under way is finished and the rest is not tried', async () => {
    const deadline = new AbortController();
    const report = await sendAll(planOf(4).requests, {
      halve: halved,
      send({ index }) {
        if (index === 1) deadline.abort();
        return Promise.resolve({ outcome: accepted, retries: 0 });
      },
      concurrency: 1,
      pace: unpaced,
      maxUnknown: 3,
      splits: 0,
      signal: new AbortController().signal,
      deadline: deadline.signal,
    });
    expect(report.stopped).toBe('deadline');
    expect([report.outcomes.length, report.untried.length]).toEqual([2, 2]);
  });
});
