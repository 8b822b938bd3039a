/** The runs of a machine, looked at, checked, moved and removed. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { machine } from '../support/program.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';
import { answer, jsonAnswer, noContent, type Reaction, wireServer } from '../support/wire-server.ts';

const bad = jsonAnswer(400, { Message: 'no', MessageDetail: 'bad' });

/** A run of four keys: one refused, one not sent in the end, two accepted. */
async function mixedRun(user: MachineHere) {
  const server = await resyncServer((keys) =>
    keys[0] === 2 ? bad : keys[0] === 4 ? answer(503, '', { 'Retry-After': '0' }) : noContent,
  );
  const flags = ['--concurrency', '1', '--retries', '0', '--run', 'nightly'];
  expect(await user.run(runLine(server.url, 4, ...flags))).toMatchObject({ exitCode: 10 });
  return server;
}

async function json(user: MachineHere, ...line: readonly string[]) {
  const finished = await user.run([...line, '-o', 'json']);
  return { ...finished, document: JSON.parse(finished.stdout) };
}

/** A zipped file after whose beginning comes what is no block of one. */
function torn(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, 10), Buffer.alloc(bytes.length - 10, 0xff)]);
}

describe('runs', () => {
  test('when there is none then the list is empty and a check fails', async () => {
    const user = machineHere();
    expect((await json(user, 'runs', 'list')).document.items).toEqual([]);
    const { exitCode, stderr } = await user.run(['runs', 'check']);
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining('there is no run')]);
  });

  test('when one is not finished then list and show tell how far it is, and how it goes on', async () => {
    const user = machineHere();
    await mixedRun(user);
    const { items } = (await json(user, 'runs', 'list', '--unfinished')).document;
    expect(items).toMatchObject([
      { name: 'nightly', keys: 4, standing: 'unfinished', counts: { accepted: 2, rejected: 1, unsent: 1 } },
    ]);
    const { document } = await json(user, 'runs', 'show', 'nightly');
    expect(document).toMatchObject({ id: items[0].id, next: 'erpsync resume nightly', chunkSize: 1 });
    const shown = await user.run(['runs', 'show', '--latest']);
    expect(shown.stdout).toContain('erpsync resume nightly');
  });

  test('when keys of a state are asked for then they are input for another run', async () => {
    const user = machineHere();
    await mixedRun(user);
    const keys = await user.run([
      'runs',
      'keys',
      'nightly',
      '--state',
      'rejected',
      '--state',
      'unsent',
      '-o',
      'ids',
    ]);
    expect(keys.stdout).toBe('2\n4\n');
    expect((await user.run(['runs', 'keys', 'nightly', '--state', 'accepted'])).stdout).toBe('1\n3\n');
    expect((await user.run(['runs', 'keys', 'nightly'])).exitCode).toBe(2);
  });

  test('when the last one did not go well then the check says so; when it did, only its age counts', async () => {
    const user = machineHere();
    await mixedRun(user);
    const failing = await user.run(['runs', 'check']);
    expect([failing.exitCode, failing.stderr]).toEqual([
      6,
      expect.stringContaining('nightly did not go well'),
    ]);
    const server = await resyncServer();
    await user.run(runLine(server.url, 1));
    expect((await user.run(['runs', 'check'])).exitCode).toBe(0);
    expect((await user.run(['runs', 'check', '--newer-than', '1d'])).exitCode).toBe(0);
    const old = await user.run(['runs', 'check', '--newer-than', '1ms']);
    expect([old.exitCode, old.stderr]).toEqual([6, expect.stringContaining('too old')]);
  });

  test('when one moves to another machine then it goes on there and no longer here', async () => {
    const [here, there] = [machineHere(), machineHere()];
    const server = await mixedRun(here);
    const file = path.join(here.home, 'moved.run');
    expect(await here.run(['runs', 'export', 'nightly', file])).toMatchObject({ exitCode: 0 });
    const flags = ['--url', server.url, '--auth', 'none'];
    for (const line of [['resume', 'nightly', ...flags], runLine(server.url, 4, '--run', 'nightly')])
      expectRefusal(await here.run(line), 2, [`run nightly cannot go on here: it was exported to ${file}`]);
    expect(await there.run(['runs', 'import', file])).toMatchObject({ exitCode: 0 });
    const before = server.requests.length;
    await there.run(['resume', 'nightly', ...flags, '--retries', '0']);
    expect(server.requests.slice(before)).toEqual([[4]]);
  });

  test.each<[string, (bytes: Buffer) => Buffer, string]>([
    ['a text', () => Buffer.from('not a run\n'), 'cannot be taken in: it is not an exported run'],
    ['one character', () => Buffer.from('x'), 'cannot be taken in: it is not an exported run'],
    ['empty', () => Buffer.alloc(0), 'cannot be taken in: it is not an exported run'],
    ['another zipped file', () => gzipSync('{"a":1}\n'), 'cannot be taken in: it is not an exported run'],
    ['an empty zipped file', () => gzipSync(''), 'cannot be taken in: it is not an exported run'],
    ['cut short', (bytes) => bytes.subarray(0, -20), 'cannot be taken in: it ends too early'],
    ['torn in the middle', torn, 'cannot be taken in: it is damaged'],
  ])(
    'when the file to take in is %s then that is said, and nothing is taken in',
    async (_, change, words) => {
      const [here, there] = [machineHere(), machineHere()];
      await here.run(runLine((await resyncServer()).url, 1, '--run', 'nightly'));
      const file = path.join(here.home, 'moved.run');
      await here.run(['runs', 'export', 'nightly', file]);
      writeFileSync(file, change(readFileSync(file)));
      expectRefusal(await there.run(['runs', 'import', file]), 2, [
        `${file} ${words}`,
        'erpsync runs export',
      ]);
      expect((await json(there, 'runs', 'list')).document.items).toEqual([]);
    },
  );

  test('when one is complete then people are told that nothing was left to send, and the document is as before', async () => {
    const user = machineHere();
    const server = await resyncServer();
    const line = runLine(server.url, 2, '--run', 'nightly');
    const { document } = await json(user, ...line);
    for (const again of [['resume', 'nightly', '--url', server.url, '--auth', 'none'], line]) {
      expect(await user.run(again)).toMatchObject({
        exitCode: 0,
        stdout:
          'Nothing was left to send: accepted before were 2 keys in 2 requests, from SuperOffice CRM to all ERP connections.\n',
        stderr: 'Run nightly has nothing left to send; nothing was sent.\n',
      });
      const { run, status, keys, requests } = document;
      expect((await json(user, ...again)).document).toMatchObject({ run, status, keys, requests });
    }
    expect(server.keys()).toEqual([1, 2]);
  });

  test('when they are pruned then only finished ones go, and only old ones', async () => {
    const user = machineHere();
    await mixedRun(user);
    const server = await resyncServer();
    await user.run(runLine(server.url, 1));
    expect((await json(user, 'runs', 'prune')).document.removed).toEqual([]);
    const would = await json(user, 'runs', 'prune', '--older-than', '0d', '--dry-run');
    expect(would.document).toMatchObject({ dryRun: true, removed: [expect.any(String)] });
    expect((await json(user, 'runs', 'list')).document.items).toHaveLength(2);
    expect((await json(user, 'runs', 'prune', '--older-than', '0d')).document.removed).toHaveLength(1);
    expect((await json(user, 'runs', 'list')).document.items).toHaveLength(1);
  });

  test('when a key holds a tab then it is printed as it is where another command reads it', async () => {
    const user = machineHere();
    const server = await resyncServer(() => bad);
    const file = path.join(user.home, 'keys.txt');
    writeFileSync(file, 'A\tB\nC\u202eD\n');
    const keys = ['--external-keys-file', file, '--actor-type', 'Customer', '--connection', '124'];
    const line = ['force-resync', ...keys, '--no-check', '--auth', 'none', '--url', server.url];
    await user.run([...line, '--format', 'lines']);
    for (const form of [['-o', 'ids'], []]) {
      const shown = await user.run(['runs', 'keys', '--latest', '--state', 'rejected', ...form]);
      expect(shown.stdout).toBe('A\tB\nC\u202eD\n');
    }
  });

  test.each([
    ['unknown', answer(502, ''), '--unknown retry'],
    ['rejected', bad, '--rejected'],
  ])('when only %s keys are left then show names the resume that takes them', async (_, reaction, flag) => {
    const user = machineHere();
    const server = await resyncServer(() => reaction);
    await user.run(runLine(server.url, 1, '--run', 'nightly', '--retries', '0'));
    const { document } = await json(user, 'runs', 'show', 'nightly');
    expect(document.next).toBe(`erpsync resume nightly ${flag}`);
  });

  test('when one cannot be read then it is named and does not hide the others', async () => {
    const user = machineHere();
    await mixedRun(user);
    const { directory } = (await json(user, 'runs', 'show', 'nightly')).document;
    const server = await resyncServer();
    await user.run(runLine(server.url, 1));
    writeFileSync(path.join(directory, 'run.json'), '{', { mode: 0o600 });
    const { document, stderr } = await json(user, 'runs', 'list');
    expect(document.items).toHaveLength(1);
    expect(stderr).toContain('is damaged');
  });

  test('when a journal is damaged then the run is named, hides no other, and the check does not pass', async () => {
    const user = machineHere();
    const server = await mixedRun(user);
    const { directory } = (await json(user, 'runs', 'show', 'nightly')).document;
    await user.run(runLine(server.url, 1));
    const journal = path.join(directory, 'journal.ndjson');
    writeFileSync(journal, `no entry\n${readFileSync(journal, 'utf8')}`, { mode: 0o600 });
    const { document, stderr } = await json(user, 'runs', 'list');
    expect([document.items.length, stderr]).toEqual([1, expect.stringContaining('damaged')]);
    const check = await user.run(['runs', 'check']);
    expect([check.exitCode, check.stderr]).toEqual([6, expect.stringContaining('damaged')]);
    expect((await user.run(['runs', 'check', '--newer-than', '1h'])).exitCode).toBe(0);
    const flags = ['--latest', '--url', server.url, '--auth', 'none'];
    expect((await user.run(['resume', ...flags])).stderr).toContain('there is no unfinished run');
  });
});

