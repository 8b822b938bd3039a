/** The dynamic archive: internal and external keys, joined in dot syntax. */
import { describe, expect, test } from 'vitest';
import { keysOf, query, rowsOf } from './archive-fixture.ts';
import { admin, open, resultOf } from './sandbox-fixture.ts';

const linksOf124 = {
  $select:
    'erpexternalkey.ErpInternalKeyId,erpexternalkey.ErpKey,erpexternalkey.ActorType,erpexternalkey.ErpInternalKeyId.tableId,erpexternalkey.ErpInternalKeyId.recordId',
  $filter: 'erpexternalkey.ErpConnectionId eq 124',
  $orderBy: 'erpexternalkey.erpexternalkey_id',
  $top: '1000',
  $skip: '0',
};

describe('internal keys', () => {
  test('when the links of a connection are asked for then each comes with its internal key and its record', async () => {
    const sandbox = await open();
    const rows = await rowsOf(sandbox, 'dynamic', linksOf124);
    expect(rows.map((row) => row['erpexternalkey.ErpInternalKeyId'])).toEqual([100, 101, 102, 204, 301, 959]);
    expect(rows[3]).toEqual({
      PrimaryKey: '2006',
      EntityName: 'erpexternalkey',
      'erpexternalkey.ErpInternalKeyId': 204,
      'erpexternalkey.ErpKey': 'C-10959',
      'erpexternalkey.ActorType': 1,
      'erpexternalkey.ErpInternalKeyId.tableId': 5,
      'erpexternalkey.ErpInternalKeyId.recordId': 959,
    });
  });

  test('when a company is looked up then the row is its internal key, which is another number', async () => {
    const sandbox = await open();
    const rows = await rowsOf(sandbox, 'Dynamic', {
      $select: 'erpinternalkey.erpinternalkey_id,erpinternalkey.recordId[contact].name',
      $filter: 'erpinternalkey.tableId eq 5 and erpinternalkey.recordId eq 959',
    });
    expect(rows).toEqual([
      {
        PrimaryKey: '204',
        EntityName: 'erpinternalkey',
        'erpinternalkey.erpinternalkey_id': 204,
        'erpinternalkey.recordId[contact].name': 'Midsummer Foods AB',
      },
    ]);
  });

  test('when a link is made then it has keys of its own, and when it is broken then they are gone', async () => {
    const sandbox = await open();
    const link = { ErpConnectionId: 124, CrmRecordId: 15, CrmActorType: 'Contact' };
    const key10015 = {
      $select: 'erpexternalkey.ErpInternalKeyId',
      $filter: "erpexternalkey.ErpKey is 'C-10015'",
    };
    await resultOf(sandbox, 'ErpSync/CreateActorLink', {
      ...link,
      ErpKey: 'C-10015',
      ErpActorType: 'Customer',
    });
    expect(await rowsOf(sandbox, 'Dynamic', key10015)).toMatchObject([
      { PrimaryKey: '3001', 'erpexternalkey.ErpInternalKeyId': 1001 },
    ]);
    await resultOf(sandbox, 'ErpSync/BreakActorLink', link);
    expect(await rowsOf(sandbox, 'Dynamic', key10015)).toEqual([]);
  });
});

