import { describe, expect, test } from 'vitest';
import { expectRefusal, open, resultOf } from './sandbox-fixture.ts';

const save = 'ErpSync/SaveErpSyncConnectorEntity';
const get = (id: number) => `ErpSync/GetErpSyncConnectorEntity?erpSyncConnectorEntityId=${id}`;
const remove = (id: number) => `ErpSync/DeleteErpSyncConnectorEntity?erpSyncConnectorEntityId=${id}`;
const canDelete = 'ErpSync/CanDeleteErpSyncConnectorEntity';

describe('connectors', () => {
  test('when all are listed then the URL of each stands in ToolTip', async () => {
    const sandbox = await open();
    const connectors = await resultOf(sandbox, 'ErpSync/GetAllConnectors');
    expect(connectors).toEqual([
      { Id: 17, Name: 'Visma Net connector', ToolTip: expect.stringMatching(/^https:.*visma-net/) },
      { Id: 18, Name: 'Business Central connector', ToolTip: expect.stringMatching(/^https:/) },
      { Id: 19, Name: 'Test connector', ToolTip: 'plugin://test-connector' },
    ]);
  });

  test('when a default one is asked for then it has the id 0 and nothing is stored', async () => {
    const sandbox = await open();
    const created = await resultOf(sandbox, 'ErpSync/CreateDefaultErpSyncConnectorEntity', '');
    expect(created).toMatchObject({ ErpConnectorId: 0, DisplayName: '', URL: '', Deleted: false });
    expect(await resultOf(sandbox, 'ErpSync/GetAllConnectors')).toHaveLength(3);
  });

  test('when the id is 0 then one with a new id is there, and when it exists then it is changed', async () => {
    const sandbox = await open();
    const created = await resultOf(sandbox, save, {
      ErpConnectorId: 0,
      DisplayName: 'New',
      URL: 'app://client',
    });
    expect(created).toMatchObject({
      ErpConnectorId: 20,
      DisplayName: 'New',
      URL: 'app://client',
      Deleted: false,
    });
    await resultOf(sandbox, save, { ErpConnectorId: 20, DisplayName: 'Newer', URL: 'https://erp.example' });
    expect(await resultOf(sandbox, get(20), '')).toMatchObject({
      DisplayName: 'Newer',
      URL: 'https://erp.example',
    });
  });

  test.each<[string, unknown, string]>([
    ['the id is unknown', { ErpConnectorId: 4711, DisplayName: 'A', URL: 'app://a' }, '4711 not found'],
    ['the name is blank', { ErpConnectorId: 0, DisplayName: '', URL: 'app://a' }, 'DisplayName'],
    ['the URL is missing', { ErpConnectorId: 0, DisplayName: 'A' }, 'URL'],
    ['the URL is no address', { ErpConnectorId: 0, DisplayName: 'A', URL: 'C:\\erp.dll' }, 'plugin://'],
    ['an existing one lacks its name', { ErpConnectorId: 17, URL: 'app://a' }, 'DisplayName'],
    ['the body is null', null, 'SaveErpSyncConnectorEntity'],
  ])('when %s then saving is refused', async (_when, body, words) => {
    await expectRefusal(await open(), save, body, words);
  });

  test('when one without connections is deleted then it is read as such and listed no more', async () => {
    const sandbox = await open();
    expect(await resultOf(sandbox, canDelete, { ErpSyncConnectorId: 19 })).toBe('NoError');
    expect((await sandbox.call(remove(19), '')).status).toBe(204);
    expect(await resultOf(sandbox, get(19), '')).toMatchObject({ Deleted: true });
    expect(await resultOf(sandbox, 'ErpSync/GetAllConnectors')).toHaveLength(2);
    expect(await resultOf(sandbox, canDelete, { ErpSyncConnectorId: 19 })).toBe('ErrorNotFound');
    await expectRefusal(sandbox, remove(19), '', 'not found');
  });

  test('when one has connections then it cannot be deleted until these are', async () => {
    const sandbox = await open();
    const given = { ErpSyncConnectorId: 18 };
    expect(await resultOf(sandbox, canDelete, given)).toBe('ErrorConnectorHasConnections');
    await expectRefusal(sandbox, remove(18), '', 'has connections');
    await sandbox.call('ErpSync/DeleteConnection', { ErpConnectionId: 125 });
    expect(await resultOf(sandbox, canDelete, given)).toBe('NoError');
    expect((await sandbox.call(remove(18), '')).status).toBe(204);
  });
});

describe('what a connector asks for', () => {
  test('when its fields are asked for then a password is among them, ranked and mandatory', async () => {
    const fields = await resultOf(await open(), 'ErpSync/GetConfigurationFields', { ErpConnectorId: 17 });
    expect(fields).toMatchObject([
      { FieldKey: 'Company', Rank: 1, FieldType: 'Text', Access: 'Mandatory' },
      { FieldKey: 'User', Rank: 2 },
      { FieldKey: 'Password', Rank: 3, FieldType: 'Password', DefaultValue: '', MaxLength: 100 },
    ]);
  });

  test('when it has been deleted then the answer is null', async () => {
    const sandbox = await open();
    await sandbox.call(remove(19), '');
    expect(await resultOf(sandbox, 'ErpSync/GetConfigurationFields', { ErpConnectorId: 19 })).toBeNull();
  });

  test.each([
    ['https://erp.example/ErpConnector.svc', 'NoError'],
    ['HTTP://erp.example:8080', 'NoError'],
    ['plugin://test-connector', 'NoError'],
    ['app://a1b2c3', 'NoError'],
    ['https://erp.invalid/ErpConnector.svc', 'ErrorNotFound'],
    ['https://erp.INVALID:8443', 'ErrorNotFound'],
    ['ftp://erp.example', 'ErrorNotFound'],
    ['https://', 'ErrorNotFound'],
    ['', 'ErrorNotFound'],
    [null, 'ErrorNotFound'],
  ])('when the URL %s is tested then the answer is %s', async (Url, code) => {
    expect(await resultOf(await open(), 'ErpSync/TestConnectorUrl', { Url })).toBe(code);
  });
});
