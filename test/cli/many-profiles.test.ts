/** The same run on several profiles: which go together, whose keys are whose, what is told of each. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { machine } from '../support/program.ts';
import { resyncServer } from '../support/resync-server.ts';
import { answer, jsonAnswer, noContent, type Reaction } from '../support/wire-server.ts';

const refused = jsonAnswer(400, { Message: 'no', MessageDetail: 'bad' });

/** A user with a profile for each of so many servers, and what they were sent. */
async function userOf(reactions: Readonly<Record<string, Reaction>>) {
  const user = machineHere();
  const servers: Record<string, Awaited<ReturnType<typeof resyncServer>>> = {};
  for (const [name, reaction] of Object.entries(reactions)) {
    const server = await resyncServer(() => reaction);
    servers[name] = server;
    await user.run(['profile', 'add', name, '--url', server.url, '--auth', 'none']);
  }
  return {
    ...user,
    sent: (name: string) => servers[name]?.requests ?? [],
    url: (name: string) => servers[name]?.url,
  };
}

function keyFile(user: MachineHere, text: string, name = 'keys.csv'): string {
  const file = path.join(user.home, name);
  writeFileSync(file, text);
  return file;
}

/** Resolves when a stream has said so. */
function firstText(stream: NodeJS.ReadableStream | null | undefined, wanted: string): Promise<void> {
  return new Promise((resolve) => {
    let text = '';
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(wanted)) resolve();
    });
  });
}

const base = ['force-resync', '--from-crm', '--no-check', '--retries', '0'];
const columns = ['--column', 'Key', '--profile-column', 'Profile'];

