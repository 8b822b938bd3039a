/** Batch tasks, followed to their end. */
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { runHere } from '../support/in-process.ts';
import { machine } from '../support/program.ts';
import { startSandbox } from '../support/sandbox.ts';
import { type Reply, tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();
const ok = (body: unknown): Reply => ({ status: 200, body });

function task(Id: number, State: string, Name = 'ErpForceResyncBatchPlugin', ProgressPercent = 40) {
  return { Id, Name, State, ProgressPercent, AssociateId: 5 };
}

/** Watches on a server that lists these tasks, and then answers for a single one in turn; the last answer stays. */
async function watch(args: readonly string[], listed: readonly object[], single: readonly (object | null)[]) {
  let looks = 0;
  const { url, bodiesOf } = tenant(({ operation }) => {
    if (operation === 'currentPrincipal') return ok({ AssociateId: 5 });
    if (operation === 'GetBatchTaskInfo') return ok(single[Math.min(looks++, single.length - 1)] ?? null);
    return ok(listed);
  });
  const finished = await runHere(['tasks', 'watch', ...args, '--url', url, '--auth', 'none']);
  return { finished, url, looked: bodiesOf('GetBatchTaskInfo') };
}

describe.concurrent('watch', () => {
  test('when no id is given then the unfinished resyncs of ours are followed', async () => {
    const listed = [task(70, 'Succeeded'), task(71, 'Started'), task(72, 'New', 'Export')];
    const { finished, looked } = await watch(['-o', 'json'], listed, [task(71, 'Succeeded')]);
    expect(looked).toEqual([{ Id: 71 }]);
    expect(documentOf(finished)).toMatchObject({ status: 'ok', items: [{ id: 71, state: 'Succeeded' }] });
    expect(finished.stderr).toBe(
      'Task 71 (ErpForceResyncBatchPlugin): Started 40 %\nTask 71 (ErpForceResyncBatchPlugin): Succeeded\n',
    );
    expect(finished.exitCode).toBe(0);
  });

  test('when a name is given then only tasks of that name are followed', async () => {
    const listed = [task(71, 'Started'), task(72, 'New', 'Export')];
    const { finished, looked } = await watch(['--name', 'exp*'], listed, [task(72, 'Succeeded', 'Export')]);
    expect(looked).toEqual([{ Id: 72 }]);
    expect(finished.exitCode).toBe(0);
  });

  test('when there is nothing to watch then it says so', async () => {
    const { finished } = await watch([], [task(71, 'Succeeded')], []);
    expect(finished).toMatchObject({ exitCode: 0, stdout: 'No batch task to watch.\n', stderr: '' });
  });

  test('when a task has failed then the code is 13', async () => {
    const { finished } = await watch(['71'], [], [task(71, 'Failed')]);
    expect(finished.exitCode).toBe(13);
    expect(finished.stdout).toMatch(/71 +ErpForceResyncBatchPlugin +Failed/);
    expect(finished.stderr).toContain(
      'erpsync: batch task 71 did not succeed: the server tells the state Failed; see what it answered: erpsync tasks show 71\n',
    );
  });

  test('when a task vanishes then the code is 8', async () => {
    const { finished } = await watch(['71', '-o', 'json'], [], [task(71, 'Started'), null]);
    expect(finished.exitCode).toBe(8);
    expect(documentOf(finished)).toMatchObject({
      status: 'pending',
      exitCode: 8,
      items: [{ id: 71, vanished: true }],
      error: { code: 'pending' },
    });
  });

  test('when the time is over then the code is 8 and the command to go on is named', async () => {
    const { finished } = await watch(['71', '--wait-timeout', '10ms'], [], [task(71, 'Started')]);
    expect(finished.exitCode).toBe(8);
    expect(finished.stderr).toContain(
      'erpsync: the end of batch task 71 was not seen: the time of --wait-timeout ran out before it; watch on with: erpsync tasks watch 71\n',
    );
  });

  test('when a task does not exist then the code is 6', async () => {
    const { finished } = await watch(['9'], [], [null]);
    expectRefusal(finished, 6, ['there is no batch task 9']);
  });

  test('when ndjson is asked for then changes are events and the last line is the document', async () => {
    const { finished } = await watch(['71', '-o', 'ndjson'], [], [task(71, 'Succeeded')]);
    const lines = finished.stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { type: 'task', id: 71, state: 'Succeeded' },
      { type: 'end', command: 'tasks watch', status: 'ok', items: [{ id: 71 }] },
    ]);
  });

  test('when Ctrl-C comes then it ends with 130 and says that the tasks go on', async () => {
    const { url } = tenant(() => ok(task(71, 'Started')));
    const program = machine().start(['tasks', 'watch', '71', '--url', url, '--auth', 'none']);
    await new Promise((resolve) => program.child.stderr?.once('data', resolve));
    program.child.kill('SIGINT');
    const { exitCode, stderr } = await program.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('while the tasks go on; watch on with: erpsync tasks watch 71\n');
  });
});

test('when a resync was started on the sandbox then it is watched to its end', async () => {
  const user = machine();
  const { url, password } = await startSandbox(user);
  const env = {
    ERPSYNC_URL: url,
    ERPSYNC_USERNAME: 'tje0',
    ERPSYNC_PASSWORD: password,
    ERPSYNC_AUTH: 'basic',
  };
  await runHere(['force-resync', '--connection', '124', '--ids', '100,959'], { env });
  const finished = await runHere(['tasks', 'watch', '71', '-o', 'json'], { env });
  expect(documentOf(finished)).toMatchObject({ status: 'ok', items: [{ id: 71, state: 'Succeeded' }] });
});
