/** Carriers are read as strictly as parameters: what a real server skips or guesses at is refused. */
import { describe, expect, test } from 'vitest';
import { type OperationName, operationNamed } from '../../../src/agent/contract.ts';
import { readJson } from '../../../src/agent/wire-json.ts';
import { connection125, fieldMapping, mapping124, paymentDays } from './carrier-samples.ts';
import { open, resultOf } from './sandbox-fixture.ts';

const saveConnection = 'ErpSync/SaveConnection';
const saveMapping = 'ErpSync/SaveActorTypeMapping';

describe('carriers', () => {
  test.each<[string, string, unknown, string]>([
    [
      'a member is unknown',
      saveConnection,
      { Connection: { ...connection125, IsActive: true } },
      'Connection.IsActive: is not a known property',
    ],
    [
      'a member is there in two cases',
      saveConnection,
      { Connection: { ...connection125, active: false } },
      'only in case',
    ],
    [
      'a number is text',
      saveConnection,
      { Connection: { ...connection125, ErpConnectionId: '125' } },
      'ErpConnectionId',
    ],
    ['a flag is a number', saveConnection, { Connection: { ...connection125, Active: 1 } }, 'Active'],
    ['a flag is null', saveConnection, { Connection: { ...connection125, Active: null } }, 'Active'],
    [
      'a text is a number',
      saveConnection,
      { Connection: { ...connection125, DisplayName: 7 } },
      'DisplayName',
    ],
    [
      'a value of a map is a number',
      saveConnection,
      { Connection: { ...connection125, ConfigFields: { Environment: 1 } } },
      'ConfigFields.Environment',
    ],
    [
      'a map is a list',
      saveConnection,
      { Connection: { ...connection125, ConfigFields: [] } },
      'ConfigFields',
    ],
    [
      'an element of a list is text',
      saveConnection,
      { Connection: { ...connection125, UserGroupAccessIds: [2, '3'] } },
      'UserGroupAccessIds[1]',
    ],
    ['the carrier is a list', saveConnection, { Connection: [connection125] }, 'Connection'],
    [
      'the carrier is the body where a parameter is due',
      saveConnection,
      connection125,
      'ErpConnectionId: is not a known property',
    ],
    [
      'an enum has no such name',
      saveMapping,
      { Mapping: { ...mapping124(), ActorTypeErp: 'Kunde' } },
      'Mapping.ActorTypeErp',
    ],
    [
      'an enum is in lower case',
      saveMapping,
      { Mapping: { ...mapping124(), ActorTypeErp: 'customer' } },
      'Customer',
    ],
    ['an enum is a number', saveMapping, { Mapping: { ...mapping124(), ActorTypeErp: 1 } }, 'ErpActorType'],
    [
      'a member of an element is unknown',
      saveMapping,
      { Mapping: mapping124(fieldMapping(506, 'PaymentDays', { Direction: 'Both' })) },
      'FieldMappings[0].Direction',
    ],
    [
      'a number is beyond 16 bits',
      'Batch/StartBatchJob',
      { BatchTaskInfo: { Name: 'Example', DetailsTable: 40_000 } },
      'int16',
    ],
    [
      'a bare carrier has an unknown member',
      'ErpSync/SaveErpSyncConnectorEntity',
      { ErpConnectorId: 17, DisplayName: 'A', Url: 'app://a', Name: 'A' },
      'Name: is not a known property',
    ],
  ])('when %s then 400 names the place', async (_when, path, body, words) => {
    const sandbox = await open();
    const reply = await sandbox.call(path, body);
    expect([reply.status, reply.json]).toEqual([
      400,
      { Message: 'The request is invalid.', MessageDetail: expect.stringContaining(words) },
    ]);
  });

  test('when the members that every carrier inherits come along then they are read past', async () => {
    const Connection = { ...connection125, TableRight: null, FieldProperties: { Active: {} } };
    const saved = await resultOf(await open(), saveConnection, { Connection });
    expect(saved).toMatchObject({ ErpConnectionId: 125, TableRight: null });
  });

  test('when member names come in camel case then they bind', async () => {
    const entries = Object.entries(paymentDays).map(([name, value]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      value,
    ]);
    const given = { erpSyncDefaultValue: Object.fromEntries(entries) };
    expect(await resultOf(await open(), 'ErpSync/SaveDefaultValueInfo', given)).toMatchObject(paymentDays);
  });
});

