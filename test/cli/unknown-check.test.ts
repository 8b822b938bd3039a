/** `resume --unknown check`: what the batch tasks on the server say of requests whose answers were lost. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseFault } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { machineHere } from '../support/in-process.ts';
import { answer, jsonAnswer, noContent, wireServer } from '../support/wire-server.ts';

const start = [
  'force-resync',
  '--connection',
  '124',
  '--chunk-size',
  '1',
  '--concurrency',
  '1',
  '--run',
  'night',
];
const check = ['resume', 'night', '--unknown', 'check', '-o', 'json'];

const task = (Id: number) => ({ Id, Name: 'ErpForceResyncBatchPlugin', State: 'New', AssociateId: 7 });
const connection = jsonAnswer(200, {
  ErpConnectionId: 124,
  DisplayName: 'Visma',
  Active: true,
  Deleted: false,
});

/** A server that loses the answers to the requests of these numbers, and whose tasks are the ones that are pushed. */
async function losingServer(lost: readonly number[], tasks: object[]) {
  let resyncs = 0;
  return await wireServer((request) => {
    if (request.includes('/currentPrincipal')) return jsonAnswer(200, { AssociateId: 7 });
    if (request.includes('/GetBatchTaskInfosByAssociates')) return jsonAnswer(200, tasks);
    if (request.includes('/GetSystemBatchTaskInfos')) return jsonAnswer(200, []);
    if (request.includes('/GetConnection')) return connection;
    return lost.includes(resyncs++) ? answer(502, '') : noContent;
  });
}

describe('resume --unknown check', () => {
  test.each(['rest', 'soap'])(
    'when the server did over %s what it lost the answer to then the task that appeared tells so, and nothing is sent',
    async (transport) => {
      // The third request to the agent: the source is looked at first, then there are two of the run.
      const faults = [parseFault('reset-after-body,every=3,times=1,path=ErpSync')];
      const running = await startSandbox({ host: '127.0.0.1', port: 0, faults });
      onTestFinished(() => running.close());
      const user = machineHere();
      const env = { ERPSYNC_PASSWORD: 'Tje0' };
      const flags = ['--url', running.url, '--username', 'tje0', '--transport', transport];
      expect((await user.run([...start, '--ids', '100,959', '--wait', ...flags], { env })).exitCode).toBe(11);
      const { exitCode, stdout } = await user.run([...check, ...flags], { env });
      const { check: found, tasks } = JSON.parse(stdout);
      expect([exitCode, found.finding, found.tasks, tasks.length]).toEqual([11, 'all', 2, 2]);
    },
  );

  test('when fewer tasks appeared than requests went out then it says so, keeps the keys unknown and sends nothing', async () => {
    const user = machineHere();
    const tasks = [task(5)];
    const server = await losingServer([1], tasks);
    const flags = ['--url', server.url, '--auth', 'none'];
    expect(
      (await user.run([...start, '--ids', '1-3', '--wait', '--wait-timeout', '1ms', ...flags])).exitCode,
    ).toBe(11);
    tasks.push(task(6), task(7));
    const before = server.count('ForceResyncBatchTask');
    const shown = await user.run([...check, ...flags]);
    const document = JSON.parse(shown.stdout);
    expect([shown.exitCode, document.status, document.keys.unknown]).toEqual([11, 'unknown', 1]);
    expect(document.check).toMatchObject({
      tasks: 2,
      isMarked: true,
      accepted: 2,
      unknown: 1,
      finding: 'none',
    });
    tasks.push(task(8));
    const people = await user.run([...check.slice(0, -2), ...flags]);
    expect([people.exitCode, people.stdout]).toEqual([
      11,
      expect.stringContaining('very likely the server took all'),
    ]);
    for (const told of [document.error.hint, people.stderr]) {
      expect(told).toContain('send again what is unknown: erpsync resume night --unknown retry');
      expect(told).not.toContain('--unknown check');
    }
    expect(server.count('ForceResyncBatchTask')).toBe(before);
  });

  test('when the run did not note which tasks were there then older ones are counted too, and it says so', async () => {
    const user = machineHere();
    const server = await losingServer([1], [task(5)]);
    const flags = ['--url', server.url, '--auth', 'none'];
    expect((await user.run([...start, '--ids', '1-2', ...flags])).exitCode).toBe(11);
    expect(server.count('currentPrincipal')).toBe(0);
    const { exitCode, stdout } = await user.run([...check, ...flags]);
    const { check: found, tasks } = JSON.parse(stdout);
    expect([exitCode, found.tasks, found.isMarked]).toEqual([11, 1, false]);
    // Not told to be the run's.
    expect(tasks).toEqual([]);
    expect(found.message).toContain('older ones included');
  });

  test('when the run was direct then it says that there are no tasks', async () => {
    const user = machineHere();
    const server = await losingServer([0], []);
    const flags = ['--url', server.url, '--auth', 'none'];
    await user.run([...start, '--mode', 'direct', '--ids', '1', ...flags]);
    const { exitCode, stdout, stderr } = await user.run([...check, ...flags]);
    expect([exitCode, JSON.parse(stdout).check]).toEqual([11, null]);
    expect(stderr).toContain('a direct run starts no batch tasks');
  });

  test('when something else is asked for beside it then it is an error of use', async () => {
    const user = machineHere();
    const server = await losingServer([0], []);
    const flags = ['--url', server.url, '--auth', 'none'];
    await user.run([...start, '--ids', '1', ...flags]);
    const { exitCode, stdout } = await user.run([...check, '--rejected', ...flags]);
    expect([exitCode, JSON.parse(stdout).error.message]).toEqual([2, expect.stringContaining('--rejected')]);
  });
});
