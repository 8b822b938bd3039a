import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jsonErrorPosition as errorPosition } from '../../../src/profiles/json-error.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { connection125 } from './carrier-samples.ts';
import { type Fixture, open, rawOperation, resultOf } from './sandbox-fixture.ts';

let folder = '';
let state = { file: '', errorPosition };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erpsync-state-'));
  state = { file: join(folder, 'tenant.json'), errorPosition };
});
afterEach(() => rmSync(folder, { recursive: true }));

const link = {
  ErpConnectionId: 124,
  CrmRecordId: 15,
  CrmActorType: 'Contact',
  ErpKey: 'C-10015',
  ErpActorType: 'Customer',
};

/** What a client can see of the tenant. */
async function view(sandbox: Fixture): Promise<unknown[]> {
  const reads: readonly (readonly [string, unknown])[] = [
    ['ErpSync/GetAllConnections', { IncludeDeleted: true }],
    ['ErpSync/GetConnection', { ErpConnectionId: 125 }],
    ['ErpSync/GetAllConnectors', null],
    ['ErpSync/GetActorTypeMapping', { ErpConnectionId: 124, ActorType: 'Customer' }],
    ['ErpSync/GetConnectionsAndDisplayFields', { CrmActorType: 'Contact', EntityId: 15 }],
    ['ErpSync/GetFieldValuesFromErp', { ErpConnectionId: 124, ActorTypeErp: 'Customer', ErpKey: 'C-10015' }],
    ['ErpSync/GetEngineStatus', null],
    ['Batch/GetBatchTaskInfosByState', { State: 'All' }],
  ];
  const seen: unknown[] = [];
  for (const [path, given] of reads) seen.push(await resultOf(sandbox, path, given));
  return seen;
}

function stored(): { connections: Record<string, unknown>[]; [name: string]: unknown } {
  return JSON.parse(readFileSync(state.file, 'utf8'));
}

