import { describe, expect, test } from 'vitest';
import { expectRefusal, type Fixture, open, resultOf } from './sandbox-fixture.ts';

const company15 = { ErpConnectionId: 124, CrmRecordId: 15, CrmActorType: 'Contact' };
const link = { ...company15, ErpKey: 'C-10015', ErpActorType: 'Customer' };
const create = {
  ConnectionId: 124,
  CrmEntityId: 15,
  ErpActorType: 'Customer',
  CrmActorType: 'Contact',
  ErpFieldKeyValues: { CustomerGroup: '20' } as Readonly<Record<string, string | null>> | null,
};

/** How many records a resync of these keys takes from a connection. */
async function resynced(sandbox: Fixture, source: number, keys: readonly number[]): Promise<unknown> {
  const given = { ErpConnectionId: source, InternalKeyIds: keys };
  const { Changes } = await resultOf<{ Changes: { UpdatedRecords: unknown } }>(
    sandbox,
    'ErpSync/ForceResync',
    given,
  );
  return Changes.UpdatedRecords;
}

async function erpValue(sandbox: Fixture, key: string): Promise<unknown> {
  const given = { ErpConnectionId: 124, CrmActorType: 'Contact', EntityId: 15, FieldKeys: [key] };
  return await resultOf(sandbox, 'ErpSync/GetErpFieldValues', given);
}

async function crmValue(sandbox: Fixture, key: string): Promise<unknown> {
  const given = { RecordId: 15, ActorTypeCrm: 'Contact' };
  const values = await resultOf<{ CrmFieldKey: string; Value: string }[]>(
    sandbox,
    'ErpSync/GetFieldValuesFromCrm',
    given,
  );
  return values.find((value) => value.CrmFieldKey === key)?.Value;
}

describe('linking', () => {
  test('when a record gets its first link then a new internal key is resynced and lists show it', async () => {
    const sandbox = await open();
    expect(await resynced(sandbox, 124, [1001])).toEqual([]);
    expect(await resultOf(sandbox, 'ErpSync/CreateActorLink', link)).toBe(true);
    expect(await resynced(sandbox, 124, [1001])).toMatchObject([{ Tablename: 'contact', RecordId: 15 }]);
    expect(
      await resultOf(sandbox, 'ErpSync/GetConnectionsAndDisplayFields', {
        CrmActorType: 'Contact',
        EntityId: 15,
      }),
    ).toMatchObject([{ Connected: true }, { Connected: false }]);
    const external = { ErpConnectionId: 124, ErpActorType: 'Customer', ExternalKeys: ['C-10015'] };
    expect(await resultOf(sandbox, 'ErpSync/ForceResyncExternal', external)).toMatchObject({
      UserExplanation: '1 record resynced',
    });
  });

  test('when a record is linked in a second connection then it keeps its internal key', async () => {
    const sandbox = await open();
    const second = {
      ErpConnectionId: 125,
      CrmRecordId: 13,
      CrmActorType: 'Contact',
      ErpActorType: 'Customer',
    };
    expect(await resultOf(sandbox, 'ErpSync/CreateActorLink', { ...second, ErpKey: '10015' })).toBe(true);
    expect(await resynced(sandbox, 125, [101])).toMatchObject([{ RecordId: 13 }]);
  });

  test.each([
    ['the record is linked there', { ...link, CrmRecordId: 12 }],
    ['the ERP actor is linked', { ...link, ErpKey: 'C-10012' }],
  ])('when %s already then Create and Try answer false and Connect refuses', async (_when, given) => {
    const sandbox = await open();
    const withValues = { ...given, FieldValues: [] };
    expect(await resultOf(sandbox, 'ErpSync/CreateActorLink', given)).toBe(false);
    expect(await resultOf(sandbox, 'ErpSync/TryConnectActor', withValues)).toBe(false);
    await expectRefusal(sandbox, 'ErpSync/ConnectActor', withValues, 'already');
  });

  test.each([
    ['the connection is unknown', { ErpConnectionId: 4711 }, '4711 not found'],
    ['the connection is off', { ErpConnectionId: 126 }, 'is not active'],
    ['the record is unknown', { CrmRecordId: 4711 }, 'Contact 4711 not found'],
    ['the ERP key is unknown', { ErpKey: 'C-1' }, 'Customer "C-1"'],
    ['the ERP key is blank', { ErpKey: '' }, 'ErpKey: is empty'],
    ['the ERP key is null', { ErpKey: null }, 'ErpKey: is empty'],
    ['the two kinds do not go together', { CrmActorType: 'Person' }, 'between Customer and Person'],
    ['ErpSync does not know the kind', { ErpActorType: 'Employee' }, 'Employee'],
  ])('when %s then every way of linking refuses', async (_when, changes, words) => {
    const sandbox = await open();
    const given = { ...link, ...changes };
    await expectRefusal(sandbox, 'ErpSync/CreateActorLink', given, words);
    await expectRefusal(sandbox, 'ErpSync/TryConnectActor', { ...given, FieldValues: null }, words);
    await expectRefusal(sandbox, 'ErpSync/ConnectActor', { ...given, FieldValues: [] }, words);
  });

  test('when values come along then they are set on the side that they are for, and defaults too', async () => {
    const sandbox = await open();
    const FieldValues = [
      { CrmFieldKey: 'Phone', Value: '+47 1', SyncToErp: true },
      { CrmFieldKey: 'OrgNr', Value: 'NO1', SyncToCrm: true },
      { CrmFieldKey: 'Category', Value: '20', SyncToCrm: true, SyncToErp: true },
      { CrmFieldKey: 'Name', Value: 'Neither' },
    ];
    expect((await sandbox.call('ErpSync/ConnectActor', { ...link, FieldValues })).status).toBe(204);
    expect(await erpValue(sandbox, 'Phone')).toEqual(['+47 1']);
    expect(await crmValue(sandbox, 'Phone')).not.toBe('+47 1');
    expect(await crmValue(sandbox, 'OrgNr')).toBe('NO1');
    expect(await erpValue(sandbox, 'OrgNr')).not.toEqual(['NO1']);
    expect([await erpValue(sandbox, 'CustomerGroup'), await crmValue(sandbox, 'Category')]).toEqual([
      ['20'],
      '[I:3]',
    ]);
    expect(await crmValue(sandbox, 'Name')).toBe('Harbour Hotels');
    expect(await erpValue(sandbox, 'PaymentDays')).toEqual(['[I:30]']);
  });

  test.each([
    [
      'of a field that is not mapped',
      { CrmFieldKey: 'Turnover', Value: '[F:1]', SyncToErp: true },
      '"Turnover"',
    ],
    ['without a field', { Value: 'x' }, 'CrmFieldKey'],
    ['null', { CrmFieldKey: 'Phone', Value: null, SyncToErp: true }, 'Value'],
    [
      'not encoded as its type',
      { CrmFieldKey: 'CustomerSince', Value: '2017-11-09', SyncToCrm: true },
      '[D:',
    ],
    ['no item of the list', { CrmFieldKey: 'Category', Value: '99', SyncToErp: true }, 'list'],
    ['an item without counterpart', { CrmFieldKey: 'Category', Value: '30', SyncToCrm: true }, 'counterpart'],
  ])('when a value is %s then nothing is linked', async (_what, value, words) => {
    const sandbox = await open();
    await expectRefusal(sandbox, 'ErpSync/ConnectActor', { ...link, FieldValues: [value] }, words);
    expect(await resultOf(sandbox, 'ErpSync/CreateActorLink', link)).toBe(true);
  });
});

