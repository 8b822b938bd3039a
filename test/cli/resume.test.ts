/** Runs that were interrupted, killed or partly refused, and what goes on with them. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { machineOfBoth } from '../support/in-process.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';
import { answer, jsonAnswer, noContent } from '../support/wire-server.ts';

type OnMachine = ReturnType<typeof machineOfBoth>;

function runsOf({ home }: OnMachine): readonly string[] {
  const directory = path.join(home, '.local/state/erpsync/runs');
  return existsSync(directory) ? readdirSync(directory).filter((name) => /^\d/.test(name)) : [];
}

function directoryOf(user: OnMachine): string {
  return path.join(user.home, '.local/state/erpsync/runs', runsOf(user)[0] ?? '');
}

const resume = (url: string, ...more: readonly string[]): readonly string[] => [
  'resume',
  '--latest',
  '--url',
  url,
  '--auth',
  'none',
  '-o',
  'json',
  ...more,
];

/** Kills a run while its third request waits for an answer. */
async function killedRun(user: OnMachine) {
  let dead = false;
  const server = await resyncServer((_, index) => (index === 2 && !dead ? 'wait' : noContent));
  const program = user.start(runLine(server.url, 5, '--concurrency', '1'));
  await vi.waitUntil(() => server.waiting.length === 1, { timeout: 10_000, interval: 5 });
  program.child.kill('SIGKILL');
  await program.finished;
  dead = true;
  return server;
}

const { parse } = JSON;

describe('a run that was killed', () => {
  test('when it goes on then what was accepted is not sent again, what may have been is told as unknown', async () => {
    const user = machineOfBoth();
    const server = await killedRun(user);
    const { exitCode, stdout } = await user.run(resume(server.url));
    expect(server.keys()).toEqual([1, 2, 3, 4, 5]);
    expect(exitCode).toBe(11);
    expect(parse(stdout)).toMatchObject({
      command: 'resume',
      status: 'unknown',
      keys: { given: 5, accepted: 4, unknown: 1, unsent: 0 },
      error: { code: 'unknown', hint: expect.stringContaining('--unknown retry') },
    });
  });

  test('when the unknown is to be tried again then it is, and all is accepted', async () => {
    const user = machineOfBoth();
    const server = await killedRun(user);
    const { exitCode, stdout } = await user.run(resume(server.url, '--unknown', 'retry'));
    expect(server.keys()).toEqual([1, 2, 3, 3, 4, 5]);
    expect([exitCode, parse(stdout).keys]).toMatchObject([0, { accepted: 5, unknown: 0 }]);
    const again = await user.run(resume(server.url, '--unknown', 'retry'));
    expect([again.exitCode, server.requests.length]).toEqual([2, 6]);
  });

  test('when the last line of its journal is torn then it goes on all the same', async () => {
    const user = machineOfBoth();
    const server = await killedRun(user);
    appendFileSync(path.join(directoryOf(user), 'journal.ndjson'), '{"at":"2026-01-31T12:00:0');
    expect(await user.run(resume(server.url, '--unknown', 'retry'))).toMatchObject({ exitCode: 0 });
  });

  test('when it goes on for another server then nothing is sent, and the code is 2', async () => {
    const user = machineOfBoth();
    await killedRun(user);
    const other = await resyncServer();
    const { exitCode, stdout } = await user.run(resume(other.url));
    expect([exitCode, other.requests]).toEqual([2, []]);
    expect(parse(stdout).error.message).toContain('it was for http://127.0.0.1');
  });

  test('when two go on with it at once then the second one ends with 12', async () => {
    const user = machineOfBoth();
    let waits = true;
    const server = await resyncServer(() => (waits ? 'wait' : noContent));
    const killed = user.start(runLine(server.url, 3, '--concurrency', '1'));
    await vi.waitUntil(() => server.waiting.length === 1, { timeout: 10_000, interval: 5 });
    killed.child.kill('SIGKILL');
    await killed.finished;
    const first = user.start(resume(server.url));
    await vi.waitUntil(() => server.waiting.length === 2, { timeout: 10_000, interval: 5 });
    const second = await user.run(resume(server.url, '--no-lock'));
    expect([second.exitCode, parse(second.stdout).status]).toEqual([12, 'locked']);
    waits = false;
    server.waiting[1]?.write(noContent);
    await first.finished;
    expect(server.keys()).toEqual([1, 2, 3]);
  });

  test('when it was killed at any moment then every key comes at least once, and twice only if it was unknown', async () => {
    const user = machineOfBoth();
    const keys = 40;
    const server = await resyncServer(() => (socket) => void setTimeout(() => socket.write(noContent), 3));
    const line = runLine(server.url, keys, '--concurrency', '3', '--run', 'nightly');
    const again = ['resume', 'nightly', '--url', server.url, '--auth', 'none', '--unknown', 'retry'];
    let exitCode: number | undefined;
    for (let round = 0; exitCode !== 0 && round < 40; round++) {
      const before = server.requests.length;
      const program = user.start(runsOf(user).length === 0 ? line : again);
      const enough = before + 1 + ((round * 5) % 9);
      void vi
        .waitUntil(() => server.requests.length >= enough, { timeout: 10_000, interval: 1 })
        .then(() => program.child.kill('SIGKILL'))
        .catch(() => undefined);
      ({ exitCode } = await program.finished);
    }
    expect(exitCode).toBe(0);
    const counts = new Map<number, number>();
    for (const key of server.keys()) counts.set(key, (counts.get(key) ?? 0) + 1);
    expect(counts.size).toBe(keys);
    const journal = readFileSync(path.join(directoryOf(user), 'journal.ndjson'), 'utf8');
    const intents = journal.split('\n').filter((text) => text.includes('"intent"'));
    // Each time that a key came was written down before.
    for (const [key, times] of counts) {
      const written = intents.filter((text) => text.includes(`"request":${key - 1},`));
      expect(times).toBeLessThanOrEqual(written.length);
    }
    const accepted = journal.split('\n').filter((text) => text.includes('"kind":"accepted"'));
    expect(accepted).toHaveLength(keys);
  }, 120_000);
});

