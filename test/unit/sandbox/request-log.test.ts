import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { open, rawOperation } from './sandbox-fixture.ts';

const body = { ErpConnectionId: 124, InternalKeyIds: [100, 959] };
const path = 'ErpSync/ForceResyncBatchTask';
const folder = mkdtempSync(join(tmpdir(), 'erpsync-log-'));
afterEach(() => {
  for (const name of ['old.ndjson']) rmSync(join(folder, name), { force: true });
});

describe('lines', () => {
  test('when an answer has come then its line stands in the log', async () => {
    const sandbox = await open();
    await sandbox.call(path, body);
    expect(sandbox.logLines()).toEqual([
      {
        time: '2026-01-15T08:30:00.000Z',
        method: 'POST',
        path: '/api/v1/Agents/ErpSync/ForceResyncBatchTask',
        operation: 'ForceResyncBatchTask',
        keys: [100, 959],
        status: 204,
        outcome: 'done',
      },
    ]);
  });

  test('when every record is asked for then the key list is empty, not null', async () => {
    const sandbox = await open();
    await sandbox.call(path, { ErpConnectionId: 124, InternalKeyIds: [] });
    expect(sandbox.logLines()).toMatchObject([{ keys: [] }]);
  });

  test('when a resync with external keys comes then the line has them', async () => {
    const sandbox = await open();
    const given = { ErpConnectionId: 124, ErpActorType: 'Customer', ExternalKeys: ['C-10012'] };
    await sandbox.call('erpsync/forceresyncexternal', given);
    expect(sandbox.logLines()).toMatchObject([
      { operation: 'ForceResyncExternal', keys: ['C-10012'], status: 200 },
    ]);
  });

  test('when a request is refused then the line has the status and no keys', async () => {
    const sandbox = await open();
    await sandbox.call(path, { ErpConnectionId: 124 });
    await sandbox.call(path, body, { Authorization: 'Basic wrong' });
    await sandbox.send('/nowhere');
    expect(sandbox.logLines()).toMatchObject([
      { operation: 'ForceResyncBatchTask', keys: null, status: 400, outcome: 'refused' },
      { operation: 'ForceResyncBatchTask', keys: null, status: 401, outcome: 'refused' },
      { operation: null, keys: null, status: 404, outcome: 'refused', path: '/nowhere' },
    ]);
  });

  test.each([
    ['reset-before-body', { operation: null, keys: null, status: null, outcome: 'not-done' }],
    ['reset-after-body', { keys: [100, 959], status: null, outcome: 'answer-lost' }],
    ['half-response', { keys: [100, 959], status: 204, outcome: 'answer-lost' }],
    ['status=503', { keys: [100, 959], status: 503, outcome: 'not-done' }],
    ['poison=100', { keys: [100, 959], status: 500, outcome: 'not-done' }],
    ['delay=1s', { keys: [100, 959], status: 204, outcome: 'done' }],
  ])(
    'when the fault %s strikes then the line names it and what became of the request',
    async (fault, line) => {
      const sandbox = await open({ faults: [fault] });
      await sandbox.raw(rawOperation(path, body));
      expect(sandbox.logLines()).toMatchObject([{ ...line, fault }]);
    },
  );

  test('when the client leaves before its body is complete then the line says so', async () => {
    const sandbox = await open();
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    const head = rawOperation(path, body, 'Expect: 100-continue').split('\r\n\r\n')[0];
    socket.write(`${head}\r\n\r\n`);
    // "100 Continue" tells that the head has arrived and the body is waited for.
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await expect.poll(() => sandbox.logLines().map((line) => line.outcome)).toContain('client-gone');
  });

  test('when requests come at once then each has a line of its own', async () => {
    const sandbox = await open();
    await Promise.all(Array.from({ length: 30 }, () => sandbox.call(path, body)));
    expect(sandbox.logLines()).toHaveLength(30);
  });
});

describe('secrets', () => {
  test('when every credential has been sent in every place then the log holds none', async () => {
    const sandbox = await open();
    const { username, password, ticket, token, appToken } = sandbox.credentials;
    const basic = Buffer.from(`${username}:${password}`).toString('base64');
    await sandbox.call(path, body, { Authorization: `Basic ${basic}`, 'SO-AppToken': appToken });
    await sandbox.call(path, body, { Authorization: `SOTicket ${ticket}` });
    await sandbox.call(path, body, { Authorization: `Bearer ${token}` });
    await sandbox.call(`${path}?ticket=${encodeURIComponent(ticket)}&access_token=${token}`, body);
    await sandbox.call(path, { ...body, Password: password });
    await sandbox.send(`/api/${ticket}/${encodeURIComponent(ticket)}/${token}/${appToken}/${password}`);
    const absolute = rawOperation(path, body).replace(
      'POST /api',
      `POST http://${username}:${password}@sandbox/api`,
    );
    await sandbox.raw(absolute);
    const log = sandbox.logText();
    expect(sandbox.logLines()).toHaveLength(7);
    const secrets = [basic, password, ticket, encodeURIComponent(ticket), token, appToken];
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  });

  test('when a connection is read then its configured password does not reach the log', async () => {
    const sandbox = await open();
    const reply = await sandbox.call('ErpSync/GetConnection', { ErpConnectionId: 124 });
    const { ConfigFields } = reply.json as { ConfigFields: { Password: string } };
    expect(sandbox.logText()).not.toContain(ConfigFields.Password);
  });
});

describe('the file', () => {
  test('when it is new then only its owner may read it', async () => {
    const sandbox = await open();
    expect(statSync(sandbox.logFile).mode & 0o777).toBe(0o600);
  });

  test('when it exists then lines are appended and others can no longer read it', async () => {
    const logFile = join(folder, 'old.ndjson');
    writeFileSync(logFile, '{"old":true}\n');
    chmodSync(logFile, 0o644);
    const sandbox = await open({ logFile });
    await sandbox.send('/api');
    expect(sandbox.logLines()).toMatchObject([{ old: true }, { path: '/api' }]);
    expect(statSync(logFile).mode & 0o777).toBe(0o600);
  });

  test('when it cannot be opened then a storage error names it', async () => {
    const logFile = join(folder, 'no such folder', 'log');
    const start = startSandbox({ host: '127.0.0.1', port: 0, logFile });
    await expect(start).rejects.toMatchObject({
      code: 'storage',
      message: `--log ${logFile} cannot be opened: no such file or directory (ENOENT)`,
    });
  });

  test.skipIf(!hasFullDevice())('when it is a device then the mode of the device is left alone', async () => {
    const before = statSync('/dev/full').mode;
    await open({ logFile: '/dev/full' });
    expect(statSync('/dev/full').mode).toBe(before);
  });

  test.skipIf(!hasFullDevice())(
    'when a line cannot be written then the request is dropped rather than answered',
    async () => {
      const sandbox = await open({ logFile: '/dev/full' });
      expect(await sandbox.raw(rawOperation(path, body))).toMatchObject({ text: '' });
    },
  );
});

function hasFullDevice(): boolean {
  try {
    return statSync('/dev/full').isCharacterDevice();
  } catch {
    return false;
  }
}
