import { describe, expect, test } from 'vitest';
import { connection125, fieldMapping } from './carrier-samples.ts';
import { expectRefusal, type Fixture, open, resultOf } from './sandbox-fixture.ts';

interface Shown {
  readonly ErpConnectionId: number;
  readonly ConnectionId: string;
  readonly Active: boolean;
  readonly Deleted: boolean;
  readonly ConfigFields: unknown;
}

const save = 'ErpSync/SaveConnection';
const toggle = 'ErpSync/ToggleErpConnectionActive';

async function get(sandbox: Fixture, ErpConnectionId: number): Promise<Shown> {
  return await resultOf<Shown>(sandbox, 'ErpSync/GetConnection', { ErpConnectionId });
}

async function listed(sandbox: Fixture): Promise<number[]> {
  const all = await resultOf<Shown[]>(sandbox, 'ErpSync/GetAllConnections', { IncludeDeleted: false });
  return all.map((one) => one.ErpConnectionId);
}

describe('saving', () => {
  const created = {
    ErpConnectionId: 0,
    ErpConnectorId: 17,
    DisplayName: 'Visma Net Denmark',
    ConfigFields: { Company: '1003', User: 'superoffice', Password: 'denmark' },
  };

  test('when the id is 0 then a connection with a new id and GUID is there, inactive', async () => {
    const sandbox = await open();
    const first = await resultOf<Shown>(sandbox, save, { Connection: created });
    const second = await resultOf<Shown>(sandbox, save, { Connection: created });
    expect(first).toMatchObject({
      ErpConnectionId: 128,
      Active: false,
      AllAccess: true,
      DisplayDescription: '',
    });
    expect(first.ConnectionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toMatchObject({
      ErpConnectionId: 129,
      ConnectionId: expect.not.stringMatching(first.ConnectionId),
    });
    expect(await get(sandbox, 128)).toEqual(first);
    expect(await listed(sandbox)).toEqual([124, 125, 126, 128, 129]);
  });

  test('when a new connection is complete then it can be tested and switched on', async () => {
    const sandbox = await open();
    await resultOf(sandbox, save, { Connection: created });
    expect(await resultOf(sandbox, 'ErpSync/TestConnectionById', { ErpConnectionId: 128 })).toBe(true);
    expect(await resultOf(sandbox, toggle, { ErpConnectionId: 128 })).toEqual([]);
    expect(await get(sandbox, 128)).toMatchObject({ Active: true });
  });

  test('when it exists then what is given is stored, and what is the server’s own stays', async () => {
    const sandbox = await open();
    const Connection = {
      ...connection125,
      DisplayName: 'Business Central Norway',
      ConfigFields: { Environment: 'Test' },
      AllAccess: false,
      UserGroupAccessIds: [2, 3],
      ConnectionId: 'another',
      MostRecentTimestamp: '0',
      Deleted: true,
    };
    await resultOf(sandbox, save, { Connection });
    expect(await get(sandbox, 125)).toMatchObject({
      DisplayName: 'Business Central Norway',
      ConfigFields: { Environment: 'Test' },
      AllAccess: false,
      UserGroupAccessIds: [2, 3],
      ConnectionId: connection125.ConnectionId,
      MostRecentTimestamp: '8812',
      Deleted: false,
    });
  });

  test.each([
    'ErpConnectorId',
    'DisplayName',
    'DisplayDescription',
    'Active',
    'ConfigFields',
    'AllAccess',
    'UserGroupAccessIds',
    'AssociateAccessIds',
  ])('when %s is missing from an existing one then nothing is saved', async (member) => {
    const sandbox = await open();
    const before = await get(sandbox, 125);
    const whole = { ...connection125, DisplayDescription: 'Changed' };
    const Connection = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== member));
    await expectRefusal(sandbox, save, { Connection }, `Connection.${member}`);
    expect(await get(sandbox, 125)).toEqual(before);
  });

  test('when a connection from the list, without configuration fields, is saved then it is refused', async () => {
    const sandbox = await open();
    await expectRefusal(
      sandbox,
      save,
      { Connection: { ...connection125, ConfigFields: null } },
      'ConfigFields',
    );
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['its connector is not there', { ErpConnectorId: 4711 }, 'ERP connector 4711 not found'],
    ['its name is blank', { DisplayName: '  ' }, 'DisplayName'],
    ['the connector does not know a field', { ConfigFields: { Company: '1' } }, '"Company"'],
    ['it has been deleted', { ErpConnectionId: 127 }, 'has been deleted'],
  ])('when %s then it is refused', async (_when, changes, words) => {
    const sandbox = await open();
    await expectRefusal(sandbox, save, { Connection: { ...connection125, ...changes } }, words);
  });

  test('when it would become active against the rules then it is refused with the reason', async () => {
    const sandbox = await open();
    const Connection = { ...(await get(sandbox, 126)), Active: true };
    await expectRefusal(sandbox, save, { Connection }, 'Customer group');
    expect(await get(sandbox, 126)).toMatchObject({ Active: false });
  });

  test('when the connection is null then it is refused', async () => {
    await expectRefusal(await open(), save, { Connection: null }, 'SaveConnection.Connection');
  });
});