describe('what is sent again', () => {
  const bad = jsonAnswer(400, { Message: 'The request is invalid.', MessageDetail: 'no' });

  test('when keys were refused then they are sent again only when asked for', async () => {
    const user = machineOfBoth();
    let healed = false;
    const server = await resyncServer((keys) => (keys[0] === 2 && !healed ? bad : noContent));
    expect((await user.run(runLine(server.url, 3))).exitCode).toBe(10);
    healed = true;
    const plain = await user.run(['resume', runsOf(user)[0] ?? '', '--url', server.url, '--auth', 'none']);
    expect([plain.exitCode, server.requests.length]).toEqual([10, 3]);
    expect(plain.stderr).toContain('nothing left to send');
    const asked = await user.run([
      'resume',
      runsOf(user)[0] ?? '',
      '--url',
      server.url,
      '--auth',
      'none',
      '--rejected',
    ]);
    expect([asked.exitCode, server.keys().at(-1)]).toEqual([0, 2]);
  });

  test('when the server was busy then the rest is sent, at the settings of the run', async () => {
    const user = machineOfBoth();
    let busy = true;
    const server = await resyncServer((_, index) => (index > 0 && busy ? answer(503, '') : noContent));
    const first = await user.run(
      runLine(server.url, 4, '--concurrency', '1', '--retries', '0', '-o', 'json'),
    );
    expect([first.exitCode, parse(first.stdout).error.hint]).toEqual([
      10,
      expect.stringContaining('erpsync resume '),
    ]);
    busy = false;
    expect(await user.run(resume(server.url))).toMatchObject({ exitCode: 0 });
    expect(server.keys()).toEqual([1, 2, 2, 3, 4]);
  });

  test('when the run is not said and nobody is there then the code is 2', async () => {
    const user = machineOfBoth();
    const { exitCode, stderr } = await user.run(['resume']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--latest')]);
    const none = await user.run(['resume', 'x']);
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('there is no run "x"')]);
  });
});

