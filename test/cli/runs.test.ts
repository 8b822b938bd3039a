/** The runs of a machine, looked at, checked, moved and removed. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';
import { answer, jsonAnswer, noContent } from '../support/wire-server.ts';

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
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await user.run(runLine(server.url, 1));
    expect((await user.run(['runs', 'check', '--newer-than', '1h'])).exitCode).toBe(0);
    const old = await user.run(['runs', 'check', '--newer-than', '1ms']);
    expect([old.exitCode, old.stderr]).toEqual([6, expect.stringContaining('too old')]);
  });

  test('when one moves to another machine then it goes on there and no longer here', async () => {
    const [here, there] = [machineHere(), machineHere()];
    const server = await mixedRun(here);
    const file = path.join(here.home, 'moved.run');
    expect(await here.run(['runs', 'export', 'nightly', file])).toMatchObject({ exitCode: 0 });
    const flags = ['--url', server.url, '--auth', 'none'];
    expect((await here.run(['resume', 'nightly', ...flags])).exitCode).toBe(2);
    expect(await there.run(['runs', 'import', file])).toMatchObject({ exitCode: 0 });
    const before = server.requests.length;
    await there.run(['resume', 'nightly', ...flags, '--retries', '0']);
    expect(server.requests.slice(before)).toEqual([[4]]);
  });

  test('when they are pruned then only finished ones go, and only old ones', async () => {
    const user = machineHere();
    await mixedRun(user);
    const server = await resyncServer();
    await user.run(runLine(server.url, 1));
    expect((await json(user, 'runs', 'prune')).document.removed).toEqual([]);
    expect((await json(user, 'runs', 'prune', '--older-than', '0d')).document.removed).toHaveLength(1);
    expect((await json(user, 'runs', 'list')).document.items).toHaveLength(1);
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
});
