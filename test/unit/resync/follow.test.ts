import { describe, expect, test } from 'vitest';
import { type FollowOptions, follow } from '../../../src/resync/follow.ts';
import { highestTaskId } from '../../../src/resync/task-search.ts';
import { agentFor } from '../../conformance/agent.ts';
import { type Received, type Reply, tenantServer } from '../../support/tenant-server.ts';

const tenant = tenantServer();
const ok = (body: unknown): Reply => ({ status: 200, body });

type TaskJson = Readonly<Record<string, unknown>>;
function task(Id: number, State: string, more: TaskJson = {}): TaskJson {
  return { Id, Name: 'ErpForceResyncBatchPlugin', State, AssociateId: 5, ...more };
}

/** What the server shows in one round. */
interface Round {
  readonly own?: readonly TaskJson[] | Reply;
  readonly system?: readonly TaskJson[];
  /** Answers to GetBatchTaskInfo; null for a task that is gone. */
  readonly single?: TaskJson | null;
}

/** Follows on a server whose tasks change from round to round; the last one stays. Time passes in sleeps only. */
async function followed(rounds: readonly Round[], options: Partial<FollowOptions> = {}, abortAfter = -1) {
  let round = -1;
  const told: string[] = [];
  const sleeps: number[] = [];
  const controller = new AbortController();
  const { url, requests } = tenant(({ operation }: Received) => {
    if (operation === 'GetBatchTaskInfosByAssociates') round++;
    const { own = [], system, single = null } = rounds[Math.min(round, rounds.length - 1)] ?? {};
    if (operation === 'GetBatchTaskInfo') return ok(single);
    if (operation === 'GetSystemBatchTaskInfosByNameAndState') return system ? ok(system) : { status: 404 };
    return 'status' in own ? own : ok(own);
  });
  let time = 0;
  const result = await follow({
    client: agentFor(url).client,
    associateId: 5,
    above: 70,
    pattern: '*erp*resync*',
    accepted: 1,
    inOrder: true,
    timeoutMs: 600_000,
    clock: {
      now: () => time,
      random: () => 0.5,
      sleep(ms) {
        time += ms;
        if (sleeps.push(ms) === abortAfter) controller.abort('SIGINT');
        return Promise.resolve();
      },
    },
    signal: controller.signal,
    onChange: ({ id, info, end }) => told.push(`${id} ${info.State} ${end}`),
    onSystemTasks: () => told.push('system'),
    ...options,
  });
  return { result, told, sleeps, operations: requests.map(({ operation }) => operation) };
}

