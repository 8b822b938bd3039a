/** Mappings are checked without changing anything. */
import { describe, expect, test } from 'vitest';
import { ok, visma } from '../support/connections-runner.ts';
import { documentOf } from '../support/expectations.ts';
import { crmItem, customers, fax, lists, mappingsRunner } from '../support/mapping-server.ts';

const mappings = mappingsRunner();
const summary = ok({ Actors: [{ ActorType: 'Customer' }] });
const with501 = (more: object) => ok({ ...customers, FieldMappings: [{ ...fax, ...more }] });
const one = ['check', '--connection', '124'];

describe.concurrent('check', () => {
  test.each<[string, object, string]>([
    ['the ERP system', { MissingInERP: true }, 'is missing in the ERP system'],
    ['SuperOffice', { MissingInCRM: true }, 'is missing in SuperOffice'],
    ['both', { MissingInERP: true, MissingInCRM: true }, 'is missing in the ERP system and SuperOffice'],
  ])('when a mapped field is missing in %s then it is named and the code is 6', async (_, more, words) => {
    const { finished, operations } = await mappings(one, {
      GetErpSyncConnectionSummary: summary,
      GetActorTypeMapping: with501(more),
    });
    expect(finished).toMatchObject({ exitCode: 6 });
    expect(finished.stdout).toContain(`ERP field Fax (501), mapped to Fax, ${words}`);
    expect(operations.filter((name) => !name.startsWith('Get'))).toEqual([]);
  });

  test('when the mapping is not active then its missing field is named too, as of an inactive one', async () => {
    const { finished } = await mappings(one, {
      GetErpSyncConnectionSummary: summary,
      GetActorTypeMapping: ok({
        ...customers,
        IsActive: false,
        FieldMappings: [{ ...fax, MissingInCRM: true }],
      }),
    });
    expect(finished).toMatchObject({ exitCode: 6 });
    expect(finished.stdout).toContain('Customer (not active): ERP field Fax');
  });

  test.each([{ MissingInERP: false }, { MissingInERP: true, CrmFieldKey: '' }])(
    'when a field is %j then it is no fault',
    async (more) => {
      const { finished } = await mappings(one, {
        GetErpSyncConnectionSummary: summary,
        GetActorTypeMapping: with501(more),
      });
      expect(finished).toMatchObject({ exitCode: 0, stdout: 'All mapped fields are there (1 mappings).\n' });
    },
  );

  test('when the summary names no actor types then every one is looked at', async () => {
    const { finished, bodiesOf } = await mappings([...one, '-o', 'json'], {
      GetErpSyncConnectionSummary: ok({ Actors: null }),
      GetActorTypeMapping: [with501({ MissingInERP: true }), ok(null)],
    });
    expect(finished).toMatchObject({ exitCode: 6 });
    expect(documentOf(finished)).toMatchObject({ mappings: 1, items: [{ missingInErp: true }] });
    expect(bodiesOf('GetActorTypeMapping')).toHaveLength(7);
  });

  test('when no connection is given then all active ones are checked, and no others', async () => {
    const { finished, bodiesOf } = await mappings(['check', '-o', 'json'], {
      GetAllConnections: ok([
        visma,
        { ...visma, ErpConnectionId: 125, Active: false },
        { ...visma, ErpConnectionId: 126 },
        { ...visma, ErpConnectionId: 127, Deleted: true },
      ]),
      GetErpSyncConnectionSummary: summary,
      GetActorTypeMapping: with501({ MissingInERP: true }),
    });
    expect(documentOf(finished)).toMatchObject({ items: [{ connectionId: 124 }, { connectionId: 126 }] });
    expect(bodiesOf('GetErpSyncConnectionSummary')).toEqual([
      { ErpSyncConnectionId: 124 },
      { ErpSyncConnectionId: 126 },
    ]);
  });

  test('when an ERP item goes with two CRM items then both are named and the code is 6', async () => {
    const [category] = lists.ErpListItemMappings;
    const [domestic] = category?.ErpCrmListItemMappings ?? [];
    const double = { ...domestic, CrmListItem: crmItem(3, 'Supplier') };
    const twice = { ...category, ErpCrmListItemMappings: [domestic, double] };
    const { finished } = await mappings(one, {
      GetErpSyncConnectionSummary: summary,
      GetConnectionListMappings: ok({ ...lists, ErpListItemMappings: [twice] }),
    });
    expect(finished).toMatchObject({ exitCode: 6 });
    expect(finished.stdout).toContain('item 10 "Domestic" of the ERP list CustomerGroup');
    expect(finished.stdout).toContain('is mapped to Customer (1) and Supplier (3)');
  });
});