describe('a state file', () => {
  test('when the sandbox is started again then everything is as it was left, tasks and engine too', async () => {
    const first = await open({ state });
    const Connection = { ...connection125, DisplayName: 'Business Central Norway', Active: false };
    await resultOf(first, 'ErpSync/SaveConnection', { Connection });
    await resultOf(first, 'ErpSync/SaveConnection', {
      Connection: { ErpConnectorId: 17, DisplayName: 'New' },
    });
    await resultOf(first, 'ErpSync/CreateActorLink', link);
    await resultOf(first, 'ErpSync/SaveErpConnectionSyncPriorities', { ErpConnectionIds: [126, 124, 125] });
    await first.call('ErpSync/DeleteErpSyncConnectorEntity?erpSyncConnectorEntityId=19', '');
    await first.call('ErpSync/ChangeEngineInterval', { Interval: 'PT30M' });
    await resultOf(first, 'ErpSync/ChangeEngineStatus', { Run: false });
    await first.call('ErpSync/ForceResyncBatchTask', { ErpConnectionId: 124, InternalKeyIds: [1001] });
    const left = await view(first);
    await first.close();

    const second = await open({ state });
    expect(await view(second)).toEqual(left);
    second.advance(1500);
    expect(await resultOf(second, 'ErpSync/GetEngineStatus')).toMatchObject({ IsRunning: false });
    expect(await resultOf(second, 'Batch/GetBatchTaskInfo', { Id: 71 })).toMatchObject({
      State: 'Succeeded',
      Response: '1 record resynced',
    });
    await second.call('ErpSync/ForceResyncBatchTask', { ErpConnectionId: 124, InternalKeyIds: [100] });
    expect(await resultOf(second, 'Batch/GetBatchTaskInfo', { Id: 72 })).toMatchObject({ Id: 72 });
  });

  test('when there is none then it is there at once, for its owner alone', async () => {
    await open({ state });
    expect(stored()).toMatchObject({ version: 2, connections: [{ id: 124 }, {}, {}, {}] });
    expect(statSync(state.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['tenant.json']);
  });

  test('when something changes then the file has it before the answer comes, and others cannot read it', async () => {
    const sandbox = await open({ state });
    chmodSync(state.file, 0o644);
    await resultOf(sandbox, 'ErpSync/ToggleErpConnectionActive', { ErpConnectionId: 124 });
    expect(stored().connections[0]).toMatchObject({ id: 124, active: false });
    expect(statSync(state.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['tenant.json']);
  });

  test('when a request only reads, or is refused, then the file is left alone', async () => {
    const sandbox = await open({ state });
    const before = statSync(state.file);
    await view(sandbox);
    await sandbox.call('ErpSync/DeleteConnection', { ErpConnectionId: 4711 });
    expect(statSync(state.file).ino).toBe(before.ino);
  });

  test('when a fault makes a connection inactive then the file has that too', async () => {
    const sandbox = await open({ state, faults: ['inactive-after=1'] });
    await resultOf(sandbox, 'ErpSync/ForceResync', { ErpConnectionId: 125, InternalKeyIds: [100] });
    expect(stored().connections[1]).toMatchObject({ id: 125, active: false });
  });

  test('when an answer is lost then what was done is in the file', async () => {
    const sandbox = await open({ state, faults: ['reset-after-body'] });
    await sandbox.raw(rawOperation('ErpSync/ToggleErpConnectionActive', { ErpConnectionId: 124 }));
    expect(stored().connections[0]).toMatchObject({ active: false });
  });

  test('when it is a link then the link stays and its target is written', async () => {
    const target = join(folder, 'target.json');
    symlinkSync(target, state.file);
    writeFileSync(target, '');
    rmSync(target);
    const first = await open({ state: { ...state, file: target } });
    await first.close();
    const sandbox = await open({ state });
    await resultOf(sandbox, 'ErpSync/ToggleErpConnectionActive', { ErpConnectionId: 124 });
    expect(JSON.parse(readFileSync(target, 'utf8')).connections[0]).toMatchObject({ active: false });
  });

  test('when it can no longer be written then the request is dropped rather than answered', async () => {
    const sandbox = await open({ state });
    rmSync(state.file);
    mkdirSync(join(state.file, 'in the way'), { recursive: true });
    const raw = rawOperation('ErpSync/ToggleErpConnectionActive', { ErpConnectionId: 124 });
    expect(await sandbox.raw(raw)).toMatchObject({ text: '' });
    expect(readdirSync(folder)).toEqual(['tenant.json']);
  });

  test('when the folder is not there then a storage error names the file', async () => {
    const file = join(folder, 'nowhere', 'tenant.json');
    const start = startSandbox({ host: '127.0.0.1', port: 0, state: { file, errorPosition } });
    await expect(start).rejects.toMatchObject({ code: 'storage', message: expect.stringContaining(file) });
  });
});

describe('a broken state file', () => {
  test.each<[string, (text: string) => string, string]>([
    ['empty', () => '', ', line 1, column 1 cannot be used: it is not valid JSON'],
    ['cut short', (text) => text.slice(0, 40), ', line 3, column'],
    ['without a comma', (text) => text.replace('"version": 2,', '"version": 2'), ', line 3, column 3'],
    ['no object', () => '[]', 'state.version: this sandbox knows 2, not null'],
    ['of another version', (text) => text.replace('"version": 2', '"version": 1'), 'not 1'],
    ['without its connections', (text) => text.replace('"connections"', '"links"'), 'state.links'],
    [
      'without a member',
      (text) => text.replace('"active": true,', ''),
      'state.connections[0].active: is missing',
    ],
    [
      'with a null',
      (text) => text.replace('"active": true', '"active": null'),
      'state.connections[0].active',
    ],
    ['with text for a number', (text) => text.replace('"id": 124', '"id": "124"'), 'state.connections[0].id'],
    ['with an unknown enum', (text) => text.replace('"Mandatory"', '"Needed"'), '.access'],
    [
      'with a wrong time',
      (text) => text.replace('"0001-01-01T00:00:00.000Z"', '"never"'),
      'lastSync: is not a point',
    ],
    ['with a null in a map', (text) => text.replace('"visma-net-secret"', 'null'), 'configFields.Password'],
  ])('when it is %s then one config error names the file and the place', async (_what, breaking, words) => {
    const whole = await open({ state });
    await whole.close();
    const text = readFileSync(state.file, 'utf8');
    const broken = breaking(text);
    expect(broken).not.toBe(text);
    writeFileSync(state.file, broken);
    const start = startSandbox({ host: '127.0.0.1', port: 0, state });
    await expect(start).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(state.file),
    });
    await expect(start).rejects.toMatchObject({ message: expect.stringContaining(words) });
    expect(readFileSync(state.file, 'utf8')).toBe(broken);
  });

  test('when it is a directory then a config error says so', async () => {
    mkdirSync(state.file);
    const start = startSandbox({ host: '127.0.0.1', port: 0, state });
    await expect(start).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('EISDIR') });
  });
});
