/** --wait follows the batch tasks of a run, --max-tasks keeps them few. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runHere } from '../support/in-process.ts';
import { machine, temporaryDirectory } from '../support/program.ts';
import { jsonAnswer, noContent, wireServer } from '../support/wire-server.ts';

async function sandbox() {
  const running = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => running.close());
  return running.url;
}

async function run(url: string, ...line: readonly string[]) {
  const finished = await runHere([...line, '--url', url, '--username', 'tje0', '-o', 'json'], {
    env: { ERPSYNC_PASSWORD: 'Tje0' },
  });
  return { ...finished, document: JSON.parse(finished.stdout) };
}

const resync = ['force-resync', '--connection', '124', '--no-check'];

/** A server whose tasks are what the test says, by the number of the look. */
async function taskServer(look: (number: number) => readonly object[]) {
  let looks = 0;
  return await wireServer((request) => {
    if (request.includes('/currentPrincipal')) return jsonAnswer(200, { AssociateId: 7 });
    if (request.includes('/GetBatchTaskInfosByAssociates')) return jsonAnswer(200, look(looks++));
    return noContent;
  });
}
const task = (Id: number, State: string, Name = 'ErpForceResyncBatchPlugin') => ({
  Id,
  Name,
  State,
  AssociateId: 7,
});