describe.concurrent('follow', () => {
  test('when the task succeeds then each change is told once and the request is done', async () => {
    const { result, told, sleeps } = await followed([
      { own: [] },
      { own: [task(71, 'New')] },
      { own: [task(71, 'New')] },
      { own: [task(71, 'Started', { ProgressPercent: 40 })] },
      { own: [task(71, 'Succeeded', { ProgressPercent: 100 })] },
    ]);
    expect(told).toEqual(['71 New open', '71 Started open', '71 Succeeded succeeded']);
    expect(sleeps).toEqual([1_000, 1_500, 2_250, 3_375]);
    expect(result).toMatchObject({
      tasks: [{ id: 71, state: 'Succeeded', progressPercent: 100 }],
      verdicts: ['done'],
      ended: 'all',
      status: 'ok',
    });
  });

  test('when tasks are older, of another name or of another source then they are not followed', async () => {
    const others = [
      task(70, 'Failed'),
      task(71, 'Failed', { Name: 'Export' }),
      task(72, 'Failed', { ParameterObject: { ErpConnectionId: '125' } }),
    ];
    const { result } = await followed([{ own: [...others, task(73, 'Succeeded')] }], { sourceId: 124 });
    expect(result).toMatchObject({ tasks: [{ id: 73 }], verdicts: ['done'], status: 'ok' });
  });

  test('when only the description names it then it is followed', async () => {
    const named = task(71, 'Succeeded', { Name: 'Plugin 12', Description: 'ERP: force resync' });
    expect((await followed([{ own: [named] }])).result.verdicts).toEqual(['done']);
  });

  test('when another job of the same user looks alike then nothing is claimed', async () => {
    const { result } = await followed([{ own: [task(71, 'Succeeded'), task(72, 'Succeeded')] }]);
    expect(result).toMatchObject({ verdicts: ['unconfirmed'], ended: 'all', status: 'pending' });
  });

  test('when a task fails then its request has failed', async () => {
    const { result } = await followed([{ own: [task(72, 'Failed'), task(71, 'Succeeded')] }], {
      accepted: 2,
    });
    expect(result).toMatchObject({ verdicts: ['done', 'failed'], status: 'failed' });
  });

  test('when a task that was seen is not there any more then it has ended, unconfirmed', async () => {
    const { result, told } = await followed([{ own: [task(71, 'Started')] }, { own: [], single: null }]);
    expect(told.at(-1)).toBe('71 Started vanished');
    expect(result).toMatchObject({
      tasks: [{ id: 71, state: 'Vanished' }],
      verdicts: ['unconfirmed'],
      ended: 'all',
      status: 'pending',
    });
  });

  test('when a task is no longer listed but can be read then its end counts', async () => {
    const { result } = await followed([
      { own: [task(71, 'Started')] },
      { own: [], single: task(71, 'Succeeded') },
    ]);
    expect(result).toMatchObject({ verdicts: ['done'], status: 'ok' });
  });

  test('when no task ever shows then it is given up after half a minute', async () => {
    const { result, sleeps } = await followed([{}]);
    expect(result).toMatchObject({ tasks: [], verdicts: ['unconfirmed'], ended: 'all', status: 'pending' });
    expect(sleeps.reduce((sum, ms) => sum + ms)).toBeLessThan(60_000);
  });

  test('when the time is over then the pauses have grown to 15 s and no further', async () => {
    const { result, sleeps } = await followed([{ own: [task(71, 'Started')] }], { timeoutMs: 120_000 });
    expect(result).toMatchObject({ verdicts: ['unconfirmed'], ended: 'time', status: 'pending' });
    expect(Math.max(...sleeps)).toBe(15_000);
    expect(sleeps.reduce((sum, ms) => sum + ms)).toBe(120_000);
  });

  test('when the signal aborts then it ends with what was seen', async () => {
    const { result, operations } = await followed([{ own: [task(71, 'Started')] }], {}, 1);
    expect(result).toMatchObject({ tasks: [{ id: 71, state: 'Started' }], ended: 'signal' });
    expect(operations).toHaveLength(1);
  });

  test('when answers are lost then it looks again', async () => {
    const lost: Reply = { status: 502 };
    const { result } = await followed([{ own: lost }, { own: lost }, { own: [task(71, 'Succeeded')] }]);
    expect(result).toMatchObject({ verdicts: ['done'], status: 'ok' });
  });

  test.each([
    [401, 'auth', 1],
    [403, 'forbidden', 1],
    [400, 'rejected', 3],
  ])('when the server answers %i then it looks no more', async (status, code, looks) => {
    const { result, operations } = await followed([{ own: { status } }]);
    expect(result).toMatchObject({ ended: 'unseen', status: 'pending', error: { code } });
    expect(operations).toHaveLength(looks);
  });

  test('when none shows among ours then system tasks are followed, and that is told once', async () => {
    const { result, told } = await followed([
      { system: [task(60, 'Failed'), task(71, 'Started')] },
      { system: [task(71, 'Succeeded')] },
    ]);
    expect(told).toEqual(['system', '71 Started open', '71 Succeeded succeeded']);
    expect(result).toMatchObject({ tasks: [{ id: 71 }], verdicts: ['done'] });
  });

  test('when the server does not list system tasks then it is asked once', async () => {
    const { operations } = await followed([{}, {}, { own: [task(71, 'Succeeded')] }]);
    expect(operations.filter((name) => name.startsWith('GetSystem'))).toHaveLength(1);
  });

  test('when nothing was accepted then nothing is asked', async () => {
    const { result, operations } = await followed([{}], { accepted: 0 });
    expect(result).toMatchObject({ verdicts: [], ended: 'all', status: 'ok' });
    expect(operations).toEqual([]);
  });
});

describe.concurrent('highestTaskId', () => {
  test.each<[string, readonly TaskJson[], Reply, number]>([
    ['there is none', [], ok([]), 0],
    ['there are some', [task(9, 'New'), task(71, 'Failed', { Name: 'Export' })], ok([]), 71],
    ['the system has a later one', [task(71, 'New')], ok([task(80, 'New', { AssociateId: 0 })]), 80],
    ['the system has an operation less', [task(71, 'New')], { status: 404 }, 71],
  ])('when %s then it is the highest', async (_, own, system, highest) => {
    const { url } = tenant(({ operation }) => (operation.startsWith('GetSystem') ? system : ok(own)));
    expect(await highestTaskId(agentFor(url).client, 5, '*erp*resync*')).toBe(highest);
  });
});
