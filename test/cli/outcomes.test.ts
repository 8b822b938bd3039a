/** The outcomes of a run as scripts see them: exit code, document, events. */
import { describe, expect, test } from 'vitest';
import { machineHere } from '../support/in-process.ts';
import { answer, jsonAnswer, noContent, type Reaction, wireServer } from '../support/wire-server.ts';

const lost: Reaction = (socket) => socket.resetAndDestroy();
const bare = (status: number, headers: Readonly<Record<string, string>> = {}): string =>
  answer(status, '', headers);
const refused = jsonAnswer(200, { Error: true, ErrorType: 'SoException', ErrorMessage: 'No such key' });

function commandLine(url: string, ids: string, ...more: readonly string[]): readonly string[] {
  const keys = [
    '--ids',
    ids,
    '--chunk-size',
    '1',
    '--concurrency',
    '1',
    '--retries',
    '0',
    '--no-check',
    '--auth',
    'none',
  ];
  return ['force-resync', '--connection', '124', '--url', url, ...keys, ...more];
}

/** A run of one key for each reaction, against a server that reacts so. */
async function runAgainst(reactions: readonly Reaction[], ...more: readonly string[]) {
  const server = await wireServer((_, index) => reactions[index] ?? noContent);
  const ids = reactions.length === 1 ? '1' : `1-${reactions.length}`;
  const finished = await machineHere().run(commandLine(server.url, ids, ...more));
  return { ...finished, requests: server.requests.length };
}

describe('one request', () => {
  test.each<[string, Reaction, number, string, string | null, number | undefined]>([
    ['a 204', noContent, 0, 'ok', null, undefined],
    ['an empty 200', bare(200), 0, 'ok', null, undefined],
    ['a 401', bare(401), 4, 'failed', 'auth', 401],
    ['a 403', bare(403), 5, 'failed', 'forbidden', 403],
    ['an error object in a 200', refused, 6, 'rejected', 'rejected', 200],
    ['a 400', bare(400), 6, 'rejected', 'rejected', 400],
    ['a 404', bare(404), 6, 'rejected', 'rejected', 404],
    ['a redirect', bare(302, { Location: 'https://sso.example/' }), 7, 'failed', 'network', 302],
    ['a 421', bare(421), 7, 'failed', 'network', 421],
    ['a 429', bare(429), 9, 'failed', 'unavailable', 429],
    ['a 503', bare(503), 9, 'failed', 'unavailable', 503],
    ['a wait of an hour', bare(503, { 'Retry-After': '3600' }), 9, 'failed', 'unavailable', 503],
    ['a 408', bare(408), 11, 'unknown', 'unknown', 408],
    ['a 502', bare(502), 11, 'unknown', 'unknown', 502],
    ['a page of HTML', answer(200, '<html></html>'), 11, 'unknown', 'unknown', 200],
    ['a reset', lost, 11, 'unknown', 'unknown', undefined],
  ])(
    'when the answer is %s then code and document say so',
    async (_, reaction, exitCode, status, code, http) => {
      const { stdout, requests, ...finished } = await runAgainst([reaction], '-o', 'json');
      const document = JSON.parse(stdout);
      expect([finished.exitCode, requests]).toEqual([exitCode, 1]);
      expect(document).toMatchObject({ schemaVersion: 1, command: 'force-resync', status, exitCode });
      expect(document.error?.code ?? null).toBe(code);
      expect(document.error?.exitCode ?? 0).toBe(exitCode);
      expect(document.error?.httpStatus).toBe(http);
    },
  );

  test('when nobody listens then the code is 7 and the key was not sent', async () => {
    const { exitCode, stdout } = await machineHere().run(
      commandLine('http://127.0.0.1:1', '1', '-o', 'json'),
    );
    expect(exitCode).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'failed',
      keys: { given: 1, accepted: 0, unsent: 1 },
      error: { code: 'network' },
    });
  });

  test('when one more try is allowed then a 503 is followed by one, and counted', async () => {
    const server = await wireServer((_, index) =>
      index === 0 ? bare(503, { 'Retry-After': '0' }) : noContent,
    );
    const args = commandLine(server.url, '1', '-o', 'json').map((arg, index, all) =>
      all[index - 1] === '--retries' ? '1' : arg,
    );
    const { exitCode, stdout } = await machineHere().run(args);
    expect([exitCode, server.requests.length]).toEqual([0, 2]);
    expect(JSON.parse(stdout)).toMatchObject({ requests: { planned: 1, accepted: 1, retries: 1 } });
  });

  test.each<[string, Reaction, string, RegExp]>([
    ['accepted', noContent, 'Queued on the server, not yet synced: 1 key', /^Resync of 1 key/],
    ['rejected', refused, 'Nothing was queued.', /erpsync: .*No such key/],
    ['unknown', lost, 'It is not known whether anything was queued.', /erpsync: .*was reset/],
  ])('when it was %s then a person reads so', async (_, reaction, out, err) => {
    const { stdout, stderr } = await runAgainst([reaction]);
    expect(stdout).toContain(out);
    expect(stderr).toMatch(err);
  });
});