describe('runs check', () => {
  test('when a bad run follows a good one then it fails, unless only the age of the last good one is asked for', async () => {
    const user = machineHere();
    const server = await resyncServer();
    await user.run(runLine(server.url, 1));
    await mixedRun(user);
    expect((await user.run(['runs', 'check'])).exitCode).toBe(6);
    const young = await user.run(['runs', 'check', '--newer-than', '1h']);
    expect([young.exitCode, young.stdout]).toEqual([0, expect.stringMatching(/went well: 1 accepted/)]);
    expect(young.stdout).not.toContain('nightly');
    const old = await user.run(['runs', 'check', '--newer-than', '1ms']);
    expect([old.exitCode, old.stderr]).toEqual([
      6,
      expect.stringMatching(/ended \d+ (?:s|min) ago, and is the last one that went well/),
    ]);
  });

  test('when a part failed then a later part that went well does not hide it, nor does the same part elsewhere', async () => {
    const user = machineHere();
    let reaction: Reaction = bad;
    const [server, other] = [await resyncServer(() => reaction), await resyncServer()];
    const run = (url: string, part: string) => user.run(runLine(url, 20, '--shard', part));
    await run(server.url, '1/2');
    reaction = noContent;
    await run(other.url, '1/2');
    await run(server.url, '2/2');
    const check = await user.run(['runs', 'check']);
    expect([check.exitCode, check.stderr]).toEqual([6, expect.stringContaining('did not go well: ')]);
    await run(server.url, '1/2');
    expect((await user.run(['runs', 'check'])).exitCode).toBe(0);
  });

  test('when a run is under way then the one before it is judged', async () => {
    const user = machineHere();
    const server = await resyncServer();
    await user.run(runLine(server.url, 1));
    const slow = await resyncServer(() => 'wait');
    const running = user.run(runLine(slow.url, 1));
    await expect.poll(() => slow.waiting.length).toBe(1);
    expect((await user.run(['runs', 'check'])).exitCode).toBe(0);
    for (const socket of slow.waiting) socket.destroy();
    await running;
    expect((await user.run(['runs', 'check'])).exitCode).toBe(6);
  });

  test('when figures for monitoring are wanted then others can read the file, and it tells each name apart', async () => {
    const user = machineHere();
    await mixedRun(user);
    const server = await resyncServer();
    await user.run(runLine(server.url, 3, '--run', 'a"b'));
    const file = path.join(user.home, 'erpsync.prom');
    expect((await user.run(['runs', 'check', '--prometheus', file])).exitCode).toBe(0);
    const text = readFileSync(file, 'utf8');
    const labels = 'profile="",name="nightly",part=""';
    expect(text).toContain('# TYPE erpsync_run_ok gauge\n');
    expect(text).toContain(`erpsync_run_ok{${labels}} 0\n`);
    expect(text).toContain(`erpsync_run_keys{${labels},state="rejected"} 1\n`);
    expect(text).toContain('erpsync_run_ok{profile="",name="a\\"b",part=""} 1\n');
    expect(text).not.toContain(`erpsync_good_run_end_timestamp_seconds{${labels}}`);
    const ended =
      /erpsync_good_run_end_timestamp_seconds\{profile="",name="a\\"b",part=""\} ([0-9.]+)\n/.exec(text);
    expect(Math.abs(Number(ended?.[1]) - Date.now() / 1_000)).toBeLessThan(60);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    const nowhere = await user.run(['runs', 'check', '--prometheus', path.join(user.home, 'no', 'x.prom')]);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([14, expect.stringContaining('ENOENT')]);
  });
});

test('when a run is under way then the list says so, and does not offer to go on with it', async () => {
  const user = machine();
  const server = await wireServer(() => () => undefined);
  const started = user.start(runLine(server.url, 3, '--concurrency', '1'));
  await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(1);
  const document = async (...line: readonly string[]) =>
    JSON.parse((await user.run([...line, '-o', 'json'])).stdout);
  const listed = await document('runs', 'list');
  const offered = await document('runs', 'list', '--unfinished');
  const keysIn = (state: string) => document('runs', 'keys', '--latest', '--state', state);
  const [planned, unsent] = [await keysIn('planned'), await keysIn('unsent')];
  started.child.kill('SIGKILL');
  await started.finished;
  expect(listed.items).toMatchObject([
    { standing: 'running', counts: { planned: 2, unsent: 0, unknown: 1 } },
  ]);
  expect(offered.items).toEqual([]);
  expect([planned.items, unsent.items]).toEqual([
    [
      { key: 2, state: 'planned' },
      { key: 3, state: 'planned' },
    ],
    [],
  ]);
  const after = await document('runs', 'list', '--unfinished');
  expect(after.items).toMatchObject([{ standing: 'unfinished' }]);
});

test('when a run was killed then what it never tried is unsent, by whatever word it is asked for', async () => {
  const user = machine();
  const server = await wireServer(() => () => undefined);
  const started = user.start(runLine(server.url, 3, '--concurrency', '1', '--run', 'nightly'));
  await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(1);
  started.child.kill('SIGKILL');
  await started.finished;
  const document = async (...line: readonly string[]) =>
    JSON.parse((await user.run([...line, '-o', 'json'])).stdout);
  const counts = { planned: 0, unsent: 2, unknown: 1 };
  expect((await document('runs', 'list')).items).toMatchObject([{ counts }]);
  expect(await document('runs', 'show', 'nightly')).toMatchObject({ counts, requests: counts });
  expect(await document('runs', 'check')).toMatchObject({ last: { counts } });
  for (const state of ['unsent', 'planned']) {
    expect((await document('runs', 'keys', 'nightly', '--state', state)).items).toEqual([
      { key: 2, state: 'unsent' },
      { key: 3, state: 'unsent' },
    ]);
  }
  expect((await user.run(['runs', 'list'])).stdout).toContain('2 unsent, 1 unknown');
  const file = path.join(user.home, 'erpsync.prom');
  await user.run(['runs', 'check', '--prometheus', file]);
  expect(readFileSync(file, 'utf8')).toMatch(/erpsync_run_keys\{[^}]*state="unsent"\} 2\n/);
  expect(readFileSync(file, 'utf8')).toMatch(/erpsync_run_keys\{[^}]*state="planned"\} 0\n/);
});