describe('a file with the profile of each key', () => {
  test('when every key has a profile then each goes to its own server, and each profile has its outcome', async () => {
    const user = await userOf({ prod: noContent, test: noContent });
    const file = keyFile(user, 'Profile;Key\nprod;7\ntest;8\nprod;9\n');
    const flags = ['--profiles', 'prod,test', '--ids-file', file, ...columns];
    const { exitCode, stdout, stderr } = await user.run([...base, ...flags, '-o', 'json']);
    const { profiles, error, status } = JSON.parse(stdout);
    expect([exitCode, status, error]).toEqual([0, 'ok', null]);
    expect([user.sent('prod'), user.sent('test')]).toEqual([[[7, 9]], [[8]]]);
    expect(profiles).toMatchObject([
      { profile: 'prod', status: 'ok', keys: { accepted: 2 } },
      { profile: 'test', status: 'ok', keys: { accepted: 1 } },
    ]);
    expect(stderr).toContain('test: Resync of 1 key');
  });

  test('when one fails then the others run, and the code is the worst one', async () => {
    const user = await userOf({ a: refused, b: answer(502, ''), c: noContent });
    const file = keyFile(user, 'Profile,Key\na,1\nb,1\nc,1\n');
    const line = [...base, '--all-profiles', '--ids-file', file, ...columns];
    const { exitCode, stdout, stderr } = await user.run(line);
    expect([exitCode, user.sent('c')]).toEqual([11, [[1]]]);
    expect(stderr).toContain('2 of 3 profiles did not go well: b: ');
    expect(stdout.split('\n').map((row) => row.split(/\s+/).slice(0, 2))).toEqual(
      expect.arrayContaining([
        ['a', 'rejected'],
        ['b', 'unknown'],
        ['c', 'ok'],
      ]),
    );
  });

  test.each([
    [
      'a profile that is not among them',
      'Profile,Key\nprod,1\nprdo,2\n',
      'line 3 cannot be used: "prdo" is no profile of this run: the profiles are prod, test; did you mean "prod"? Correct it, or name the profile with --profiles',
    ],
    ['a key that is none', 'Profile,Key\nprod,1\ntest,x\n', '"x" is not a whole number from 1 to 2147483647'],
    ['a profile without a key', 'Profile,Key\nprod,1\n', 'nothing was sent: the file holds no key of test'],
    ['a column that is not there', 'Who,Key\nprod,1\n', 'has no "Profile"'],
  ])('when the file holds %s then nothing is sent to anybody', async (_, text, words) => {
    const user = await userOf({ prod: noContent, test: noContent });
    const flags = ['--profiles', 'prod,test', '--ids-file', keyFile(user, text), ...columns];
    const { exitCode, stderr } = await user.run([...base, ...flags]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect([...user.sent('prod'), ...user.sent('test')]).toEqual([]);
  });

  test('when a profile may be without keys then it gets none, and never those of others', async () => {
    const user = await userOf({ prod: noContent, test: noContent });
    const file = keyFile(user, '{"Profile":"prod","Key":5}\n', 'keys.ndjson');
    const flags = ['--profiles', 'test,prod', '--ids-file', file, ...columns, '--if-empty', 'ok'];
    expect((await user.run([...base, ...flags])).exitCode).toBe(0);
    expect([user.sent('prod'), user.sent('test')]).toEqual([[[5]], []]);
  });

  test('when the keys are those of ERP systems then each goes to its own server', async () => {
    const user = machineHere();
    const logFile = path.join(user.home, 'server.ndjson');
    const running = await startSandbox({ host: '127.0.0.1', port: 0, logFile });
    onTestFinished(() => running.close());
    const env = { ERPSYNC_PASSWORD: 'Tje0' };
    const add = ['profile', 'add', 'prod', '--url', running.url, '--username', 'tje0'];
    await user.run([...add, '--password-stdin'], { input: 'Tje0' });
    const file = keyFile(user, 'Profile,Key\nprod,C1 \n');
    const keys = ['--external-keys-file', file, ...columns, '--actor-type', 'Customer'];
    const line = ['force-resync', '--connection-name', 'Visma Net', '--profiles', 'prod', ...keys];
    expect((await user.run(line)).exitCode).toBe(0);
    expect((await user.run(line, { env })).exitCode).toBe(2);
    const sent = readFileSync(logFile, 'utf8')
      .split('\n')
      .filter((entry) => entry.includes('"ForceResyncExternal"'));
    expect(sent.map((entry) => JSON.parse(entry).keys)).toEqual([['C1 ']]);
  });
});

describe('every record of several tenants', () => {
  test('when so many tenants are confirmed as there are then each gets its request', async () => {
    const user = await userOf({ prod: noContent, test: noContent });
    const line = [...base, '--all-profiles', '--all', '--yes-tenants', '2', '-o', 'ndjson'];
    const { exitCode, stdout } = await user.run(line);
    expect([exitCode, user.sent('prod'), user.sent('test')]).toEqual([0, [[]], [[]]]);
    const events = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(events.filter(({ type }) => type === 'request').map(({ profile }) => profile)).toEqual([
      'prod',
      'test',
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'end', exitCode: 0, profiles: [{}, {}] });
  });

  test.each<[string, readonly string[]]>([
    ['nobody confirms it', []],
    ['only --yes is said', ['--yes']],
    ['another number is confirmed', ['--yes-tenants', '3']],
  ])('when %s then nothing is sent', async (_, flags) => {
    const user = await userOf({ prod: noContent, test: noContent });
    const { exitCode, stderr } = await user.run([...base, '--all-profiles', '--all', ...flags]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('2 tenants')]);
    expect([...user.sent('prod'), ...user.sent('test')]).toEqual([]);
  });
});

describe('what does not go together', () => {
  test.each<[string, readonly string[], Record<string, string>, string]>([
    ['an id of a connection', ['--connection', '124', '--all'], {}, '--connection'],
    ['keys of a command line', ['--from-crm', '--ids', '1'], {}, 'which keys belong to which'],
    ['an address', ['--from-crm', '--all', '--url', 'https://x.example.com'], {}, '--url'],
    [
      'an address in a variable',
      ['--from-crm', '--all'],
      { ERPSYNC_URL: 'https://x.example.com' },
      'ERPSYNC_URL',
    ],
    ['a password', ['--from-crm', '--all'], { ERPSYNC_PASSWORD: 'x' }, 'ERPSYNC_PASSWORD'],
    ['a ticket in a file', ['--from-crm', '--all', '--ticket-file', 't'], {}, '--ticket-file'],
    ['leave for http', ['--from-crm', '--all', '--allow-http'], {}, '--allow-http'],
    ['one profile', ['--from-crm', '--all', '--profile', 'prod'], {}, '--profile'],
    ['a file for the keys that are left', ['--from-crm', '--all', '--failed-out', 'f'], {}, '--failed-out'],
    ['both choices', ['--from-crm', '--all', '--profiles', 'prod'], {}, '--profiles and --all-profiles'],
  ])('when %s is given then it is an error of use and nothing is sent', async (_, flags, env, words) => {
    const user = await userOf({ prod: noContent });
    const line = ['force-resync', '--all-profiles', '--no-check', '--yes-tenants', '1', ...flags];
    const { exitCode, stderr } = await user.run(line, { env });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(user.sent('prod')).toEqual([]);
  });

  test('when two profiles are of one tenant then both are named, since everything would be done twice', async () => {
    const user = await userOf({ prod: noContent });
    await user.run(['profile', 'add', 'twin', '--url', user.url('prod') ?? '', '--auth', 'none']);
    const { exitCode, stderr } = await user.run([...base, '--all-profiles', '--all', '--yes-tenants', '2']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('prod and twin are of one tenant')]);
    expect(user.sent('prod')).toEqual([]);
  });

  test('when a name is not stored then the nearest one is named', async () => {
    const user = await userOf({ prod: noContent });
    const { exitCode, stderr } = await user.run([
      ...base,
      '--profiles',
      'prdo',
      '--all',
      '--yes-tenants',
      '1',
    ]);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('prod')]);
  });

  test.each([
    ['--profile-column', 'P'],
    ['--yes-tenants', '2'],
  ])('when %s is given without several profiles then it is an error of use', async (flag, value) => {
    const user = await userOf({ prod: noContent });
    const { exitCode, stderr } = await user.run([...base, '--ids', '1', flag, value]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(flag)]);
  });
});

