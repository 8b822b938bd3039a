/** Batch tasks on the server: listed, shown, stopped. */
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { runHere } from '../support/in-process.ts';
import { type Received, type Reply, tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();
const ok = (body: unknown): Reply => ({ status: 200, body });

const task = {
  Id: 71,
  Name: 'ErpForceResyncBatchPlugin',
  State: 'Started',
  ProgressPercent: 40,
  AssociateId: 5,
  Created: '2026-11-01T10:00:00',
  LastStarted: '0001-01-01T00:00:00',
  Request: 'two keys',
};
const failed = { ...task, Id: 72, Name: 'Other', State: 'Failed' };

function server({ operation }: Received): Reply {
  if (operation === 'currentPrincipal') return ok({ AssociateId: 5 });
  if (operation === 'GetBatchTaskInfo') return ok(task);
  if (operation === 'StopBatchJob') return ok(true);
  return ok([task, failed]);
}

async function tasks(args: readonly string[], react: (request: Received) => Reply = server) {
  const { url, requests, bodiesOf } = tenant(react);
  const finished = await runHere(['tasks', ...args, '--url', url, '--auth', 'none', '--retries', '0']);
  return { finished, requests, operations: requests.map(({ operation }) => operation), bodiesOf };
}

describe.concurrent('list', () => {
  test('when nothing else is said then they are those of the login', async () => {
    const { finished, requests, bodiesOf } = await tasks(['list', '-o', 'json']);
    expect(requests[0]).toMatchObject({ path: '/api/v1/User/currentPrincipal', body: '' });
    expect(bodiesOf('GetBatchTaskInfosByAssociates')).toEqual([{ AssociateIds: [5] }]);
    expect(documentOf(finished)['items']).toMatchObject([
      { id: 71, state: 'Started', progressPercent: 40, created: '2026-11-01T10:00:00', lastStarted: null },
      { id: 72, state: 'Failed' },
    ]);
  });

  test.each<[string[], string, object]>([
    [['--all'], 'GetBatchTaskInfosByState', { State: 'All' }],
    [['--all', '--name', '*resync*'], 'GetBatchTaskInfosByState', { State: 'All' }],
    [['--all', '--name', 'Other'], 'GetAllBatchTaskInfosByName', { TaskName: 'Other' }],
  ])('when %j is given then %s is asked', async (args, operation, body) => {
    const { operations, bodiesOf } = await tasks(['list', ...args]);
    expect(operations).toEqual([operation]);
    expect(bodiesOf(operation)).toEqual([body]);
  });

  test.each<[string[], number[]]>([
    [['--name', '*RESYNC*'], [71]],
    [['--name', 'oth*'], [72]],
    [['--name', 'her'], []],
    [['--name', '.*'], []],
    [['--state', 'failed'], [72]],
    [
      ['--state', 'All'],
      [71, 72],
    ],
  ])('when %j is given then only these are listed', async (args, ids) => {
    const { finished } = await tasks(['list', ...args, '-o', 'json']);
    expect((documentOf(finished)['items'] as { id: number }[]).map(({ id }) => id)).toEqual(ids);
  });

  test('when a state is not known then the nearest is named and nothing is sent', async () => {
    const { finished, operations } = await tasks(['list', '--state', 'faild']);
    expectRefusal(finished, 2, [
      '--state cannot be used: "faild" is not one of Unknown, New',
      'did you mean "Failed"?',
    ]);
    expect(operations).toEqual([]);
  });

  test.each<[string, Reply, number]>([
    ['401', { status: 401 }, 4],
    ['a page', ok('<html>'), 6],
    ['nobody', ok({ AssociateId: 0 }), 6],
  ])('when the server answers %s for who we are then no tasks are asked for', async (_, reply, exitCode) => {
    const { finished, operations } = await tasks(['list'], () => reply);
    expect(finished.exitCode).toBe(exitCode);
    expect(operations).toEqual(['currentPrincipal']);
  });
});

describe.concurrent('show and stop', () => {
  test('when a task is shown then its state and progress are told', async () => {
    const { finished } = await tasks(['show', '71']);
    expect(finished.stdout).toMatch(/^id +71\n.*state +Started 40 %\n.*last started +never\n/s);
  });

  test('when there is none then the code is 6', async () => {
    const { finished } = await tasks(['show', '9'], () => ok(null));
    expectRefusal(finished, 6, ['no batch task 9', 'erpsync tasks list']);
  });

  test('when a task is stopped then it is asked once', async () => {
    const { finished, bodiesOf } = await tasks(['stop', '71']);
    expect(finished).toMatchObject({ exitCode: 0, stdout: 'Batch task 71 is stopped.\n' });
    expect(bodiesOf('StopBatchJob')).toEqual([{ Id: 71 }]);
  });

  test.each<[string, Reply, number, string, readonly string[]]>([
    ['false', ok(false), 6, 'batch task 71 was not stopped', ['StopBatchJob', 'GetBatchTaskInfo']],
    ['502', { status: 502 }, 11, 'StopBatchJob took effect is not known', ['StopBatchJob']],
  ])('when the answer is %s then the code tells', async (_, reply, exitCode, words, asked) => {
    const { finished, operations } = await tasks(['stop', '71'], () => reply);
    expectRefusal(finished, exitCode, [words]);
    expect(operations).toEqual(asked);
  });

  test('when it is a dry run then nothing is sent', async () => {
    const { finished, operations } = await tasks(['stop', '71', '--dry-run']);
    expect(finished.stdout).toMatch(/StopBatchJob\n\{"Id":71\}\n$/);
    expect(operations).toEqual([]);
  });
});
