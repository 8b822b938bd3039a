/** What a run plans and reports: chunks, duplicates, order, and the forms of output. */
import { describe, expect, test } from 'vitest';
import { documentOf } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';
import { healthy, tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

async function resync(args: readonly string[], react = healthy) {
  const { url, requests, bodiesOf } = tenant(react);
  const given = ['force-resync', '--connection', '124', '--url', url, '--auth', 'none', ...args];
  const finished = await machineHere().run(given);
  return { url, finished, operations: requests.map(({ operation }) => operation), bodiesOf };
}

const [asked, sent] = ['GetConnection', 'ForceResyncBatchTask'];
const someIds = ['--ids', '5,5,4', '--ids', '3-7', '--chunk-size', '2'];

describe.concurrent('a dry run', () => {
  test('when the form is JSON then each request of the plan is there, and only the source was read', async () => {
    const { url, finished, operations } = await resync([...someIds, '--dry-run', '-o', 'json']);
    const line = { method: 'POST', url: `${url}/api/v1/Agents/ErpSync/ForceResyncBatchTask` };
    expect(documentOf(finished)).toMatchObject({
      schemaVersion: 1,
      command: 'force-resync',
      status: 'dry-run',
      exitCode: 0,
      profile: null,
      url,
      transport: 'rest',
      operation: sent,
      source: { connectionId: 124, name: 'Visma Net' },
      keys: { given: 8, duplicates: 3, accepted: 0, rejected: 0, unsent: 0, unknown: 0 },
      requests: { planned: 3, accepted: 0 },
      error: null,
    });
    expect(documentOf(finished)['plan']).toEqual([
      { index: 0, ...line, keys: 2, first: 5, last: 4 },
      { index: 1, ...line, keys: 2, first: 3, last: 6 },
      { index: 2, ...line, keys: 1, first: 7, last: 7 },
    ]);
    expect(operations).toEqual([asked]);
  });

  test('when the form is a table then the plan is a table', async () => {
    const { url, finished, operations } = await resync([...someIds, '--dry-run']);
    expect(finished.stdout.split('\n')).toEqual([
      'Dry run, nothing was sent. The plan: 5 keys in 3 requests, from ERP connection 124 "Visma Net" to all other connections and SuperOffice.',
      '',
      `POST ${url}/api/v1/Agents/ErpSync/ForceResyncBatchTask`,
      'REQUEST  KEYS  FIRST  LAST',
      '1        2     5      4',
      '2        2     3      6',
      '3        1     7      7',
      '',
    ]);
    expect(operations).toEqual([asked]);
  });

  test('when only a part is asked for then the parts hold each key once, as many as are sent', async () => {
    const keys: number[] = [];
    for (const index of [1, 2, 3]) {
      const shard = [
        '--ids',
        '1-20',
        '--shard',
        `${index}/3`,
        '--chunk-size',
        '1',
        '--rate',
        '0',
        '-o',
        'json',
      ];
      const planned = documentOf((await resync([...shard, '--dry-run'])).finished);
      const { finished, operations } = await resync(shard);
      const plan = planned['plan'];
      if (!Array.isArray(plan)) throw new Error('no plan');
      keys.push(...plan.map(({ first }) => Number(first)));
      expect(operations.filter((operation) => operation === sent)).toHaveLength(plan.length);
      expect(planned).toMatchObject({ keys: { given: plan.length, duplicates: 0 } });
      expect(documentOf(finished)).toMatchObject({ keys: { given: plan.length, duplicates: 0 } });
    }
    expect(keys.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, key) => key + 1));
  });

  test('when a part of a list that is not empty is empty then that is no error', async () => {
    const plans = [1, 2].map((index) =>
      resync(['--ids', '5', '--shard', `${index}/2`, '--dry-run', '-o', 'json']),
    );
    const given = (await Promise.all(plans)).map(({ finished }) => {
      expect(finished.exitCode).toBe(0);
      return documentOf(finished)['keys'];
    });
    expect(given).toEqual(
      expect.arrayContaining([expect.objectContaining({ given: 0 }), expect.objectContaining({ given: 1 })]),
    );
  });

  test('when --no-check is given then no request leaves at all', async () => {
    const { operations } = await resync(['--ids', '1', '--dry-run', '--no-check']);
    expect(operations).toEqual([]);
  });
});

describe.concurrent('a run', () => {
  test('when keys are given twice then they are counted and sent once, in their order', async () => {
    const { finished, bodiesOf, operations } = await resync([...someIds, '-o', 'json']);
    expect(documentOf(finished)).toMatchObject({
      status: 'ok',
      exitCode: 0,
      keys: { given: 8, duplicates: 3, accepted: 5, unsent: 0 },
      requests: { planned: 3, accepted: 3, retries: 0 },
    });
    expect(finished.stderr).toMatch(
      /^Resync of 5 keys \(3 duplicates left out\) in 3 requests, from ERP connection 124 /,
    );
    expect(bodiesOf(sent)).toEqual([
      { ErpConnectionId: 124, InternalKeyIds: [5, 4] },
      { ErpConnectionId: 124, InternalKeyIds: [3, 6] },
      { ErpConnectionId: 124, InternalKeyIds: [7] },
    ]);
    expect(operations).toEqual([asked, sent, sent, sent, asked]);
  });

  test('when the form is ndjson then start, requests and end come in order', async () => {
    const { finished } = await resync([...someIds, '-o', 'ndjson']);
    const events = finished.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ type }) => type)).toEqual(['start', 'request', 'request', 'request', 'end']);
    expect(events[1]).toMatchObject({ index: 0, outcome: 'accepted', keys: 2, first: 5, last: 4 });
    expect(events[4]).toMatchObject({ schemaVersion: 1, command: 'force-resync', status: 'ok', exitCode: 0 });
  });

  test('when it is quiet and all is accepted then nothing is printed', async () => {
    const { finished } = await resync(['--ids', '1', '-q']);
    expect(finished).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });

  test('when it is quiet and refused then only the error is printed', async () => {
    const refused = { status: 400, body: { Message: 'No such key' } };
    const { finished } = await resync(['--ids', '1', '--quiet'], (request) =>
      request.operation === sent ? refused : healthy(request),
    );
    expect(finished).toMatchObject({ exitCode: 6, stdout: '' });
    expect(finished.stderr).toMatch(
      /^erpsync: the server refuses ForceResyncBatchTask \(HTTP 400\): No such key; [^\n]*\n$/,
    );
  });

  test('when one request of three is refused then the code is 10 and every key is counted', async () => {
    const { finished } = await resync([...someIds, '-o', 'json'], (request) =>
      request.body.includes('[3,6]') ? { status: 400, body: { Message: 'No' } } : healthy(request),
    );
    expect(finished.exitCode).toBe(10);
    expect(documentOf(finished)).toMatchObject({
      status: 'partial',
      keys: { given: 8, duplicates: 3, accepted: 3, rejected: 2, unsent: 0, unknown: 0 },
      error: { code: 'partial', exitCode: 10 },
    });
  });
});
