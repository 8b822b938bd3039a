/** A command runs while the sync engine stands still, which is started again whatever happens. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { engine, engineRunner, start, stop } from '../support/engine-server.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { machine } from '../support/program.ts';
import type { Received, Reply } from '../support/tenant-server.ts';

const { run, tenant } = engineRunner();

/** Being asked to start is answered, and nothing comes of it. */
const heardAndNotDone = ({ body }: Received) =>
  JSON.parse(body).Run ? { status: 200, body: { IsRunning: false } } : undefined;

/** An engine that nobody can look at once it was asked to start. */
function failsOnceAskedToStart() {
  const stays = engine({}, heardAndNotDone);
  let asked = false;
  return (request: Received): Reply => {
    if (asked) return { status: 403 };
    asked = request.operation === 'ChangeEngineStatus' && JSON.parse(request.body).Run;
    return stays(request);
  };
}

/** The last line tells an error with these words. */
function expectEndOf(stderr: string, ...words: readonly string[]): void {
  const last = stderr.trimEnd().split('\n').at(-1);
  expect(last).toMatch(/^erpsync: /);
  for (const word of words) expect(last).toContain(word);
}

describe.concurrent('pause', () => {
  test.each([
    ['0', 0],
    ['3', 3],
  ])(
    'when the command ends with %s then the engine runs again and the code is that',
    async (code, exitCode) => {
      const { finished, asked } = await run(
        ['pause', '--', 'sh', '-c', `echo done; exit ${code}`],
        engine({ looks: 1 }),
      );
      expect(finished).toMatchObject({ exitCode, stdout: 'done\n' });
      expect(asked).toEqual([stop, start]);
    },
  );

  test('when the command runs then the engine stands still', async () => {
    const { finished, operations } = await run(['pause', '--', 'true'], engine({ looks: 2 }));
    expect(finished.exitCode).toBe(0);
    const [look, change] = ['GetEngineStatus', 'ChangeEngineStatus'];
    expect(operations).toEqual([look, change, look, look, change, look, look]);
  });

  test('when the engine takes its time to start then the next pause finds it running', async () => {
    const { url, bodiesOf } = tenant(engine({ looks: 2 }));
    const words = ['engine', 'pause', '-o', 'json', '--url', url, '--auth', 'none', '--', 'true'];
    const user = machine();
    for (const finished of [await user.run(words), await user.run(words)])
      expect(documentOf(finished)).toMatchObject({ wasRunning: true, startedAgain: true, exitCode: 0 });
    expect(bodiesOf('ChangeEngineStatus')).toEqual([stop, start, stop, start]);
  });

  test.each([
    ['0', 8],
    ['3', 3],
  ])(
    'when the engine does not run in time after a command that ends with %s then the code is %d',
    async (code, exitCode) => {
      const { finished, asked } = await run(
        ['pause', '--wait-timeout', '300ms', '--', 'sh', '-c', `exit ${code}`],
        engine({}, heardAndNotDone),
      );
      expectEndOf(finished.stderr, 'the sync engine', 'erpsync engine status');
      expect(finished.exitCode).toBe(exitCode);
      expect(asked).toEqual([stop, start]);
    },
  );

  test('when the engine cannot be looked at after it was asked to start then the wait goes wrong, and that is told', async () => {
    const { finished, asked } = await run(['pause', '-o', 'json', '--', 'true'], failsOnceAskedToStart());
    expect(documentOf(finished)).toMatchObject({
      startedAgain: false,
      exitCode: 8,
      error: { code: 'pending', hint: expect.stringContaining('erpsync engine status') },
    });
    expect(asked).toEqual([stop, start]);
  });

  test('when the engine does not run again after a command that was not run then both are told', async () => {
    const { finished } = await run(
      ['pause', '--wait-timeout', '300ms', '--', './no-such-command'],
      engine({}, heardAndNotDone),
    );
    expect(finished.exitCode).toBe(2);
    expect(finished.stderr).toMatch(/^erpsync: warning: the sync engine .*: erpsync engine status$/m);
    expectEndOf(finished.stderr, './no-such-command was not started', 'no such file or directory');
  });

  test('when a signal comes while the engine is waited for then the wait ends, and that is told', async () => {
    let looked = (): void => undefined;
    const starting = new Promise<void>((resolve) => {
      looked = resolve;
    });
    const stays = engine({}, heardAndNotDone);
    const { url, requests } = tenant((request) => {
      if (request.operation === 'GetEngineStatus' && requests.length > 4) looked();
      return stays(request);
    });
    const started = machine().start(['engine', 'pause', '--url', url, '--auth', 'none', '--', 'true']);
    await starting;
    started.child.kill('SIGTERM');
    const finished = await started.finished;
    expect(finished.exitCode).toBe(143);
    expectEndOf(finished.stderr, 'SIGTERM ended the wait for the sync engine', 'erpsync engine status');
  });

  test('when the engine did not run then it is not started afterwards', async () => {
    const { finished, asked } = await run(['pause', '--', 'true'], engine({ running: false }));
    expect(finished.exitCode).toBe(0);
    expect(finished.stderr).toContain('will not be started afterwards');
    expect(asked).toEqual([]);
  });

  test('when the command cannot be started then the engine runs again', async () => {
    const { finished, asked } = await run(['pause', '--', './no-such-command'], engine({}));
    expect(finished.exitCode).toBe(2);
    expect(finished.stderr).toContain(
      './no-such-command was not started: no such file or directory (ENOENT)',
    );
    expect(asked).toEqual([stop, start]);
  });

  test('when the command is killed then the code is 128 and the signal', async () => {
    const { finished, asked } = await run(['pause', '--', 'sh', '-c', 'kill -9 $$'], engine({}));
    expect(finished.exitCode).toBe(137);
    expect(asked).toEqual([stop, start]);
  });

  test('when the engine does not stop in time then the command is not run, and the engine is started again', async () => {
    const { user, finished, asked } = await run(
      ['pause', '--wait-timeout', '300ms', '--', 'touch', 'ran'],
      engine({ looks: 1000 }),
    );
    expect(finished.exitCode).toBe(8);
    expect(existsSync(path.join(user.home, 'ran'))).toBe(false);
    expect(asked).toEqual([stop, start]);
  });

  test('when stopping it is refused then the command is not run', async () => {
    const { user, finished, asked } = await run(
      ['pause', '--', 'touch', 'ran'],
      engine({}, () => ({ status: 403 })),
    );
    expect(finished.exitCode).toBe(5);
    expect(existsSync(path.join(user.home, 'ran'))).toBe(false);
    expect(asked).toEqual([stop]);
  });

  test.each([
    ['0', 6],
    ['3', 3],
  ])(
    'when starting again fails after a command that ends with %s then the code is %d',
    async (code, exitCode) => {
      const refuseStart = ({ body }: Received) => (JSON.parse(body).Run ? { status: 400 } : undefined);
      const { finished } = await run(['pause', '--', 'sh', '-c', `exit ${code}`], engine({}, refuseStart));
      expect(finished.exitCode).toBe(exitCode);
      expect(finished.stderr).toContain('erpsync: the sync engine was not started again: ');
      expect(finished.stderr).toContain('erpsync engine start');
    },
  );

  test('when the answer to starting again is lost then it is asked again', async () => {
    const loseOnce = (_: Received, asked: number) => (asked === 2 ? { status: 502 } : undefined);
    const { finished, asked } = await run(['pause', '--', 'true'], engine({}, loseOnce));
    expect(finished.exitCode).toBe(0);
    expect(asked).toEqual([stop, start, start]);
  });

  test('when the form is JSON then the output of the command goes to standard error', async () => {
    const { finished } = await run(['pause', '-o', 'json', '--', 'echo', 'said'], engine({}));
    expect(documentOf(finished)).toMatchObject({
      program: 'echo',
      wasRunning: true,
      startedAgain: true,
      exitCode: 0,
      error: null,
    });
    expect(finished.stderr).toContain('said\n');
  });

  test('when the command runs then it has standard input, and no secret of ours in its environment', async () => {
    const env = {
      ERPSYNC_PASSWORD: 'p',
      ERPSYNC_TOKEN: 't',
      ERPSYNC_APP_TOKEN: 'a',
      ERPSYNC_TICKET: 'k',
      ERPSYNC_PROFILE_X: 'x',
    };
    const { finished } = await run(['pause', '--', 'sh', '-c', 'cat; env | grep ^ERPSYNC'], engine({}), {
      env,
      input: 'given\n',
    });
    expect(finished.stdout).toBe('given\nERPSYNC_PROFILE_X=x\n');
  });

  test.each([
    ['no command', ['pause'], '<command> is missing'],
    ['no command behind --', ['pause', '--'], '<command> is missing'],
    ['an empty command', ['pause', '--', ''], '<command> cannot be used: it is empty'],
    ['a command without --', ['pause', 'true'], '"true" cannot be used: what is run has to stand behind --'],
    [
      'a word before --',
      ['pause', 'env', '--', 'true'],
      '"env" cannot be used: what is run has to stand behind --',
    ],
  ])('when there is %s then nothing is sent', async (_, args, words) => {
    const { finished, operations } = await run(args, engine({}));
    expectRefusal(finished, 2, [words]);
    expect(operations).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'when %s comes then the command gets it and the engine runs again',
    async (signal) => {
      const { url, bodiesOf } = tenant(engine({}));
      const script =
        'process.on("SIGINT",e).on("SIGTERM",e).on("SIGHUP",e);function e(){process.exit(42)}console.log("up");setInterval(()=>{},1e3)';
      const started = machine().start([
        'engine',
        'pause',
        '--url',
        url,
        '--auth',
        'none',
        '--',
        process.execPath,
        '-e',
        script,
      ]);
      await new Promise<void>((resolve) => started.child.stdout.once('data', () => resolve()));
      started.child.kill(signal);
      const finished = await started.finished;
      expect(finished.exitCode).toBe(42);
      expect(bodiesOf('ChangeEngineStatus')).toEqual([stop, start]);
    },
  );

  test('when a signal comes before the command then it is not run, and the engine runs again', async () => {
    let looked = (): void => undefined;
    const stopping = new Promise<void>((resolve) => {
      looked = resolve;
    });
    const base = engine({ looks: 1000 });
    const { url, bodiesOf } = tenant((request) => {
      if (request.operation === 'ChangeEngineStatus') looked();
      return base(request);
    });
    const started = machine().start(['engine', 'pause', '--url', url, '--auth', 'none', '--', 'echo', 'ran']);
    await stopping;
    started.child.kill('SIGTERM');
    expect(await started.finished).toMatchObject({ exitCode: 143, stdout: '' });
    expect(bodiesOf('ChangeEngineStatus')).toEqual([stop, start]);
  });
});