describe('deleting', () => {
  test('when it is deleted then it is read as such, listed no more, and no source of a resync', async () => {
    const sandbox = await open();
    expect((await sandbox.call('ErpSync/DeleteConnection', { ErpConnectionId: 124 })).status).toBe(204);
    expect(await get(sandbox, 124)).toMatchObject({ Deleted: true, Active: false });
    expect(await listed(sandbox)).toEqual([125, 126]);
    const resync = { ErpConnectionId: 124, InternalKeyIds: [100] };
    expect(await resultOf(sandbox, 'ErpSync/ForceResync', resync)).toMatchObject({ IsOk: false });
  });

  test.each([4711, 127])(
    'when %i is not there or deleted already then it is refused',
    async (ErpConnectionId) => {
      await expectRefusal(
        await open(),
        'ErpSync/DeleteConnection',
        { ErpConnectionId },
        String(ErpConnectionId),
      );
    },
  );
});

describe('switching on and off', () => {
  test('when an active one is toggled twice then it is off and on again', async () => {
    const sandbox = await open();
    const seen: unknown[] = [];
    for (let time = 0; time < 2; time++) {
      seen.push(await resultOf(sandbox, toggle, { ErpConnectionId: 124 }));
      seen.push((await get(sandbox, 124)).Active);
    }
    expect(seen).toEqual([[], false, [], true]);
  });

  test('when a mandatory field has no direction then the reason is told and it stays off', async () => {
    const sandbox = await open();
    expect(await resultOf(sandbox, toggle, { ErpConnectionId: 126 })).toEqual([
      'Customer: the mandatory field "Customer group" has no direction',
    ]);
    expect(await get(sandbox, 126)).toMatchObject({ Active: false });
  });

  test('when that field gets a direction then it can be switched on', async () => {
    const sandbox = await open();
    const given = { ErpConnectionId: 126, ActorType: 'Customer' };
    const mapping = await resultOf<{ FieldMappings: { ErpFieldId: number; ErpFieldKey: string }[] }>(
      sandbox,
      'ErpSync/GetActorTypeMapping',
      given,
    );
    const group = mapping.FieldMappings.find((field) => field.ErpFieldKey === 'CustomerGroup');
    const changed = fieldMapping(group?.ErpFieldId ?? 0, 'CustomerGroup', {
      CrmFieldKey: 'Category',
      SyncToCrm: true,
    });
    await resultOf(sandbox, 'ErpSync/SaveActorTypeMapping', {
      Mapping: { ...mapping, FieldMappings: [changed] },
    });
    expect(await resultOf(sandbox, toggle, { ErpConnectionId: 126 })).toEqual([]);
    expect(await get(sandbox, 126)).toMatchObject({ Active: true });
  });

  test('when its configuration is wrong then that is a reason', async () => {
    const sandbox = await open();
    const Connection = { ...connection125, Active: false, ConfigFields: { Environment: 'Production' } };
    await resultOf(sandbox, save, { Connection });
    expect(await resultOf(sandbox, toggle, { ErpConnectionId: 125 })).toEqual([
      expect.stringContaining('configuration'),
    ]);
  });
});