describe('a run with a name', () => {
  test('when it is complete then starting it again sends nothing, code 0', async () => {
    const user = machineOfBoth();
    const server = await resyncServer();
    const line = runLine(server.url, 3, '--run', 'nightly');
    expect((await user.run(line)).exitCode).toBe(0);
    expect((await user.run(line)).exitCode).toBe(0);
    expect(server.requests).toHaveLength(3);
    expect(runsOf(user)).toHaveLength(1);
  });

  test('when it is not complete then starting it again goes on', async () => {
    const user = machineOfBoth();
    let busy = true;
    const server = await resyncServer((_, index) => (index > 0 && busy ? answer(503, '') : noContent));
    const line = runLine(server.url, 3, '--run', 'nightly', '--concurrency', '1', '--retries', '0');
    expect((await user.run(line)).exitCode).toBe(10);
    busy = false;
    expect((await user.run(line)).exitCode).toBe(0);
    expect(server.keys()).toEqual([1, 2, 2, 3]);
  });

  test.each<[string, readonly string[]]>([
    ['other keys', ['--ids', '9']],
    ['other keys, more of them', ['--ids', '4-5']],
  ])('when it is started again with %s then nothing is sent, code 2', async (_, more) => {
    const user = machineOfBoth();
    const server = await resyncServer();
    await user.run(runLine(server.url, 3, '--run', 'nightly'));
    const { exitCode, stderr } = await user.run(runLine(server.url, 3, '--run', 'nightly', ...more));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('it has other keys')]);
    expect(server.requests).toHaveLength(3);
  });
});

describe('two runs at once', () => {
  async function heldRun(user: OnMachine) {
    const server = await resyncServer((_, index) => (index === 0 ? 'wait' : noContent));
    const started = user.start(runLine(server.url, 1));
    await vi.waitUntil(() => server.waiting.length === 1, { timeout: 10_000, interval: 5 });
    return { server, started };
  }

  test('when the tenant is the same then the second one ends with 12 and sends nothing', async () => {
    const user = machineOfBoth();
    const { server, started } = await heldRun(user);
    const { exitCode, stdout } = await user.run(runLine(server.url, 2, '-o', 'json'));
    expect([exitCode, parse(stdout).status, server.requests.length]).toEqual([12, 'locked', 1]);
    server.waiting[0]?.write(noContent);
    await started.finished;
    expect(runsOf(user)).toHaveLength(1);
  });

  test('when it may wait then it comes after the first one; without locks it does not wait', async () => {
    const user = machineOfBoth();
    const { server, started } = await heldRun(user);
    expect(await user.run(runLine(server.url, 1, '--no-lock'))).toMatchObject({ exitCode: 0 });
    const second = user.start(runLine(server.url, 1, '--lock-wait', '30s'));
    let said = '';
    second.child.stderr?.on('data', (chunk) => {
      said += String(chunk);
    });
    await vi.waitUntil(() => said.includes('Waiting for'), { timeout: 10_000, interval: 5 });
    server.waiting[0]?.write(noContent);
    expect(await started.finished).toMatchObject({ exitCode: 0 });
    expect(await second.finished).toMatchObject({ exitCode: 0 });
  });

  test('when a run is under way then nobody else works on it, even without the lock of the tenant', async () => {
    const user = machineOfBoth();
    let waits = true;
    const server = await resyncServer(() => (waits ? 'wait' : noContent));
    const started = user.start(runLine(server.url, 2, '--concurrency', '1', '--no-lock', '--run', 'nightly'));
    await vi.waitUntil(() => server.waiting.length === 1, { timeout: 10_000, interval: 5 });
    const resumed = await user.run(['resume', 'nightly', '--no-lock', '--url', server.url, '--auth', 'none']);
    const moved = await user.run(['runs', 'export', 'nightly', 'nightly.run']);
    expect([resumed.exitCode, moved.exitCode, server.requests.length]).toEqual([12, 12, 1]);
    const later = user.start(['runs', 'export', 'nightly', 'nightly.run', '--lock-wait', '30s']);
    waits = false;
    server.waiting[0]?.write(noContent);
    expect(await started.finished).toMatchObject({ exitCode: 0 });
    expect(await later.finished).toMatchObject({ exitCode: 0 });
    expect(server.keys()).toEqual([1, 2]);
  });

  test('when the first one was killed then its lock does not hold', async () => {
    const user = machineOfBoth();
    const { server, started } = await heldRun(user);
    started.child.kill('SIGKILL');
    await started.finished;
    expect(await user.run(runLine(server.url, 1))).toMatchObject({ exitCode: 0 });
  });
});