describe('several requests', () => {
  const bad = bare(400);
  test.each<[string, readonly Reaction[], number, string, readonly number[]]>([
    ['all are accepted', [noContent, noContent, noContent], 0, 'ok', [3, 0, 0, 0]],
    ['one is rejected', [noContent, bad, noContent], 10, 'partial', [2, 1, 0, 0]],
    ['one cannot be sent', [noContent, bare(503)], 10, 'partial', [1, 0, 2, 0]],
    ['one stops the run', [noContent, bare(404)], 10, 'partial', [1, 1, 1, 0]],
    ['the credential expires', [noContent, bare(401)], 10, 'partial', [1, 0, 2, 0]],
    ['one is lost', [noContent, lost, bad], 11, 'unknown', [1, 1, 0, 1]],
    ['one is lost before another cannot be sent', [lost, bare(503)], 11, 'unknown', [0, 0, 2, 1]],
    ['all are rejected', [bad, bad, bad], 6, 'rejected', [0, 3, 0, 0]],
    ['the first cannot be sent', [bare(401)], 4, 'failed', [0, 0, 3, 0]],
    ['one is rejected and none is accepted', [bad, bare(503)], 6, 'rejected', [0, 1, 2, 0]],
  ])('when %s then each of three keys is counted once', async (_, reactions, exitCode, status, counts) => {
    const server = await wireServer((_request, index) => reactions[index] ?? bare(500));
    const finished = await machineHere().run(commandLine(server.url, '1-3', '-o', 'json'));
    const { keys, requests, ...document } = JSON.parse(finished.stdout);
    const [accepted, rejected, unsent, unknown] = counts;
    expect([finished.exitCode, document.exitCode, document.status]).toEqual([exitCode, exitCode, status]);
    expect(keys).toEqual({ given: 3, duplicates: 0, unresolved: 0, accepted, rejected, unsent, unknown });
    expect(requests).toEqual({ planned: 3, accepted, rejected, unsent, unknown, retries: 0 });
    expect(server.requests).toHaveLength(reactions.length);
  });

  test('when one is refused then a person reads which, by its keys', async () => {
    const { stderr } = await runAgainst([noContent, refused]);
    expect(stderr).toMatch(/^Request 2, key 2: rejected: .*No such key$/m);
    const server = await wireServer((_, index) => (index === 0 ? refused : noContent));
    const line = commandLine(server.url, '1-3').map((word, index, all) =>
      all[index - 1] === '--chunk-size' ? '2' : word,
    );
    const several = await machineHere().run(line);
    expect(several.stderr).toMatch(
      /^Request 1, 2 keys from 1 to 2 in the order given: rejected: .*No such key$/m,
    );
  });

  test('when three answers in a row are lost then the rest is not sent', async () => {
    const { exitCode, stdout, requests } = await runAgainst([lost, lost, lost, noContent], '-o', 'json');
    expect([exitCode, requests]).toEqual([11, 3]);
    expect(JSON.parse(stdout)).toMatchObject({ keys: { unknown: 3, unsent: 1 } });
  });

  test('when events are asked for then each outcome is one, between the start and the document', async () => {
    const { exitCode, stdout } = await runAgainst([noContent, lost, bad], '-o', 'ndjson');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exitCode).toBe(11);
    expect(events).toMatchObject([
      { type: 'start', operation: 'ForceResyncBatchTask', source: { connectionId: 124 }, requests: 3 },
      { type: 'request', index: 0, outcome: 'accepted', keys: 1, first: 1, last: 1, error: null },
      { type: 'request', index: 1, outcome: 'unknown', keys: 1, first: 2, error: { code: 'unknown' } },
      { type: 'request', index: 2, outcome: 'rejected', keys: 1, first: 3, error: { httpStatus: 400 } },
      { type: 'end', schemaVersion: 1, command: 'force-resync', status: 'unknown', exitCode: 11 },
    ]);
  });
});
