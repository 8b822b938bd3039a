import { describe, expect, test } from 'vitest';
import { connection125, fieldMapping, listMapping124, mapping124, paymentDays } from './carrier-samples.ts';
import { expectRefusal, type Fixture, open, resultOf } from './sandbox-fixture.ts';

interface Mapping {
  readonly IsActive: boolean;
  readonly FieldMappings: readonly { readonly ErpFieldId: number; readonly ErpFieldKey: string }[];
}

const save = 'ErpSync/SaveActorTypeMapping';

async function mapping(sandbox: Fixture, id = 124, ActorType = 'Customer'): Promise<Mapping> {
  return await resultOf<Mapping>(sandbox, 'ErpSync/GetActorTypeMapping', { ErpConnectionId: id, ActorType });
}

async function field(sandbox: Fixture, key: string): Promise<unknown> {
  return (await mapping(sandbox)).FieldMappings.find((one) => one.ErpFieldKey === key);
}

async function fieldKeys(sandbox: Fixture): Promise<string[]> {
  return (await mapping(sandbox)).FieldMappings.map((one) => one.ErpFieldKey);
}

describe('actor type mappings', () => {
  test('when one is read then it tells directions, and what is missing on either side', async () => {
    const sandbox = await open();
    expect(await mapping(sandbox)).toMatchObject({
      ErpConnectionId: 124,
      IsActive: true,
      ActorTypeCrm: 'Contact',
    });
    const facts = await Promise.all(
      ['Name', 'InvoiceEmail', 'Fax', 'Balance'].map((key) => field(sandbox, key)),
    );
    expect(facts).toMatchObject([
      {
        CrmFieldKey: 'Name',
        CrmDisplayName: 'Company name',
        SyncToCrm: true,
        SyncToErp: true,
        Access: 'Mandatory',
      },
      { CrmFieldKey: 'InvoiceMail', SyncToErp: false, MissingInCRM: true, MissingInERP: false },
      { CrmFieldKey: 'Fax', MissingInERP: true },
      { CrmFieldKey: '', Access: 'ReadOnly', ShowInGui: true, AlreadyMapped: false, MissingInCRM: false },
    ]);
  });

  test('when what was read is saved then nothing changes', async () => {
    const sandbox = await open();
    const before = await mapping(sandbox);
    expect(await resultOf(sandbox, save, { Mapping: before })).toEqual(before);
    expect(await mapping(sandbox)).toEqual(before);
  });

  test('when one field is saved then it is changed and the others stay', async () => {
    const sandbox = await open();
    const before = await mapping(sandbox);
    const changes = { CrmFieldKey: 'Employees', SyncToErp: true, ShowInGui: true, CrmDisplayName: 'ignored' };
    await resultOf(sandbox, save, { Mapping: mapping124(fieldMapping(506, 'PaymentDays', changes)) });
    expect(await field(sandbox, 'PaymentDays')).toMatchObject({
      CrmFieldKey: 'Employees',
      CrmDisplayName: 'Employees',
      SyncToCrm: false,
      SyncToErp: true,
      ShowInGui: true,
    });
    const after = await mapping(sandbox);
    const others = (all: Mapping) => all.FieldMappings.filter((one) => one.ErpFieldId !== 506);
    expect(others(after)).toEqual(others(before));
  });

  test('when a mapping is switched off then its connection no longer shows records of that kind', async () => {
    const sandbox = await open();
    for (const ActorTypeErp of ['Customer', 'Supplier']) {
      await resultOf(sandbox, save, { Mapping: { ...mapping124(), ActorTypeErp, IsActive: false } });
    }
    const given = { CrmActorType: 'Contact', EntityId: 12 };
    expect(await resultOf(sandbox, 'ErpSync/GetConnectionsAndDisplayFields', given)).toMatchObject([
      { ErpConnectionId: 125 },
    ]);
  });

  const days = (changes: Readonly<Record<string, unknown>>) => fieldMapping(506, 'PaymentDays', changes);
  test.each<[string, unknown, string]>([
    ['the mapping is null', null, 'SaveActorTypeMapping.Mapping'],
    ['the connection is unknown', { ...mapping124(), ErpConnectionId: 4711 }, '4711 not found'],
    ['the actor type is not mapped', { ...mapping124(), ActorTypeErp: 'Project' }, 'Project'],
    ['the CRM type is Unknown', { ...mapping124(), ActorTypeCrm: 'Unknown' }, 'ActorTypeCrm'],
    ['the fields are null', { ...mapping124(), FieldMappings: null }, 'FieldMappings'],
    ['a field is null', mapping124(null), 'FieldMappings[0]'],
    ['a field is of another actor type', mapping124(fieldMapping(512, 'Name')), 'ERP field 512'],
    ['a field is there twice', mapping124(days({}), days({})), 'twice'],
    ['a field has the key of another', mapping124(fieldMapping(506, 'Name')), 'is PaymentDays'],
    ['a field lacks a direction', mapping124(days({ SyncToCrm: undefined })), 'SyncToCrm'],
    ['a direction has no CRM field', mapping124(days({ SyncToCrm: true })), 'no CRM field'],
    [
      'a read-only field is to be written',
      mapping124(fieldMapping(508, 'Balance', { CrmFieldKey: 'Turnover', SyncToErp: true })),
      'read-only',
    ],
  ])('when %s then it is refused and nothing changes', async (_when, Mapping, words) => {
    const sandbox = await open();
    const before = await mapping(sandbox);
    await expectRefusal(sandbox, save, { Mapping }, words);
    expect(await mapping(sandbox)).toEqual(before);
  });
});