describe('--wait', () => {
  test.each(['rest', 'soap'])(
    'when the tasks of a run succeed over %s then the code is 0',
    async (transport) => {
      const flags = ['--ids', '100,959', '--chunk-size', '1', '--wait', '--transport', transport];
      const { exitCode, document, stderr } = await run(await sandbox(), ...resync, ...flags);
      expect([exitCode, document.status]).toEqual([0, 'ok']);
      expect(document.tasks.map(({ state }: { state: string }) => state)).toEqual(['Succeeded', 'Succeeded']);
      expect(stderr).toContain('Succeeded');
    },
  );

  test('when one fails then the code is 13 and it is named', async () => {
    const server = await taskServer((look) =>
      look === 0 ? [task(5, 'Started')] : [task(5, 'Started'), task(6, 'Failed')],
    );
    const { exitCode, document } = await run(server.url, ...resync, '--ids', '1', '--wait');
    expect([exitCode, document.status, document.error.message]).toEqual([
      13,
      'failed',
      expect.stringContaining('task 6'),
    ]);
    expect(document.keys.accepted).toBe(1);
  });

  test('when the time is over first then the code is 8', async () => {
    const server = await taskServer((look) => (look === 0 ? [] : [task(6, 'New')]));
    const { exitCode, document } = await run(
      server.url,
      ...resync,
      '--ids',
      '1',
      '--wait',
      '--wait-timeout',
      '100ms',
    );
    expect([exitCode, document.status, document.tasks]).toEqual([
      8,
      'pending',
      [{ id: 6, state: 'New', progressPercent: null }],
    ]);
    expect([document.error.message, document.error.hint]).toEqual([
      '1 of 1 key accepted, and not all of it was seen to be synced: the wait ran out before batch task 6 ended',
      'watch on: erpsync tasks watch 6',
    ]);
  });

  test.each<['SIGINT' | 'SIGTERM', number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('when %s ends the watching then the tasks to watch on are named', async (signal, code) => {
    const server = await taskServer((look) => (look === 0 ? [] : [task(6, 'Started'), task(7, 'New')]));
    const line = [
      ...resync,
      '--ids',
      '1,2',
      '--chunk-size',
      '1',
      '--wait',
      '--auth',
      'none',
      '--url',
      server.url,
    ];
    const program = machine().start([...line, '-o', 'json']);
    let said = '';
    program.child.stderr?.on('data', (text) => {
      said += String(text);
    });
    await expect.poll(() => said, { timeout: 20_000 }).toContain('Task 7: New');
    program.child.kill(signal);
    const { exitCode, stdout } = await program.finished;
    const { status, error, keys } = JSON.parse(stdout);
    expect([exitCode, status, keys.accepted]).toEqual([code, 'interrupted', 2]);
    expect([error.message, error.hint]).toEqual([
      `2 of 2 keys accepted: ${signal} ended the watching, not the batch tasks`,
      'watch on: erpsync tasks watch 6 7',
    ]);
  });

  test('when its task vanishes before its end was seen then the code is 8', async () => {
    const server = await taskServer((look) => (look === 1 ? [task(6, 'Started')] : []));
    const { exitCode, document } = await run(server.url, ...resync, '--ids', '1', '--wait');
    expect([exitCode, document.tasks[0].state]).toEqual([8, 'Vanished']);
  });

  test('when other jobs of the user do not look like a resync then they are left alone', async () => {
    const server = await taskServer((look) =>
      look === 0 ? [] : [task(6, 'Failed', 'SomeImport'), task(7, 'Succeeded')],
    );
    const { exitCode, document } = await run(server.url, ...resync, '--ids', '1', '--wait');
    expect([exitCode, document.tasks.map(({ id }: { id: number }) => id)]).toEqual([0, [7]]);
  });

  test('when one request was lost then an end is no other one of the requests', async () => {
    let sent = 0;
    const server = await wireServer((request) => {
      if (request.includes('/currentPrincipal')) return jsonAnswer(200, { AssociateId: 7 });
      if (request.includes('/GetBatchTaskInfosByAssociates')) {
        return jsonAnswer(200, sent === 0 ? [] : [task(6, 'Succeeded'), task(7, 'Failed')]);
      }
      return sent++ === 1 ? (socket) => socket.destroy() : noContent;
    });
    const flags = ['--ids', '1-3', '--chunk-size', '1', '--concurrency', '1', '--retries', '0', '--wait'];
    const state = temporaryDirectory();
    const env = { ERPSYNC_PASSWORD: 'Tje0', ERPSYNC_STATE_DIR: state };
    const line = [...resync, ...flags, '--url', server.url, '--username', 'tje0', '-o', 'json'];
    expect((await runHere(line, { env })).exitCode).toBe(11);
    const shown = await runHere(['runs', 'show', '--latest', '-o', 'json'], { env });
    expect(JSON.parse(shown.stdout).counts).toMatchObject({ unconfirmed: 2, unknown: 1, done: 0, failed: 0 });
  });

  test('when requests are direct then there is nothing to wait for, code 2', async () => {
    const { exitCode } = await run(
      'http://127.0.0.1:1',
      ...resync,
      '--ids',
      '1',
      '--mode',
      'direct',
      '--wait',
    );
    expect(exitCode).toBe(2);
  });
});

describe('--wait-timeout', () => {
  test.each([
    ['force-resync', [...resync, '--ids', '1']],
    ['engine stop', ['engine', 'stop']],
  ])('when %s does not wait then a time for it is an error, code 2', async (_, line) => {
    const { exitCode, document } = await run('http://127.0.0.1:1', ...line, '--wait-timeout', '1m');
    expect([exitCode, document.error.message]).toEqual([2, expect.stringContaining('--wait-timeout')]);
  });
});

describe('--max-tasks', () => {
  test('when as many tasks are unfinished then the next request waits until one has ended', async () => {
    let sent = 0;
    const server = await wireServer((request) => {
      if (request.includes('/currentPrincipal')) return jsonAnswer(200, { AssociateId: 7 });
      if (!request.includes('/GetBatchTaskInfosByAssociates')) {
        sent++;
        return noContent;
      }
      return jsonAnswer(200, sent === 1 ? [task(1, 'Succeeded')] : sent === 0 ? [] : [task(2, 'Started')]);
    });
    const flags = ['--ids', '1-3', '--chunk-size', '1', '--max-tasks', '1', '--deadline', '1500ms'];
    const { exitCode, document } = await run(server.url, ...resync, ...flags);
    expect([exitCode, document.requests.accepted]).toEqual([10, 2]);
  });
});
