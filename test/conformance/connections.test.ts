/** The outcome table on a real socket: no answer, half an answer, and which connection is used. */
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ErpsyncError } from '../../src/errors.ts';
import { answer, jsonAnswer, noContent, type Reaction, wireServer } from '../support/wire-server.ts';
import {
  accepted,
  agentFor,
  type CallName,
  calls,
  closedPort,
  type Expected,
  factsOf,
  outcomeOfCall,
  type Row,
  row,
  socketServer,
  stoppedClock,
  thrice,
  unknown,
  unsent,
} from './agent.ts';

const task = 'ForceResyncBatchTask';
const connection = jsonAnswer(200, { ErpConnectionId: 124, Active: true });

/** Some bytes, then the end of the connection. */
const thenClosed =
  (bytes: string): Reaction =>
  (socket) =>
    socket.end(bytes);
const reset: Reaction = (socket) => socket.resetAndDestroy();
const nothing: Reaction = () => undefined;
const noHead = 'no answer came';
const noEnd = 'the answer began, but was not whole';

/** The "null" after a 204 arrives only when the connection is used again, ahead of the next answer. */
function lateNull(): Reaction {
  const used = new WeakSet<Socket>();
  return (socket) => {
    socket.write(used.has(socket) ? `null${noContent}` : noContent);
    used.add(socket);
  };
}

