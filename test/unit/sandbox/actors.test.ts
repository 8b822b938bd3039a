import { describe, expect, test } from 'vitest';
import { expectRefusal, open, resultOf } from './sandbox-fixture.ts';

describe('connections and fields of a record', () => {
  const operation = 'ErpSync/GetConnectionsAndDisplayFields';

  test('when a company is linked in both then both show it with the type that it has there', async () => {
    const data = await resultOf(await open(), operation, { CrmActorType: 'Contact', EntityId: 959 });
    expect(data).toMatchObject([
      {
        ErpConnectionId: 124,
        ConnectionName: 'Visma Net',
        Connected: true,
        CrmActorType: 'Contact',
        ErpActorType: 'Customer',
        ErpActorTypes: ['Customer', 'Supplier'],
      },
      { ErpConnectionId: 125, Connected: true, ErpActorType: 'Partner' },
    ]);
  });

  test('when fields are shown then they are those of the mapping with their rank', async () => {
    const [data] = await resultOf<{ ErpFields: { FieldKey: string; Rank: number }[] }[]>(
      await open(),
      operation,
      {
        CrmActorType: 'Contact',
        EntityId: 12,
      },
    );
    expect(data?.ErpFields.map((field) => [field.FieldKey, field.Rank])).toEqual([
      ['Name', 1],
      ['CustomerGroup', 4],
      ['PaymentDays', 6],
      ['Balance', 8],
      ['CustomerSince', 9],
      ['Blocked', 10],
    ]);
  });

  test('when a record is not linked then it is shown as such', async () => {
    const data = await resultOf(await open(), operation, { CrmActorType: 'Contact', EntityId: 15 });
    expect(data).toMatchObject([{ Connected: false }, { Connected: false }]);
  });

  test('when no connection has the kind of record then the list is empty, not null', async () => {
    expect(await resultOf(await open(), operation, { CrmActorType: 'Sale', EntityId: 21 })).toEqual([]);
  });

  test('when a connection is off then it is not among them', async () => {
    const sandbox = await open();
    await resultOf(sandbox, 'ErpSync/ToggleErpConnectionActive', { ErpConnectionId: 124 });
    const data = await resultOf(sandbox, operation, { CrmActorType: 'Contact', EntityId: 12 });
    expect(data).toMatchObject([{ ErpConnectionId: 125 }]);
  });
});