describe('breaking', () => {
  test('when one of two links is broken then the other and the internal key stay', async () => {
    const sandbox = await open();
    const given = { ErpConnectionId: 124, CrmRecordId: 12, CrmActorType: 'Contact' };
    expect(await resultOf(sandbox, 'ErpSync/BreakActorLink', given)).toBe(true);
    expect(await resynced(sandbox, 124, [100])).toEqual([]);
    expect(await resynced(sandbox, 125, [100])).toMatchObject([{ RecordId: 12 }]);
    expect(await resultOf(sandbox, 'ErpSync/BreakActorLink', given)).toBe(false);
  });

  test('when the last link is broken then the internal key is gone, and a new link has a new one', async () => {
    const sandbox = await open();
    const given = { ErpConnectionId: 124, CrmRecordId: 13, CrmActorType: 'Contact' };
    expect(await resultOf(sandbox, 'ErpSync/BreakActorLink', given)).toBe(true);
    expect(await resynced(sandbox, 0, [101])).toEqual([]);
    await resultOf(sandbox, 'ErpSync/CreateActorLink', { ...link, CrmRecordId: 13, ErpKey: 'C-10013' });
    expect(await resynced(sandbox, 0, [1001])).toMatchObject([{ RecordId: 13 }]);
  });

  test('when the connection is unknown then it is refused', async () => {
    await expectRefusal(
      await open(),
      'ErpSync/BreakActorLink',
      { ...company15, ErpConnectionId: 4711 },
      '4711',
    );
  });
});

describe('creating ERP actors', () => {
  const operation = 'ErpSync/CreateErpActorFromCrm';

  test('when it is created then it has the values of CRM, defaults and those given, and is linked', async () => {
    const sandbox = await open();
    const ErpFieldKeyValues = { CustomerGroup: '20', Phone: '+47 2' };
    expect(await resultOf(sandbox, operation, { ...create, ErpFieldKeyValues })).toBe(true);
    const keys = ['Name', 'Phone', 'CustomerGroup', 'PaymentDays', 'CreditLimit'];
    const given = { ErpConnectionId: 124, CrmActorType: 'Contact', EntityId: 15, FieldKeys: keys };
    expect(await resultOf(sandbox, 'ErpSync/GetErpFieldValues', given)).toEqual([
      'Harbour Hotels',
      '+47 2',
      '20',
      '[I:30]',
      '',
    ]);
    expect(await resynced(sandbox, 124, [1001])).toMatchObject([{ RecordId: 15 }]);
  });

  test('when the record is linked already then the answer is false', async () => {
    const sandbox = await open();
    expect(await resultOf(sandbox, operation, { ...create, CrmEntityId: 12 })).toBe(false);
  });

  test.each([
    ['a mandatory field has no value', { ErpFieldKeyValues: null }, 'CustomerGroup'],
    ['a field is unknown', { ErpFieldKeyValues: { Colour: 'red' } }, '"Colour"'],
    ['a field is read-only', { ErpFieldKeyValues: { CustomerGroup: '10', Balance: '[F:1]' } }, 'read-only'],
    ['a value is not encoded', { ErpFieldKeyValues: { CustomerGroup: '10', PaymentDays: '30' } }, '[I:123]'],
    ['the record is unknown', { CrmEntityId: 4711 }, 'Contact 4711 not found'],
    ['the connection is unknown', { ConnectionId: 4711 }, '4711 not found'],
  ])('when %s then it is refused', async (_when, changes, words) => {
    await expectRefusal(await open(), operation, { ...create, ...changes }, words);
  });
});