describe('$select', () => {
  test.each<[string, unknown, unknown]>([
    [
      'ErpSync/SaveConnection?$select=DisplayName',
      { Connection: connection125 },
      { DisplayName: 'Business Central', Active: null },
    ],
    [
      'ErpSync/GetConnectionListMappings?$select=erpconnectionname',
      { ErpConnectionId: 124 },
      { ErpConnectionName: 'Visma Net', ErpListItemMappings: null },
    ],
    ['ErpSync/GetAllConnectors?$select=Id', null, [{ Id: 17, Name: null }, { Id: 18 }, { Id: 19 }]],
    ['ErpSync/TestConnectionById?$select=Active', { ErpConnectionId: 124 }, true],
    ['ErpSync/ToggleErpConnectionActive?$select=Active', { ErpConnectionId: 124 }, []],
    [
      'ErpSync/GetErpSyncConnectorEntity?erpSyncConnectorEntityId=17&$select=DisplayName',
      '',
      { DisplayName: 'Visma Net connector', URL: null },
    ],
  ])('when %s is called then only members of carriers are left out', async (path, body, expected) => {
    const answer = await resultOf(await open(), path, body);
    if (typeof expected === 'object') expect(answer).toMatchObject(expected ?? {});
    else expect(answer).toBe(expected);
  });

  test.each([
    'CreateDefaultErpSyncConnectorEntity?$select=URL',
    'SaveErpSyncConnectorEntity?$select=URL',
    'DeleteErpSyncConnectorEntity?erpSyncConnectorEntityId=19&$select=URL',
  ])('when %s is called then 400 refuses it, since it has none', async (path) => {
    const body = path.startsWith('Save') ? { ErpConnectorId: 0, DisplayName: 'A', URL: 'app://a' } : '';
    expect((await (await open()).call(`ErpSync/${path}`, body)).status).toBe(400);
  });
});

describe('what a client reads and saves as it stands', () => {
  test.each<[OperationName, string, unknown, string, string | undefined]>([
    [
      'GetConnection',
      'ErpSync/GetConnection',
      { ErpConnectionId: 124 },
      'ErpSync/SaveConnection',
      'Connection',
    ],
    [
      'GetActorTypeMapping',
      'ErpSync/GetActorTypeMapping',
      { ErpConnectionId: 124, ActorType: 'Customer' },
      'ErpSync/SaveActorTypeMapping',
      'Mapping',
    ],
    [
      'GetConnectionListMappings',
      'ErpSync/GetConnectionListMappings',
      { ErpConnectionId: 124 },
      'ErpSync/SaveConnectionListMappings',
      'ListMapping',
    ],
    [
      'GetDefaultValueInfo',
      'ErpSync/GetDefaultValueInfo',
      { ErpFieldId: 501 },
      'ErpSync/SaveDefaultValueInfo',
      'ErpSyncDefaultValue',
    ],
    [
      'GetErpSyncConnectorEntity',
      'ErpSync/GetErpSyncConnectorEntity?erpSyncConnectorEntityId=17',
      '',
      'ErpSync/SaveErpSyncConnectorEntity',
      undefined,
    ],
    ['GetBatchTaskInfo', 'Batch/GetBatchTaskInfo', { Id: 70 }, 'Batch/UpdateBatchTask', 'BatchTaskInfo'],
  ])(
    'when %s was read leniently, nulls left out, then it is accepted',
    async (name, path, given, save, parameter) => {
      const sandbox = await open();
      const before = await resultOf(sandbox, path, given);
      const read = readJson(operationNamed(name).result, before, name, 'lenient');
      expect(await resultOf(sandbox, save, parameter === undefined ? read : { [parameter]: read })).toEqual(
        before,
      );
    },
  );
});
