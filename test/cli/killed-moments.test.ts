/**
 * A run that is killed at each of the moments around a request: before its intent is written, when that is written and
 * the request has not left, when it has left and no answer came, and when the answer has come.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { caCertificate } from '../support/certificates.ts';
import { type Machine, machine, type Started } from '../support/program.ts';
import { tlsServer } from '../support/tls-server.ts';
import { wireServer } from '../support/wire-server.ts';

type React = (keys: readonly number[], answer: () => void) => void;

/** A TLS server that keeps the keys it was sent, and answers as it is told. */
async function keyServer(user: Machine) {
  const keys: number[] = [];
  const control: { react: React } = { react: (_, answer) => answer() };
  const url = await tlsServer((request, response) => {
    void text(request).then((body) => {
      const sent: number[] = JSON.parse(body).InternalKeyIds;
      keys.push(...sent);
      control.react(sent, () => response.writeHead(204).end());
    });
  });
  const caFile = path.join(user.home, 'ca.pem');
  writeFileSync(caFile, caCertificate);
  const flags = ['--url', url, '--auth', 'none', '--ca-file', caFile];
  return { keys, control, flags };
}

const run = [
  'force-resync',
  '--from-crm',
  '--ids',
  '1-3',
  '--chunk-size',
  '1',
  '--no-check',
  '--run',
  'night',
];

async function killed(started: Started): Promise<void> {
  started.child.kill('SIGKILL');
  await started.finished;
}

/** How often each key may have come once the run is complete; what was unknown may have come twice. */
async function completed(user: Machine, server: Awaited<ReturnType<typeof keyServer>>) {
  server.control.react = (_, answer) => answer();
  const shown = await user.run(['runs', 'keys', 'night', '--state', 'unknown', '-o', 'ids']);
  const unknown = shown.stdout.split('\n').filter(Boolean).map(Number);
  const again = ['resume', 'night', '--unknown', 'retry', ...server.flags, '--proxy', 'none'];
  expect((await user.run(again)).exitCode).toBe(0);
  for (const key of [1, 2, 3]) {
    const times = server.keys.filter((each) => each === key).length;
    expect(times).toBeGreaterThanOrEqual(1);
    expect(times).toBeLessThanOrEqual(unknown.includes(key) ? 2 : 1);
  }
  return unknown;
}

test('when it is killed before the intent is written then nothing of it is unknown', async () => {
  const user = machine();
  const server = await keyServer(user);
  // The second request waits for its turn.
  const started = user.start([...run, ...server.flags, '--rate', '1', '--concurrency', '1']);
  await expect.poll(() => server.keys.length).toBe(1);
  const accepted = () => user.run(['runs', 'keys', 'night', '--state', 'accepted', '-o', 'ids']);
  await expect.poll(async () => (await accepted()).stdout).toBe('1\n');
  await killed(started);
  expect(await completed(user, server)).toEqual([]);
});

test('when it is killed after the intent is written and before the request leaves then that is unknown, and sent once', async () => {
  const user = machine();
  const server = await keyServer(user);
  // A proxy that takes connections and says nothing.
  const proxy = await wireServer(() => () => undefined);
  const started = user.start([...run, ...server.flags, '--proxy', proxy.url, '--concurrency', '1']);
  await expect.poll(() => proxy.connections()).toBe(1);
  await killed(started);
  expect([await completed(user, server), server.keys]).toEqual([[1], [1, 2, 3]]);
});

test('when it is killed while the answer is due then the request is unknown, and may come twice', async () => {
  const user = machine();
  const server = await keyServer(user);
  server.control.react = ([key], answer) => (key === 2 ? undefined : answer());
  const started = user.start([...run, ...server.flags, '--concurrency', '1']);
  await expect.poll(() => server.keys).toEqual([1, 2]);
  await killed(started);
  expect([await completed(user, server), server.keys]).toEqual([[2], [1, 2, 2, 3]]);
});

test('when it is killed as the answer comes then the request is accepted or unknown, and nothing is lost', async () => {
  const user = machine();
  const server = await keyServer(user);
  let started: Started | undefined;
  server.control.react = ([key], answer) => {
    answer();
    if (key === 2) started?.child.kill('SIGKILL');
  };
  started = user.start([...run, ...server.flags, '--concurrency', '1']);
  await started.finished;
  for (const key of await completed(user, server)) expect([2, 3]).toContain(key);
});
