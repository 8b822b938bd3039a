/** The Archive agent: encoded values, pages that count from 0, restrictions as objects. */
import { describe, expect, test } from 'vitest';
import { expectRefusal, type Fixture, open, resultOf } from './sandbox-fixture.ts';

interface Item {
  readonly EntityName: string;
  readonly PrimaryKey: number;
  readonly ColumnData: Readonly<Record<string, { readonly DisplayValue: string }>>;
}

const byColumns = {
  ProviderName: 'Dynamic',
  Columns: ['erpexternalkey.ErpKey'],
  SortOrder: [],
  Restriction: [],
  Entities: [],
  Page: 0,
  PageSize: 100,
};
const byTexts = {
  ProviderName: 'Dynamic',
  Columns: 'erpexternalkey.ErpKey',
  SortOrder: '',
  Restrictions: '',
  Entities: '',
  Page: 0,
  PageSize: 100,
};

function ofConnection(id: string, more: object = {}) {
  return {
    Name: 'erpexternalkey.ErpConnectionId',
    Operator: 'equals',
    Values: [id],
    IsActive: true,
    ...more,
  };
}

function items(sandbox: Fixture, changes: object): Promise<readonly Item[]> {
  return resultOf(sandbox, 'Archive/GetArchiveListByColumns', { ...byColumns, ...changes });
}

async function keys(sandbox: Fixture, changes: object): Promise<readonly number[]> {
  return (await items(sandbox, changes)).map(({ PrimaryKey }) => PrimaryKey);
}

describe('GetArchiveListByColumns', () => {
  test('when a row comes then its values are encoded, texts bare, with the members of every carrier', async () => {
    const sandbox = await open();
    const cell = { TooltipHint: '', LinkHint: '', TableRight: null, FieldProperties: {} };
    expect(
      await items(sandbox, {
        Columns: ['erpexternalkey.ErpInternalKeyId', 'erpexternalkey.ErpKey'],
        PageSize: 1,
      }),
    ).toEqual([
      {
        EntityName: 'erpexternalkey',
        PrimaryKey: 2001,
        ColumnData: {
          'erpexternalkey.ErpInternalKeyId': { DisplayValue: '[I:100]', ...cell },
          'erpexternalkey.ErpKey': { DisplayValue: 'C-10012', ...cell },
        },
        LinkHint: '',
        StyleHint: '',
        TableRight: null,
        FieldProperties: {},
      },
    ]);
  });

  test('when a value is a flag or a time then it is encoded as such', async () => {
    const sandbox = await open();
    const connections = { ProviderName: 'ErpConnection', Columns: ['active'] };
    expect((await items(sandbox, connections)).map((row) => row.ColumnData['active']?.DisplayValue)).toEqual([
      '[I:1]',
      '[I:1]',
      '[I:0]',
    ]);
    const tasks = { ProviderName: 'BatchTasks', Columns: ['registeredDate', 'LastStarted'], PageSize: 1 };
    expect((await items(sandbox, tasks))[0]?.ColumnData['registeredDate']?.DisplayValue).toBe(
      '[DT:01/15/2026 07:30:00]',
    );
  });

  test('when pages are asked for then they count from 0, and one behind the last is empty', async () => {
    const sandbox = await open();
    expect(await keys(sandbox, { Page: 0, PageSize: 5 })).toEqual([2001, 2002, 2003, 2004, 2005]);
    expect(await keys(sandbox, { Page: 2, PageSize: 5 })).toEqual([2011, 2012]);
    expect(await keys(sandbox, { Page: 3, PageSize: 5 })).toEqual([]);
    expect(await keys(sandbox, { Page: 0, PageSize: 0 })).toHaveLength(12);
  });

  test('when an order is given then it holds', async () => {
    const sandbox = await open();
    const SortOrder = [{ Name: 'erpexternalkey.ErpKey', Direction: 'DESC' }];
    expect(await keys(sandbox, { SortOrder, PageSize: 2 })).toEqual([2012, 2004]);
  });

  test.each([
    ['plain', [ofConnection('126')], [2012]],
    ['encoded', [ofConnection('[I:126]')], [2012]],
    ['not active, so that it has no influence', [ofConnection('126', { IsActive: false })], 12],
    ['of unknown activity', [ofConnection('126', { IsActive: undefined })], 12],
    ['one of two that are joined by And', [ofConnection('126'), ofConnection('124')], []],
    [
      'one of two that are joined by Or',
      [
        ofConnection('126', { InterOperator: 'Or' }),
        { ...ofConnection('P-77', { InterOperator: 'Or' }), Name: 'erpexternalkey.ErpKey', Operator: 'is' },
      ],
      [2008, 2012],
    ],
  ])('when a restriction is %s then the right rows come', async (_, Restriction, expected) => {
    const sandbox = await open();
    const found = await keys(sandbox, { Restriction });
    expect(typeof expected === 'number' ? found.length : found).toEqual(expected);
  });

  test.each([
    ['true', [124, 125]],
    ['[I:1]', [124, 125]],
    ['1', [124, 125]],
    ['[I:0]', [126]],
  ])('when a restriction on a flag is %s then the right rows come', async (value, expected) => {
    const sandbox = await open();
    const active = { Name: 'active', Operator: 'set', Values: [value], IsActive: true };
    const connections = { ProviderName: 'ErpConnection', Columns: ['active'], Restriction: [active] };
    expect(await keys(sandbox, connections)).toEqual(expected);
  });

  test.each([
    ['grouped', { Restriction: [ofConnection('126', { InterParenthesis: 1 })] }, 'grouped'],
    [
      'joined by And and by Or',
      { Restriction: [ofConnection('126', { InterOperator: 'Or' }), ofConnection('124')] },
      'cannot be mixed',
    ],
    ['without an operator', { Restriction: [ofConnection('126', { Operator: null })] }, 'is empty'],
    ['of no number', { Restriction: [ofConnection('many')] }, 'takes one whole number'],
    ['before the first page', { Page: -1 }, 'count from 0'],
    ['for less than no rows', { PageSize: -1 }, 'no number of rows'],
    ['without columns', { Columns: [] }, 'no columns'],
    ['of no archive', { ProviderName: 'Contact' }, 'no archive "Contact"'],
  ])('when a query is %s then it is refused', async (_, changes, words) => {
    const sandbox = await open();
    await expectRefusal(sandbox, 'Archive/GetArchiveListByColumns', { ...byColumns, ...changes }, words);
  });
});

