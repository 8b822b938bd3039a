import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OperationName } from '../../../src/agent/contract.ts';
import { describeFailure, TimeLimitError } from '../../../src/transport/failures.ts';
import type { Answer } from '../../../src/transport/http.ts';
import { type Outcome, outcomeOf, type Reading } from '../../../src/transport/outcome.ts';

const refusal: Reading = { kind: 'refusal', message: 'No' };
const readings: readonly Reading[] = [
  { kind: 'empty' },
  { kind: 'null' },
  { kind: 'value', value: {} },
  refusal,
  { kind: 'unreadable', problem: 'HTML' },
];

interface Given {
  readonly name?: OperationName;
  readonly reading?: Reading;
  readonly headers?: Readonly<Record<string, string>>;
  readonly durationMs?: number;
}
function judged(status: number, given: Given = {}): Outcome {
  const { name = 'ForceResyncBatchTask', reading = { kind: 'empty' }, headers = {}, durationMs = 1 } = given;
  const answer: Answer = {
    kind: 'answer',
    status,
    headers: new Map(Object.entries(headers)),
    body: Buffer.alloc(0),
    durationMs,
  };
  return outcomeOf(name, answer, () => reading);
}

describe('answers', () => {
  test('when any status comes with any body then only a 2xx is ever accepted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        fc.constantFrom(...readings),
        fc.constantFrom<OperationName>('ForceResyncBatchTask', 'ForceResync', 'GetConnection'),
        fc.nat(20_000),
        (status, reading, name, durationMs) => {
          const { kind } = judged(status, { name, reading, durationMs });
          if (kind === 'accepted') expect(status).toBeLessThan(300);
        },
      ),
    );
  });

  test('when the server itself refused in a 2xx then no operation takes it for a success', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 299 }), (status) => {
        for (const name of ['ForceResyncBatchTask', 'ForceResync', 'GetConnection'] as const) {
          expect(judged(status, { name, reading: refusal }).kind).toBe('rejected');
        }
      }),
    );
  });

  test.each([
    [5_000, 'unsent'],
    [5_001, 'unknown'],
  ])('when a 503 comes after %i ms then it is %s', (durationMs, kind) => {
    for (const reading of readings) expect(judged(503, { durationMs, reading }).kind).toBe(kind);
  });

  test.each([429, 503])('when a late %i names a wait then it is unsent with that wait', (status) => {
    const headers = { 'retry-after': '7' };
    expect(judged(status, { durationMs: 60_000, headers })).toMatchObject({
      kind: 'unsent',
      again: 'yes',
      retryAfterMs: 7_000,
    });
  });

  test('when a late 429 names no wait then it is unsent all the same', () => {
    expect(judged(429, { durationMs: 60_000 })).toMatchObject({ kind: 'unsent', retryAfterMs: undefined });
  });

  test.each([
    [401, 'renewed-credential'],
    [403, 'renewed-credential'],
    [421, 'renewed-address'],
    [307, 'no'],
    [429, 'yes'],
    [503, 'yes'],
  ])('when %i comes then another try makes sense: %s', (status, again) => {
    expect(judged(status)).toMatchObject({ kind: 'unsent', again });
  });

  test('when a PluginResponse is not ok then the message is its explanation and its code', () => {
    const value = { IsOk: false, UserExplanation: 'Closed', TechExplanation: 'x', ErrorCode: 'E7' };
    expect(judged(200, { name: 'ForceResync', reading: { kind: 'value', value } })).toMatchObject({
      error: { what: 'the server refuses ForceResync', why: 'Closed (E7)' },
    });
  });

  test('when a write gives reasons then the message holds them all', () => {
    const reading: Reading = { kind: 'value', value: ['No direction', 'No list'] };
    expect(judged(200, { name: 'ToggleErpConnectionActive', reading })).toMatchObject({
      error: { what: 'the server refuses ToggleErpConnectionActive', why: 'No direction; No list' },
    });
  });

  test('when a redirect names no target then the message says so', () => {
    expect(judged(302)).toMatchObject({ error: { message: expect.stringContaining('does not name') } });
  });
});

describe('failures', () => {
  const failure = (handedOver: boolean) =>
    outcomeOf(
      'ForceResync',
      { kind: 'failure', handedOver, what: 'w', why: 'y', next: 'n', cause: 'c' },
      () => refusal,
    );

  test('when the request was not handed over then it is unsent and may be repeated', () => {
    expect(failure(false)).toMatchObject({
      kind: 'unsent',
      again: 'yes',
      error: { code: 'network', what: 'w', why: 'y', next: 'n', cause: 'c' },
    });
  });

  test('when the request was handed over then it is unknown', () => {
    expect(failure(true)).toMatchObject({ kind: 'unknown', error: { code: 'unknown', cause: 'c' } });
  });

  const systemError = (code: string) => Object.assign(new Error('low level words'), { code });
  test.each([
    ['ECONNREFUSED', 'the connection was refused'],
    ['ENOTFOUND', 'the host name is not known'],
    ['EAI_AGAIN', 'the host name could not be looked up'],
    ['EHOSTUNREACH', 'the host cannot be reached'],
    ['ENETUNREACH', 'the network cannot be reached'],
    ['ETIMEDOUT', 'the connection timed out'],
    ['CERT_HAS_EXPIRED', "the server's certificate has expired"],
    ['HPE_INVALID_CONSTANT', 'the answer is not HTTP'],
    ['EWHATEVER', 'the connection failed (EWHATEVER: low level words)'],
  ])('when the cause is %s then the words are: %s', (code, message) => {
    expect(describeFailure(systemError(code)).why).toBe(message);
  });

  test('when several addresses failed then the words are those of the last one', () => {
    const cause = new AggregateError([systemError('ENETUNREACH'), systemError('ECONNREFUSED')]);
    expect(describeFailure(cause).why).toBe('the connection was refused');
  });

  test.each([
    ['connection', 30_000, 'no connection came about within 30 s'],
    ['head', 1_500, 'no answer came within 1500 ms'],
    ['body', 100_000, 'the answer began, but was not whole within 100 s'],
  ] as const)(
    'when time ran out waiting for the %s then the words are told with the limit',
    (awaited, limitMs, message) => {
      expect(describeFailure(new TimeLimitError(awaited, limitMs)).why).toBe(message);
    },
  );
});