describe('ranks', () => {
  const move = (Direction: number, ErpFieldId = 502) => ({
    ErpFieldId,
    Direction,
    ErpConnectionId: 124,
    ErpActorType: 'Customer',
  });

  test.each([
    [1, ['Name', 'Phone', 'OrgNr']],
    [5, ['Name', 'Phone', 'OrgNr']],
    [-1, ['OrgNr', 'Name', 'Phone']],
  ])('when the direction is %i then the field moves by one place', async (direction, expected) => {
    const sandbox = await open();
    expect((await sandbox.call('ErpSync/MoveErpFieldItem', move(direction))).status).toBe(204);
    expect((await fieldKeys(sandbox)).slice(0, 3)).toEqual(expected);
  });

  test('when the field stands at the end then nothing moves', async () => {
    const sandbox = await open();
    const before = await fieldKeys(sandbox);
    expect((await sandbox.call('ErpSync/MoveErpFieldItem', move(-1, 501))).status).toBe(204);
    expect((await sandbox.call('ErpSync/MoveErpFieldItem', move(1, 511))).status).toBe(204);
    expect(await fieldKeys(sandbox)).toEqual(before);
  });

  test('when the field is of another actor type then it is refused', async () => {
    await expectRefusal(await open(), 'ErpSync/MoveErpFieldItem', move(1, 512), 'ERP field 512');
  });
});

describe('fields of the connector', () => {
  test('when they are updated then new ones are there, and what was missing is so still', async () => {
    const sandbox = await open();
    expect(await resultOf(sandbox, 'ErpSync/UpdateConnectionFields', { ErpConnectionId: 124 })).toBe(true);
    expect(await field(sandbox, 'Website')).toMatchObject({
      ErpFieldId: 701,
      CrmFieldKey: '',
      MissingInERP: false,
    });
    expect(await field(sandbox, 'Fax')).toMatchObject({ MissingInERP: true });
    expect(await field(sandbox, 'Name')).toMatchObject({ ErpFieldId: 501, SyncToCrm: true });
  });

  test('when a new connection updates its fields then each actor type has an inactive mapping', async () => {
    const sandbox = await open();
    const Connection = {
      ErpConnectorId: 18,
      DisplayName: 'New',
      ConfigFields: { Environment: 'X', ClientSecret: 'y' },
    };
    await resultOf(sandbox, 'ErpSync/SaveConnection', { Connection });
    await resultOf(sandbox, 'ErpSync/UpdateConnectionFields', { ErpConnectionId: 128 });
    expect(await mapping(sandbox, 128, 'Project')).toMatchObject({
      IsActive: false,
      ActorTypeCrm: 'Project',
    });
  });

  test('when the connector does not let the connection in then the answer is false', async () => {
    const sandbox = await open();
    await resultOf(sandbox, 'ErpSync/SaveConnection', { Connection: { ...connection125, ConfigFields: {} } });
    expect(await resultOf(sandbox, 'ErpSync/UpdateConnectionFields', { ErpConnectionId: 125 })).toBe(false);
  });

  test('when columns are validated without an owner then it is refused', async () => {
    const given = { ListOwner: ' ', ErpConnectionId: 124 };
    await expectRefusal(await open(), 'ErpSync/ValidateArchiveColumnConfig', given, 'ListOwner');
  });
});

