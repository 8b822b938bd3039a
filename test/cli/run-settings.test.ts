/** Settings of runs that a profile can hold: the rate, and what the batch tasks are called. */
import { describe, expect, test } from 'vitest';
import { machineHere } from '../support/in-process.ts';
import { answer, jsonAnswer, noContent, wireServer } from '../support/wire-server.ts';

const resync = ['force-resync', '--from-crm', '--ids', '1-3', '--chunk-size', '1', '--no-check'];

/** A server whose resync tasks have a name of their own. */
async function namedTasks(name: string) {
  const tasks: object[] = [];
  return await wireServer((request) => {
    if (request.includes('/currentPrincipal')) return jsonAnswer(200, { AssociateId: 7 });
    if (request.includes('/GetBatchTaskInfosByAssociates')) return jsonAnswer(200, tasks);
    if (request.includes('/GetSystemBatchTaskInfos')) return jsonAnswer(200, []);
    tasks.push({ Id: tasks.length + 1, Name: name, State: 'Succeeded', AssociateId: 7 });
    return noContent;
  });
}

async function userOf(url: string, ...flags: readonly string[]) {
  const user = machineHere();
  const add = ['profile', 'add', 'prod', '--url', url, '--auth', 'none', ...flags];
  expect(await user.run(add)).toMatchObject({ exitCode: 0 });
  return user;
}

describe('the rate', () => {
  test.each<[string, readonly string[], Record<string, string>, number]>([
    ['nothing else says one', [], {}, 50],
    ['a variable says another', [], { ERPSYNC_RATE: '60' }, 60],
    ['a flag says another', ['--rate', '70'], { ERPSYNC_RATE: '60' }, 70],
    ['the run is a part of a whole', ['--shard', '1/2'], {}, 25],
  ])('when a profile holds it and %s then the run keeps to it', async (_, flags, env, rate) => {
    const server = await wireServer(() => noContent);
    const user = await userOf(server.url, '--rate', '50');
    await user.run([...resync, '--ids', '4-40', ...flags], { env });
    const shown = await user.run(['runs', 'show', '--latest', '-o', 'json']);
    expect(JSON.parse(shown.stdout).settings.rate).toBe(rate);
  });

  test.each<[string, readonly string[], Record<string, string>, number]>([
    ['nothing says another', [], {}, 3],
    ['a variable says another', [], { ERPSYNC_RATE: '0' }, 20],
    ['a flag says another', ['--rate', '0'], { ERPSYNC_RATE: '3' }, 20],
  ])(
    'when a run is resumed and %s then its own holds unless something is said now',
    async (_, flags, env, most) => {
      let isBusy = true;
      const times: number[] = [];
      const server = await wireServer(() => {
        if (isBusy) return answer(503, '', { 'Retry-After': '1000000' });
        times.push(performance.now());
        return noContent;
      });
      const user = await userOf(server.url);
      await user.run([...resync, '--ids', '4-8', '--rate', '3', '--run', 'night']);
      isBusy = false;
      await user.run(['resume', 'night', ...flags], { env });
      expect(times).toHaveLength(8);
      const first = times.filter((time) => time < (times[0] ?? 0) + 500).length;
      if (most === 3) expect(first).toBe(3);
      else expect(first).toBe(8);
    },
  );

  test('when it is no whole number then the profile is not stored', async () => {
    const user = machineHere();
    const add = [
      'profile',
      'add',
      'p',
      '--url',
      'https://crm.example.com',
      '--auth',
      'none',
      '--rate',
      'fast',
    ];
    const { exitCode, stderr } = await user.run(add);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('a whole number from 0 to 10000')]);
  });
});

describe('the name of the batch tasks', () => {
  test('when a profile holds it then tasks of that name are followed', async () => {
    const server = await namedTasks('Nightly Job 7');
    const user = await userOf(server.url, '--task-name', 'nightly*');
    const followed = await user.run([...resync, '--wait', '-o', 'json']);
    const { status, tasks } = JSON.parse(followed.stdout);
    expect([followed.exitCode, status, tasks.length]).toEqual([0, 'ok', 3]);
  });

  test('when a flag says another then none of them is followed', async () => {
    const server = await namedTasks('Nightly Job 7');
    const user = await userOf(server.url, '--task-name', 'nightly*');
    const flags = ['--wait', '--wait-timeout', '1ms', '--task-name', '*erp*resync*', '-o', 'json'];
    const { exitCode, stdout } = await user.run([...resync, ...flags]);
    expect([exitCode, JSON.parse(stdout).tasks]).toEqual([8, []]);
  });
});
