import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { open } from './sandbox-fixture.ts';

test('when the port is taken then a network error of one line says so', async () => {
  const sandbox = await open();
  const port = Number(new URL(sandbox.url).port);
  await expect(startSandbox({ host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'network',
    message: `the sandbox cannot listen on 127.0.0.1:${port}: address already in use (EADDRINUSE)`,
    next: 'take a free port: --port 0',
  });
});

test('when the host is no address of this machine then a network error says so', async () => {
  await expect(startSandbox({ host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
    code: 'network',
    message: 'the sandbox cannot listen on 192.0.2.1:0: address not available (EADDRNOTAVAIL)',
    next: 'give an address of this machine: --host 127.0.0.1',
  });
});

test('when the port is out of range then a network error says so', async () => {
  await expect(startSandbox({ host: '127.0.0.1', port: 70_000 })).rejects.toMatchObject({
    code: 'network',
    message: expect.stringContaining('cannot listen on 127.0.0.1:70000'),
  });
});

test('when it is closed twice with an idle connection open then both calls end and the connection too', async () => {
  const sandbox = await open();
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
  const ended = new Promise((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve) => socket.on('connect', resolve));
  await Promise.all([sandbox.close(), sandbox.close(), ended]);
  await expect(fetch(`${sandbox.url}/api`)).rejects.toThrow();
});

test('when no log is asked for then requests are answered all the same', async () => {
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
  expect((await fetch(`${sandbox.url}/api`)).status).toBe(200);
  await sandbox.close();
});

test('when two sandboxes run then they share no state', async () => {
  const one = await open();
  const other = await open();
  await one.call('ErpSync/ForceResyncBatchTask', { ErpConnectionId: 124, InternalKeyIds: [100] });
  expect((await other.call('Batch/GetBatchTaskInfo', { Id: 71 })).json).toBeNull();
});