describe('testing', () => {
  const right = { Company: '1001', User: 'superoffice', Password: 'visma-net-secret' };
  test.each<[string, unknown, boolean]>([
    ['right', right, true],
    ['of a client that is not known', { Company: '7', User: 'a', Password: 'b' }, true],
    ['with a wrong password', { ...right, Password: 'wrong' }, false],
    ['without a mandatory field', { Company: '7', User: 'a' }, false],
    ['with a blank mandatory field', { Company: '7', User: 'a', Password: null }, false],
    ['with a field that the connector does not know', { ...right, Port: '80' }, false],
    ['null', null, false],
  ])('when the configuration is %s then the answer follows', async (_what, ConfigFields, expected) => {
    const given = { ErpConnectionId: 124, ConfigFields };
    expect(await resultOf(await open(), 'ErpSync/TestConnectionByConfig', given)).toBe(expected);
  });

  test('when a wrong configuration has been saved then the test by id is false', async () => {
    const sandbox = await open();
    const ConfigFields = { Environment: 'Production', ClientSecret: 'old' };
    await resultOf(sandbox, save, { Connection: { ...connection125, ConfigFields } });
    expect(await resultOf(sandbox, 'ErpSync/TestConnectionById', { ErpConnectionId: 125 })).toBe(false);
  });

  test('when the connector does not answer at its URL then the test is false', async () => {
    const sandbox = await open();
    const connector = {
      ErpConnectorId: 17,
      DisplayName: 'Visma Net connector',
      URL: 'https://gone.invalid/',
    };
    await resultOf(sandbox, 'ErpSync/SaveErpSyncConnectorEntity', connector);
    expect(await resultOf(sandbox, 'ErpSync/TestConnectionById', { ErpConnectionId: 124 })).toBe(false);
  });
});

describe('priorities', () => {
  const priorities = 'ErpSync/SaveErpConnectionSyncPriorities';

  test('when they are saved then the list of connections has their order, others last', async () => {
    const sandbox = await open();
    expect(await resultOf(sandbox, priorities, { ErpConnectionIds: [126, 0, 125] })).toBe(true);
    expect(await listed(sandbox)).toEqual([126, 125, 124]);
  });

  test.each([
    ['an id is unknown', [124, 4711], '4711 not found'],
    ['a connection has been deleted', [124, 127], 'has been deleted'],
    ['an id is there twice', [124, 125, 124], '124 is there twice'],
    ['there are none', [], 'is empty'],
  ])('when %s then it is refused', async (_when, ErpConnectionIds, words) => {
    await expectRefusal(await open(), priorities, { ErpConnectionIds }, words);
  });
});

describe('summaries', () => {
  test('when one is asked for then it tells actors, defaults and mappings in words', async () => {
    const summary = await resultOf(await open(), 'ErpSync/GetErpSyncConnectionSummary', {
      ErpSyncConnectionId: 124,
    });
    expect(summary).toMatchObject({
      DisplayName: 'Visma Net',
      Active: true,
      Deleted: false,
      LastSync: '0001-01-01T00:00:00',
      Actors: [
        {
          ActorType: 'Customer',
          HasMappings: true,
          Defaults: 'Customer group, Payment days = [I:30]',
          Mappings: expect.stringMatching(/Name <-> Name.*Customer since -> CustomerSince/),
        },
        { ActorType: 'Supplier' },
        { ActorType: 'Person', Mappings: expect.stringContaining('Date of birth <- BirthDate') },
      ],
    });
  });

  test('when configuration fields are asked for then they are a plain object with the values', async () => {
    const fields = await resultOf(await open(), 'ErpSync/GetErpConnectionConfigFields', {
      ErpConnectionId: 124,
    });
    expect(fields).toEqual({ Company: '1001', User: 'superoffice', Password: 'visma-net-secret' });
  });
});