describe('joins', () => {
  test('when a joined record is not there then an outer join leaves its field out and an inner one drops the row', async () => {
    const sandbox = await open();
    const project5 = { $filter: 'erpinternalkey.tableId eq 11' };
    expect(
      await rowsOf(sandbox, 'Dynamic', {
        ...project5,
        $select: 'erpinternalkey.recordId[contact].name',
      }),
    ).toEqual([
      { PrimaryKey: '401', EntityName: 'erpinternalkey', 'erpinternalkey.recordId[contact].name': null },
    ]);
    expect(
      await rowsOf(sandbox, 'Dynamic', {
        ...project5,
        $select: 'erpinternalkey:recordId[contact].name',
      }),
    ).toEqual([]);
  });

  test('when joins follow one another then the last one has the field', async () => {
    const sandbox = await open();
    const [row] = await rowsOf(sandbox, 'Dynamic', {
      $select:
        'erpexternalkey.ErpConnectionId.DisplayName,erpexternalkey.ErpConnectionId.ErpConnectorId.URL,erpexternalkey:ErpInternalKeyId.recordId[person].lastname',
      $filter: "erpexternalkey:ErpInternalKeyId.recordId[person].lastname begins 'm'",
    });
    expect(row).toMatchObject({
      'erpexternalkey.ErpConnectionId.DisplayName': 'Business Central',
      'erpexternalkey.ErpConnectionId.ErpConnectorId.URL': expect.stringContaining('business-central'),
      'erpexternalkey:ErpInternalKeyId.recordId[person].lastname': 'Møller',
    });
  });

  test('when names are written in another case then the answer has them as they were asked for', async () => {
    const sandbox = await open();
    const [row] = await rowsOf(sandbox, 'DYNAMIC', { $select: 'ERPINTERNALKEY.RECORDID', $top: '1' });
    expect(row).toEqual({ PrimaryKey: '100', EntityName: 'erpinternalkey', 'ERPINTERNALKEY.RECORDID': 12 });
  });

  test.each([
    ['another table at its start', 'erpinternalkey.tableId,contact.name', 'begins at contact'],
    ['an unknown table', 'nosuchtable.id', 'no table "nosuchtable"'],
    ['an unknown field', 'erpinternalkey.nosuchfield', 'no field "nosuchfield"'],
    ['a join along what is no foreign key', 'erpinternalkey.recordId.name', 'no foreign key'],
    ['a join along a text', 'erpexternalkey.ErpKey[contact].name', 'no number'],
    ['a right join', 'erpinternalkey.(erpexternalkey->ErpInternalKeyId).ErpKey', 'is no column'],
    ['a field behind a colon', 'erpinternalkey:tableId', 'is no column'],
    ['an aggregate', 'Count(erpinternalkey.tableId):Footer', 'is no column'],
    ['no columns at all', '', 'no columns'],
  ])('when there is %s then it is refused', async (_, $select, words) => {
    const sandbox = await open();
    const { status, json } = await query(sandbox, 'Dynamic', { $select });
    expect([status, json]).toEqual([
      500,
      expect.objectContaining({ Error: true, ErrorMessage: expect.stringContaining(words) }),
    ]);
  });
});

describe('order and pages', () => {
  const all = { $select: 'erpinternalkey.recordId' };

  test('when no order is asked for then rows come by primary key', async () => {
    const sandbox = await open();
    expect(await keysOf(sandbox, 'Dynamic', all)).toEqual([
      '100',
      '101',
      '102',
      '204',
      '301',
      '302',
      '401',
      '959',
    ]);
  });

  test('when another order is asked for then it holds, and the primary key decides between equals', async () => {
    const sandbox = await open();
    const $orderBy = 'erpinternalkey.tableId desc, erpinternalkey.recordId[contact].name';
    expect(await keysOf(sandbox, 'Dynamic', { ...all, $orderBy })).toEqual([
      '401',
      '301',
      '302',
      '102',
      '101',
      '959',
      '204',
      '100',
    ]);
  });

  test('when the primary key descends then the last row is the first', async () => {
    const sandbox = await open();
    const $orderBy = 'erpinternalkey.erpinternalkey_id desc';
    expect(await keysOf(sandbox, 'Dynamic', { ...all, $orderBy, $top: '2' })).toEqual(['959', '401']);
  });

  test('when there are more rows then a link leads from page to page to the last one', async () => {
    const sandbox = await open();
    const found: unknown[] = [];
    let pages = 0;
    let link: string | null =
      `${sandbox.url}/api/v1/Archive/Dynamic?${new URLSearchParams({ ...all, $top: '3' })}`;
    while (link !== null) {
      const { json } = await sandbox.send(link.slice(sandbox.url.length), {
        headers: { Authorization: admin },
      });
      const page = json as { 'odata.nextLink': string | null; value: { PrimaryKey: string }[] };
      found.push(...page.value.map(({ PrimaryKey }) => PrimaryKey));
      link = page['odata.nextLink'];
      pages++;
    }
    expect([found, pages]).toEqual([['100', '101', '102', '204', '301', '302', '401', '959'], 3]);
  });
});