test('when a signal comes then the request under way is finished, and the profiles after it get nothing', async () => {
  const user = machine();
  const [first, second] = [await resyncServer(() => 'wait'), await resyncServer()];
  for (const [name, { url }] of Object.entries({ a: first, b: second }))
    await user.run(['profile', 'add', name, '--url', url, '--auth', 'none']);
  const started = user.start([...base, '--all-profiles', '--all', '--yes-tenants', '2', '-o', 'json']);
  await expect.poll(() => first.waiting.length).toBe(1);
  started.child.kill('SIGTERM');
  await firstText(started.child.stderr, 'what is under way is finished first');
  for (const socket of first.waiting) socket.end(noContent);
  const { exitCode, stdout } = await started.finished;
  const { profiles } = JSON.parse(stdout);
  expect([exitCode, second.requests]).toEqual([143, []]);
  expect(profiles).toMatchObject([{ profile: 'a' }, { profile: 'b', status: 'interrupted', exitCode: 143 }]);
});

test('when a report is wanted then it holds a suite for each profile', async () => {
  const user = await userOf({ a: noContent, b: refused });
  const file = path.join(user.home, 'report.xml');
  const keys = keyFile(user, 'Profile,Key\na,1\nb,2\n');
  const summary = path.join(user.home, 'summary.md');
  const line = [...base, '--all-profiles', '--ids-file', keys, ...columns, '--report', `junit=${file}`];
  expect((await user.run(line, { env: { GITHUB_STEP_SUMMARY: summary } })).exitCode).toBe(6);
  const report = readFileSync(file, 'utf8');
  expect(report.match(/<testsuite name="erpsync [ab] /g)).toHaveLength(2);
  expect(readFileSync(summary, 'utf8').match(/\| profile \| [ab] \|/g)).toHaveLength(2);
});

test('when a run is named then each profile has its own of that name, and started again it is complete', async () => {
  const user = await userOf({ a: noContent, b: noContent });
  const file = keyFile(user, 'Profile,Key\na,1\nb,2\n');
  const line = [...base, '--all-profiles', '--ids-file', file, ...columns, '--run', 'night'];
  for (const _ of [1, 2]) expect((await user.run(line)).exitCode).toBe(0);
  expect([user.sent('a'), user.sent('b')]).toEqual([[[1]], [[2]]]);
  const { stdout } = await user.run(['runs', 'list', '-o', 'json']);
  expect(JSON.parse(stdout).items.map(({ name }: { name: string }) => name)).toEqual(['night@a', 'night@b']);
});

test('when it is a dry run then the plan of each is shown and nothing is sent', async () => {
  const user = await userOf({ a: noContent, b: noContent });
  const line = [...base, '--all-profiles', '--all', '--dry-run', '-o', 'json'];
  const { exitCode, stdout } = await user.run(line);
  expect([exitCode, JSON.parse(stdout).profiles]).toMatchObject([
    0,
    [{ status: 'dry-run' }, { status: 'dry-run' }],
  ]);
  expect([...user.sent('a'), ...user.sent('b')]).toEqual([]);
});