describe('values', () => {
  test('when ERP values are asked for by key then they come in that order, encoded', async () => {
    const given = {
      ErpConnectionId: 124,
      CrmActorType: 'Contact',
      EntityId: 12,
      FieldKeys: ['CustomerSince', 'Name', 'Balance', 'CustomerGroup', 'Blocked', 'PaymentDays', 'Name'],
    };
    expect(await resultOf(await open(), 'ErpSync/GetErpFieldValues', given)).toEqual([
      '[D:09.11.2017]',
      'Nordic Paper AS',
      '[F:1250.5]',
      '10',
      '[I:0]',
      '[I:14]',
      'Nordic Paper AS',
    ]);
  });

  test('when no ERP values are asked for then the list is empty', async () => {
    const given = { ErpConnectionId: 124, CrmActorType: 'Contact', EntityId: 12, FieldKeys: [] };
    expect(await resultOf(await open(), 'ErpSync/GetErpFieldValues', given)).toEqual([]);
  });

  test('when an ERP field is unknown then that is an error, so that no values are shifted', async () => {
    const given = {
      ErpConnectionId: 124,
      CrmActorType: 'Contact',
      EntityId: 12,
      FieldKeys: ['Name', 'Colour'],
    };
    await expectRefusal(await open(), 'ErpSync/GetErpFieldValues', given, '"Colour"');
  });

  test('when the field keys are null then 400 refuses them', async () => {
    const given = { ErpConnectionId: 124, CrmActorType: 'Contact', EntityId: 12, FieldKeys: null };
    expect((await (await open()).call('ErpSync/GetErpFieldValues', given)).status).toBe(400);
  });

  test('when CRM values are asked for then each type is encoded and readable', async () => {
    const given = { RecordId: 12, ActorTypeCrm: 'Contact' };
    const values = await resultOf(await open(), 'ErpSync/GetFieldValuesFromCrm', given);
    expect(values).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          CrmFieldKey: 'Name',
          Value: 'Nordic Paper AS',
          SyncToCrm: true,
          SyncToErp: true,
        }),
        expect.objectContaining({ CrmFieldKey: 'Category', Value: '[I:1]', DisplayValue: 'Customer' }),
        expect.objectContaining({
          CrmFieldKey: 'Employees',
          Value: '[I:120]',
          DisplayValue: '120',
          SyncToErp: false,
        }),
        expect.objectContaining({ CrmFieldKey: 'Turnover', Value: '[F:120000.5]', DisplayValue: '120000.5' }),
        expect.objectContaining({
          CrmFieldKey: 'CustomerSince',
          Value: '[D:09.11.2017]',
          DisplayValue: '09.11.2017',
        }),
        expect.objectContaining({ CrmFieldKey: 'NoMailings', Value: '[I:0]', DisplayValue: 'No' }),
      ]),
    );
  });

  test('when ERP values of a key are asked for then only fields come that both sides have', async () => {
    const given = { ErpConnectionId: 124, ActorTypeErp: 'Customer', ErpKey: 'C-10012' };
    const values = await resultOf<{ CrmFieldKey: string }[]>(
      await open(),
      'ErpSync/GetFieldValuesFromErp',
      given,
    );
    expect(values.map((value) => value.CrmFieldKey)).toEqual([
      'Name',
      'OrgNr',
      'Phone',
      'Category',
      'CustomerSince',
    ]);
    expect(values).toContainEqual(
      expect.objectContaining({
        CrmFieldKey: 'Category',
        Value: '10',
        DisplayValue: 'Domestic',
        SyncToCrm: true,
      }),
    );
  });

  test('when the ERP key is that of an unlinked actor then its values come all the same', async () => {
    const given = { ErpConnectionId: 125, ActorTypeErp: 'Project', ErpKey: 'PRJ-6' };
    expect(await resultOf(await open(), 'ErpSync/GetFieldValuesFromErp', given)).toContainEqual(
      expect.objectContaining({ CrmFieldKey: 'Name', Value: 'Trade fair' }),
    );
  });
});

describe('actor types', () => {
  test('when fields for a new actor are asked for then mandatory ones and those to be asked for come', async () => {
    const given = { ErpConnectionId: 124, ErpActorType: 'Customer' };
    expect(await resultOf(await open(), 'ErpSync/GetFieldsForNewErpActor', given)).toMatchObject([
      { FieldKey: 'Name', Access: 'Mandatory' },
      { FieldKey: 'CustomerGroup', FieldType: 'List', ListName: 'CustomerGroup' },
      { FieldKey: 'PaymentDays', FieldType: 'Integer', DefaultValue: '[I:30]', Access: 'Normal' },
    ]);
  });

  test.each([
    [124, 'Customer', true],
    [124, 'Person', false],
    [125, 'Project', true],
    [124, 'Project', false],
  ])('when %i is asked about advanced search for %s then the answer is %s', async (id, type, expected) => {
    const given = { ErpConnectionId: id, ErpActorType: type };
    expect(await resultOf(await open(), 'ErpSync/SupportsAdvancedSearch', given)).toBe(expected);
  });

  test.each([
    ['Partner', 'Contact'],
    ['Person', 'Person'],
    ['Project', 'Project'],
    ['Employee', 'Unknown'],
  ])('when the CRM type of %s is asked for then it is %s', async (type, expected) => {
    const given = { ErpConnectionId: 125, ErpActorType: type };
    expect(await resultOf(await open(), 'ErpSync/GetCrmActorType', given)).toBe(expected);
  });
});