describe('parts of a run', () => {
  test('when three shards are sent then each key comes once, and they share the lock', async () => {
    const user = machineOfBoth();
    const server = await resyncServer();
    const ends = await Promise.all(
      [1, 2, 3].map((index) => user.run(runLine(server.url, 60, '--shard', `${index}/3`, '-o', 'json'))),
    );
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(server.keys().toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
    for (const { stdout } of ends) expect(parse(stdout).keys.given).toBeGreaterThan(5);
  });

  test('when a part of a list that is not empty is empty then nothing is sent, code 0', async () => {
    const server = await resyncServer();
    const ends = await Promise.all(
      [1, 2].map((index) => machineOfBoth().run(runLine(server.url, 1, '--shard', `${index}/2`))),
    );
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(server.requests).toEqual([[1]]);
  });

  test('when every record is asked for then it has no parts, code 2', async () => {
    const line = [
      'force-resync',
      '--from-crm',
      '--all',
      '--yes',
      '--shard',
      '1/2',
      '--url',
      'http://127.0.0.1:1',
    ];
    const { exitCode, stderr } = await machineOfBoth().run(line);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--shard')]);
  });
});

describe('the state directory', () => {
  test('when a run is made then everything there is for its owner alone, and holds no secret', async () => {
    const user = machineOfBoth();
    const server = await resyncServer();
    const line = runLine(server.url, 2, '--auth', 'bearer').filter((word) => word !== 'none');
    await user.run(line.toSpliced(line.indexOf('--auth'), 1), { env: { ERPSYNC_TOKEN: 'Sentinel-8A' } });
    const directory = directoryOf(user);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(directory)) {
      const file = path.join(directory, name);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'latin1')).not.toContain('Sentinel');
    }
  });

  test.skipIf(process.getuid?.() === 0)(
    'when it cannot be written then nothing is sent, code 14',
    async () => {
      const user = machineOfBoth();
      const server = await resyncServer();
      const state = path.join(user.home, 'state');
      mkdirSync(state, { mode: 0o500 });
      chmodSync(state, 0o500);
      const { exitCode } = await user.run(runLine(server.url, 1), { env: { ERPSYNC_STATE_DIR: state } });
      expect([exitCode, server.requests]).toEqual([14, []]);
    },
  );

  test('when it is no directory then nothing is sent and that is told', async () => {
    const user = machineOfBoth();
    const server = await resyncServer();
    const { exitCode, stderr } = await user.run(runLine(server.url, 1), {
      env: { ERPSYNC_STATE_DIR: '/dev/null' },
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('/dev/null');
    expect(server.requests).toEqual([]);
  });

  test('when a source of keys fails then there is no run', async () => {
    const user = machineOfBoth();
    const server = await resyncServer();
    const line = [
      'force-resync',
      '--from-crm',
      '--ids',
      '-',
      '--url',
      server.url,
      '--auth',
      'none',
      '--no-check',
    ];
    expect((await user.run(line, { input: '1\n2\nx\n' })).exitCode).toBe(2);
    expect([server.requests, runsOf(user)]).toEqual([[], []]);
  });
});