describe('the form of texts', () => {
  test('when columns, order and restrictions are texts then they are read as in a URL', async () => {
    const sandbox = await open();
    const rows = await resultOf<readonly Item[]>(sandbox, 'Archive/GetArchiveListByColumns2', {
      ...byTexts,
      Columns: 'erpexternalkey.ErpKey, erpexternalkey.ErpInternalKeyId',
      SortOrder: 'erpexternalkey.erpexternalkey_id desc',
      Restrictions: 'erpexternalkey.ErpConnectionId eq 124',
      Page: 1,
      PageSize: 4,
    });
    expect(rows.map(({ ColumnData }) => ColumnData['erpexternalkey.ErpInternalKeyId']?.DisplayValue)).toEqual(
      ['[I:101]', '[I:100]'],
    );
  });

  test('when a connection is deleted then its row comes only under the entity that says so', async () => {
    const sandbox = await open();
    const connections = { ...byTexts, ProviderName: 'ErpConnection', Columns: 'name,connector/url' };
    const names = async (Entities: string) => {
      const rows = await resultOf<readonly Item[]>(sandbox, 'Archive/GetArchiveListByColumns2', {
        ...connections,
        Entities,
      });
      return rows.map(({ EntityName, PrimaryKey }) => `${EntityName} ${PrimaryKey}`);
    };
    expect(await names('')).toEqual(['erpConnection 124', 'erpConnection 125', 'erpConnection 126']);
    expect(await names('deleted')).toEqual(['deleted 127']);
    expect(await names('ErpConnection, Deleted')).toHaveLength(4);
  });

  test('when columns are asked for then they tell how they can be used', async () => {
    const sandbox = await open();
    const columns = await resultOf<readonly { readonly Name: string }[]>(
      sandbox,
      'Archive/GetAvailableColumns',
      {
        ProviderName: 'erpsynclog',
        Context: '',
      },
    );
    expect(columns.map(({ Name }) => Name)).toEqual([
      'getAllRows',
      'getNoRows',
      'id',
      'connection',
      'source',
      'target',
      'crmfieldkey',
      'oldvalue',
      'newvalue',
      'updated',
    ]);
    expect(columns[9]).toMatchObject({ RestrictionType: 'string', CanOrderBy: true, CanRestrictBy: true });
    expect(columns[2]).toMatchObject({ RestrictionType: null, CanOrderBy: false, CanRestrictBy: false });
  });
});
