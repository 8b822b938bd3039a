/**
 * Answers that no server of the right mind gives: whatever comes back, a call ends with an outcome, never with
 * an exception or without an end; and nothing but a 2xx makes a call accepted.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wireServer } from '../support/wire-server.ts';
import { agentFor, type CallName, calls, outcomeOfCall } from './agent.ts';

const names = Object.keys(calls) as CallName[];
const kinds = ['accepted', 'rejected', 'unsent', 'unknown'];

/** Bodies: garbage, JSON of any shape, JSON that is cut off or has a byte changed, and what looks like an answer. */
const json = fc.json({ maxDepth: 4 });
const answerLike = fc
  .record(
    {
      Error: fc.constantFrom(true, false, 'true', null),
      ErrorMessage: fc.option(fc.string()),
      Message: fc.option(fc.string()),
      IsOk: fc.constantFrom(true, false, 0, null),
      ErpConnectionId: fc.constantFrom(124, '124', 2 ** 40, null),
      ConfigFields: fc.constantFrom(null, {}, [], { a: 1 }, 'x'),
    },
    { requiredKeys: [] },
  )
  .map((value) => JSON.stringify(value));
const damaged = fc
  .tuple(fc.oneof(json, answerLike), fc.nat(200), fc.string({ maxLength: 2 }))
  .map(([text, at, put]) => text.slice(0, at) + put);
const bodies = fc
  .oneof(json, answerLike, damaged, fc.string({ unit: 'binary' }), fc.constant('null'), fc.constant('[null]'))
  .map((text) => Buffer.from(text))
  .chain((bytes) => fc.constantFrom(bytes, Buffer.concat([Buffer.from([0xff, 0xfe]), bytes])));

const statuses = fc.oneof(
  fc.constantFrom(200, 200, 200, 204, 202, 302, 400, 401, 403, 404, 408, 421, 429, 500, 503, 504),
  fc.integer({ min: 200, max: 599 }),
);
const headerValues = fc.stringMatching(/^[\x21-\x7e]{0,30}$/);
const headers = fc.dictionary(
  fc.constantFrom('Content-Type', 'Retry-After', 'Date', 'Location', 'X-Any', 'WWW-Authenticate'),
  headerValues,
  { noNullPrototype: true, maxKeys: 4 },
);
/** How the length of the body is told: rightly, too long, too short, in pieces, or not at all. */
const framings = fc.constantFrom('right', 'long', 'short', 'chunked', 'none');

function answerOf(status: number, head: Readonly<Record<string, string>>, body: Buffer, framing: string) {
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  const length = { right: body.length, long: body.length + 7, short: Math.max(0, body.length - 1) }[framing];
  if (length !== undefined) lines.push(`Content-Length: ${length}`);
  if (framing === 'chunked') lines.push('Transfer-Encoding: chunked');
  const top = Buffer.from([`HTTP/1.1 ${status} Said`, ...lines, '', ''].join('\r\n'));
  const size = Buffer.from(`${body.length.toString(16)}\r\n`);
  const pieces =
    framing === 'chunked' && body.length > 0 ? [size, body, Buffer.from('\r\n0\r\n\r\n')] : [body];
  return Buffer.concat([top, ...pieces]);
}

describe('garbage', () => {
  test('when an answer is anything then the call ends with an outcome, and accepted only with 2xx', async () => {
    let bytes = Buffer.alloc(0);
    const server = await wireServer(() => (socket) => {
      socket.end(bytes);
    });
    const agent = agentFor(server.url, { timeoutMs: 5_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        statuses,
        headers,
        bodies,
        framings,
        async (name, status, head, body, framing) => {
          bytes = answerOf(status, head, body, framing);
          const { outcome } = await outcomeOfCall(agent, name);
          expect(kinds).toContain(outcome.kind);
          if (outcome.kind === 'accepted') expect(status).toBeLessThan(300);
          else expect(outcome.error.message).not.toBe('');
        },
      ),
      { numRuns: 400 },
    );
  });

  test('when the bytes are no HTTP at all then a write is unknown', async () => {
    let bytes = Buffer.alloc(0);
    const server = await wireServer(() => (socket) => {
      socket.end(bytes);
    });
    const agent = agentFor(server.url, { timeoutMs: 5_000 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (garbage) => {
        bytes = Buffer.from(garbage);
        const { outcome } = await outcomeOfCall(agent, 'ForceResyncBatchTask');
        expect(outcome.kind).toBe('unknown');
      }),
      { numRuns: 100 },
    );
  });
});