describe('handed over, and then no whole answer', () => {
  const chunked = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
  const endings: readonly (readonly [when: string, reaction: Reaction])[] = [
    ['the connection is reset', reset],
    ['the connection is closed', thenClosed('')],
    ['the connection is closed within the head', thenClosed('HTTP/1.1 200 OK\r\nContent-Le')],
    ['the connection is closed after the head', thenClosed('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n')],
    ['the body is shorter than declared', thenClosed('HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"IsOk"')],
    ['a chunk is cut off', thenClosed(`${chunked}20\r\n{"IsOk":true`)],
    ['the last chunk is missing', thenClosed(`${chunked}d\r\n{"IsOk":true}\r\n`)],
    ['the answer is not HTTP', thenClosed('SSH-2.0-OpenSSH_9.6\r\n')],
    ['the length is no number', thenClosed('HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}')],
    ['a header is huge', thenClosed(`HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(200_000)}\r\n\r\n`)],
  ];
  test.each<Row>(
    endings.flatMap(([when, reaction]) => [
      row(when, task, reaction, unknown()),
      row(when, 'ForceResync', reaction, unknown()),
      row(when, 'GetConnection', reaction, unknown(undefined, thrice)),
    ]),
  )('when %s then %s', async (_when, _then, call, reaction, expected) => {
    const server = await wireServer(() => reaction);
    const agent = agentFor(server.url);
    const attempted = await outcomeOfCall(agent, call);
    expect(factsOf(attempted, server.requests.length, agent.waits)).toMatchObject(expected);
  });

  test.each<[string, CallName, Reaction, Expected, string]>([
    ['any answer, of a write', task, nothing, unknown(), noHead],
    ['any answer, of a read', 'GetConnection', nothing, unknown(undefined, thrice), noHead],
    ['the end of the head', task, 'HTTP/1.1 200 OK\r\n', unknown(), noHead],
    ['the body', task, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', unknown(), noEnd],
    [
      'the end of the body',
      'ForceResync',
      'HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"IsOk"',
      unknown(),
      noEnd,
    ],
    ['the last chunk', 'ForceResync', `${chunked}d\r\n{"IsOk":true}\r\n`, unknown(), noEnd],
  ])('when time runs out before %s then it is unknown', async (_, call, reaction, expected, words) => {
    const server = await wireServer(() => reaction);
    const agent = agentFor(server.url, { timeoutMs: 150 });
    const attempted = await outcomeOfCall(agent, call);
    expect(factsOf(attempted, server.requests.length, agent.waits)).toMatchObject(expected);
    const [what, sent] =
      call === 'GetConnection'
        ? ['GetConnection, which only reads, has no result', '']
        : [`whether ${call} took effect is not known`, 'the request was sent, but '];
    expect(attempted.outcome).toMatchObject({ error: { what, why: `${sent}${words} within 150 ms` } });
  });

  test('when connecting takes longer than its own limit then nothing was sent, however long the request may take', async () => {
    const silent = await socketServer(() => undefined);
    const agent = agentFor(`https://127.0.0.1:${silent.port}`, { connectMs: 100 });
    const attempted = await outcomeOfCall(agent, task);
    expect(attempted).toMatchObject({ outcome: { kind: 'unsent', again: 'yes' }, retries: 2 });
    expect(attempted.outcome).toMatchObject({
      error: { message: expect.stringContaining('no connection came about within 100 ms') },
    });
  });

  test('when a server accepts a connection and closes it at once then a write goes out once', async () => {
    const server = await socketServer((socket) => socket.end());
    const { outcome } = await outcomeOfCall(agentFor(`http://127.0.0.1:${server.port}`), task);
    expect([outcome.kind, server.connections()]).toEqual(['unknown', 1]);
  });

  test('when a read is lost for good then its error is network, since nothing was changed', async () => {
    const server = await wireServer(() => reset);
    const { client } = agentFor(server.url);
    const error = await client.read('GetConnection', { ErpConnectionId: 124 }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ErpsyncError);
    expect(error).toMatchObject({ code: 'network', exitCode: 7 });
  });

  test('when a read is answered after two lost answers then that answer counts', async () => {
    const server = await wireServer((_, index) => [reset, thenClosed(''), connection][index] ?? reset);
    const agent = agentFor(server.url);
    const attempted = await outcomeOfCall(agent, 'GetConnection');
    expect(factsOf(attempted, server.requests.length, agent.waits)).toEqual({
      ...accepted({ ErpConnectionId: 124, Active: true }),
      ...thrice,
    });
  });
});

describe('no connection', () => {
  const refused = unsent('network', undefined, { requests: 0, waits: thrice.waits });

  test.each<CallName>([task, 'ForceResync', 'GetConnection'])(
    'when the connection is refused then %s is unsent and tried again',
    async (call) => {
      const agent = agentFor(`http://127.0.0.1:${await closedPort()}`);
      const attempted = await outcomeOfCall(agent, call);
      expect(factsOf(attempted, 0, agent.waits)).toMatchObject(refused);
      expect(attempted.retries).toBe(2);
    },
  );

  test('when the host is not known then it is unsent and tried again', async () => {
    const agent = agentFor('http://does-not-exist.invalid');
    const attempted = await outcomeOfCall(agent, task);
    expect(factsOf(attempted, 0, agent.waits)).toMatchObject(refused);
    expect(attempted.outcome).toMatchObject({
      error: { message: expect.stringContaining('http://does-not-exist.invalid was not reached') },
    });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['is answered in plain text', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['is cut off by a reset', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['is cut off by a close', (socket) => socket.once('data', () => socket.end())],
    ['is refused with an alert', (socket) => socket.write(Buffer.from('15030300020228', 'hex'))],
  ])('when the TLS handshake %s then it is unsent and tried again', async (_, react) => {
    const server = await socketServer(react);
    const agent = agentFor(`https://127.0.0.1:${server.port}`);
    const attempted = await outcomeOfCall(agent, task);
    expect(factsOf(attempted, 0, agent.waits)).toMatchObject(refused);
    expect(server.connections()).toBe(3);
  });

  test('when time runs out during the TLS handshake then it is unsent', async () => {
    const server = await socketServer(() => undefined);
    const agent = agentFor(`https://127.0.0.1:${server.port}`, { timeoutMs: 150 });
    const attempted = await outcomeOfCall(agent, task);
    expect(factsOf(attempted, 0, agent.waits)).toMatchObject(refused);
  });
});

describe('Retry-After', () => {
  const at = 'Wed, 21 Oct 2026 07:28:00 GMT';
  const half = 'Wed, 21 Oct 2026 07:28:30 GMT';
  test.each<[string, number, Readonly<Record<string, string>>, readonly number[]]>([
    ['429 in seconds', 429, { 'Retry-After': '2' }, [2_250]],
    ['503 in seconds', 503, { 'Retry-After': '2' }, [2_250]],
    ["503 as a date, against the answer's Date", 503, { 'Retry-After': half, Date: at }, [30_250]],
    ['429 as a date that has passed', 429, { 'Retry-After': at, Date: half }, [250]],
    ['429 without it', 429, {}, [250]],
    ['429 that cannot be read', 429, { 'Retry-After': 'soon' }, [250]],
    ['429 of the longest wait', 429, { 'Retry-After': '300' }, [300_250]],
  ])('when it is a %s then the next try comes no earlier', async (_, status, headers, waits) => {
    const server = await wireServer((_request, index) =>
      index === 0 ? answer(status, '', headers) : noContent,
    );
    const agent = agentFor(server.url);
    const attempted = await outcomeOfCall(agent, task);
    expect(factsOf(attempted, server.requests.length, agent.waits)).toEqual({
      ...accepted(),
      requests: 2,
      waits,
    });
  });

  test.each([429, 503])(
    'when a %i asks for an hour then it ends with the time to come back',
    async (status) => {
      const server = await wireServer(() => answer(status, '', { 'Retry-After': '3600' }));
      const agent = agentFor(server.url);
      const attempted = await outcomeOfCall(agent, task);
      expect(factsOf(attempted, server.requests.length, agent.waits)).toEqual(unsent('unavailable', status));
      expect(attempted.outcome).toMatchObject({
        error: {
          why: expect.stringMatching(/^it .*, and it asks to come back at 2026-10-21T08:28:00/),
          next: expect.stringMatching(/^run the same command again after 2026-10-21T08:28:00/),
        },
      });
    },
  );
});

describe('connections', () => {
  const save = 'SaveErpConnectionSyncPriorities';
  test.each<[string, string, CallName, Reaction, number]>([
    ['writes', 'each opens one of its own', task, noContent, 2],
    ['writes with a result', 'each opens one of its own', save, jsonAnswer(200, true), 2],
    ['reads', 'they share one', 'GetConnection', connection, 1],
  ])('when 11 ms lie between two %s then %s', async (_when, _then, call, reaction, expected) => {
    const clock = stoppedClock();
    const server = await wireServer(() => reaction);
    const { client } = agentFor(server.url);
    await calls[call](client);
    clock.advance(11);
    await calls[call](client);
    expect([server.requests.length, server.connections()]).toEqual([2, expected]);
  });

  test('when a write follows a read then it does not take its connection', async () => {
    const server = await wireServer((request) =>
      request.includes('GetConnection') ? connection : noContent,
    );
    const { client } = agentFor(server.url);
    await calls.GetConnection(client);
    await calls[task](client);
    expect([server.requests.length, server.connections()]).toEqual([2, 2]);
  });

  test.each<[string, Reaction]>([
    ['closes the connection after each answer without saying so', thenClosed(noContent)],
    ['says that it closes', thenClosed(noContent.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))],
    ['sends "null" after each 204', `${noContent}null`],
    ['sends "null" late after each 204', lateNull()],
  ])('when a server %s then no later write is lost', async (_, reaction) => {
    const server = await wireServer(() => reaction);
    const { client } = agentFor(server.url);
    const kinds: string[] = [];
    for (let write = 0; write < 5; write++) kinds.push((await calls[task](client)).outcome.kind);
    expect(kinds).toEqual(Array.from({ length: 5 }, () => 'accepted'));
    expect(server.requests).toHaveLength(5);
  });

  test.each([
    ['after it', `${noContent}null`],
    ['that it declares', answer(204, 'null')],
  ])(
    'when a read is answered by a 204 with a body %s then the next read gets its own answer',
    async (_, odd) => {
      const server = await wireServer((_request, index) => (index === 0 ? odd : connection));
      const agent = agentFor(server.url);
      await calls.GetConnection(agent.client);
      const attempted = await calls.GetConnection(agent.client);
      expect(factsOf(attempted, server.requests.length, agent.waits)).toMatchObject({
        kind: 'accepted',
        value: { ErpConnectionId: 124 },
        requests: 2,
      });
    },
  );

  test('when any request is sent then no compressed answer is asked for', async () => {
    const server = await wireServer((request) =>
      request.includes('GetConnection') ? connection : noContent,
    );
    const { client } = agentFor(server.url);
    await calls.GetConnection(client);
    await calls[task](client);
    expect(server.requests).toHaveLength(2);
    expect(server.requests.join('\n').toLowerCase()).not.toContain('accept-encoding');
  });

  test('when a redirect names a place on the same server then nothing goes there', async () => {
    const server = await wireServer(() => answer(302, '', { Location: '/elsewhere' }));
    await outcomeOfCall(agentFor(server.url), task);
    expect(server.requests.map((request) => request.split(' ', 2)[1])).toEqual([
      '/api/v1/Agents/ErpSync/ForceResyncBatchTask',
    ]);
  });
});