describe('default values', () => {
  const saveDefault = 'ErpSync/SaveDefaultValueInfo';

  test('when they are saved then they are read, and the field’s own facts stay', async () => {
    const sandbox = await open();
    const changed = { ...paymentDays, FirstSyncDefaultValue: '[I:14]', Mandatory: true };
    const given = { ErpSyncDefaultValue: { ...changed, ErpFieldKey: 'Other', Access: 'ReadOnly' } };
    expect(await resultOf(sandbox, saveDefault, given)).toMatchObject(changed);
    expect(await resultOf(sandbox, 'ErpSync/GetDefaultValueInfo', { ErpFieldId: 506 })).toMatchObject(
      changed,
    );
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['the field is unknown', { ErpFieldId: 4711 }, 'ERP field 4711'],
    ['the id is 0', { ErpFieldId: 0 }, 'ERP field 0'],
    ['a value is not encoded', { DefaultValue: '30' }, '[I:123]'],
    ['a value is of another type', { FirstSyncDefaultValue: '[F:30.5]' }, '[I:123]'],
    ['a member is missing', { PromptUser: undefined }, 'PromptUser'],
  ])('when %s then it is refused', async (_when, changes, words) => {
    const given = { ErpSyncDefaultValue: { ...paymentDays, ...changes } };
    await expectRefusal(await open(), saveDefault, given, words);
  });

  test('when a list field is to have an item that is not in its list then it is refused', async () => {
    const given = { ErpSyncDefaultValue: { ...paymentDays, ErpFieldId: 504, DefaultValue: '40' } };
    await expectRefusal(await open(), saveDefault, given, '10, 20, 30');
  });
});

describe('list mappings', () => {
  const read = 'ErpSync/GetConnectionListMappings';
  const saveLists = 'ErpSync/SaveConnectionListMappings';

  test('when they are read then each item of the ERP list has its counterpart or null', async () => {
    expect(await resultOf(await open(), read, { ErpConnectionId: 124 })).toMatchObject({
      ErpConnectionId: 124,
      ErpConnectionName: 'Visma Net',
      ErpListItemMappings: [
        {
          CrmList: { Id: 64, Name: 'Category', ChildItems: [] },
          ErpListName: 'CustomerGroup',
          ErpActorTypeName: 'Customer',
          ErpFieldId: 504,
          ErpCrmListItemMappings: [
            { ErpListItemId: '10', ErpListItemName: 'Domestic', CrmListItem: { Id: 1, Name: 'Customer' } },
            { ErpListItemId: '20', CrmListItem: { Id: 3, Name: 'Supplier', Rank: 3 } },
            { ErpListItemId: '30', CrmListItem: null },
          ],
        },
      ],
    });
  });

  test('when a connection has no list fields then its list of them is empty, not null', async () => {
    expect(await resultOf(await open(), read, { ErpConnectionId: 125 })).toMatchObject({
      ErpListItemMappings: [],
    });
  });

  test('when what was read is saved then nothing changes', async () => {
    const sandbox = await open();
    const before = await resultOf(sandbox, read, { ErpConnectionId: 124 });
    expect(await resultOf(sandbox, saveLists, { ListMapping: before })).toEqual(before);
  });

  test('when some items are saved then they are changed and the others stay', async () => {
    const sandbox = await open();
    await resultOf(sandbox, saveLists, { ListMapping: listMapping124(['30', 1], ['20', null]) });
    const after = await resultOf<{ ErpListItemMappings: { ErpCrmListItemMappings: unknown }[] }>(
      sandbox,
      read,
      {
        ErpConnectionId: 124,
      },
    );
    expect(after.ErpListItemMappings[0]?.ErpCrmListItemMappings).toMatchObject([
      { ErpListItemId: '10', CrmListItem: { Id: 1 } },
      { ErpListItemId: '20', CrmListItem: null },
      { ErpListItemId: '30', CrmListItem: { Id: 1 } },
    ]);
  });

  test.each<[string, unknown, string]>([
    ['the mapping is null', null, 'SaveConnectionListMappings.ListMapping'],
    ['the connection is unknown', { ...listMapping124(), ErpConnectionId: 4711 }, '4711 not found'],
    ['the lists are null', { ErpConnectionId: 124 }, 'ErpListItemMappings'],
    ['the field is no list', { ErpConnectionId: 124, ErpListItemMappings: [{ ErpFieldId: 501 }] }, '501'],
    [
      'the items are null',
      { ErpConnectionId: 124, ErpListItemMappings: [{ ErpFieldId: 504 }] },
      'ErpCrmListItem',
    ],
    ['an ERP item is there twice', listMapping124(['10', 1], ['10', 2]), 'twice'],
    ['an ERP item is unknown', listMapping124(['99', 1]), 'ERP list'],
    ['a CRM item is unknown', listMapping124(['10', 99]), 'CRM list'],
  ])('when %s then it is refused', async (_when, ListMapping, words) => {
    await expectRefusal(await open(), saveLists, { ListMapping }, words);
  });
});
