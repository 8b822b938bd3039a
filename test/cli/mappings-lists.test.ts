/** List mappings: merged into a fresh read, an ERP item with one CRM item at most. */
import { describe, expect, test } from 'vitest';
import { ok } from '../support/connections-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { crmItem, lists, mappingsRunner } from '../support/mapping-server.ts';

const mappings = mappingsRunner();
const save = 'SaveConnectionListMappings';
const saving = (data: unknown) => ['save-lists', '--connection', '124', '--data', JSON.stringify(data)];
const [category] = lists.ErpListItemMappings;
const [domestic, abroad] = category?.ErpCrmListItemMappings ?? [];

/** The data for items of field 504. */
const items = (...given: object[]) => ({
  erpListItemMappings: [{ erpFieldId: 504, erpCrmListItemMappings: given }],
});
/** The lists with other items. */
const holding = (...all: unknown[]) => ({
  ...lists,
  ErpListItemMappings: [{ ...category, ErpCrmListItemMappings: all }],
});

describe.concurrent('save-lists', () => {
  test.each<[string, object, unknown]>([
    [
      'gets a counterpart',
      { erpListItemId: '20', crmListItem: { id: 3 } },
      [domestic, { ...abroad, CrmListItem: { Id: 3 } }],
    ],
    [
      'gets one that the server has shown',
      { erpListItemId: '20', crmListItem: { id: 1, name: 'edited' } },
      [domestic, { ...abroad, CrmListItem: crmItem(1, 'Customer') }],
    ],
    [
      'loses its counterpart',
      { erpListItemId: '10', crmListItem: null },
      [{ ...domestic, CrmListItem: null }, abroad],
    ],
    [
      'loses it by the id 0',
      { erpListItemId: '10', crmListItem: { id: 0 } },
      [{ ...domestic, CrmListItem: null }, abroad],
    ],
  ])('when an item %s then the others are sent as the server has them', async (_, given, sent) => {
    const { finished, bodiesOf } = await mappings(saving(items(given)), { [save]: ok(lists) });
    expect(finished).toMatchObject({ exitCode: 0 });
    expect(bodiesOf(save)).toEqual([{ ListMapping: holding(...(sent as unknown[])) }]);
  });

  test('when the output of lists is given back then nothing is sent', async () => {
    const { finished } = await mappings(['lists', '--connection', '124', '-o', 'json']);
    const again = await mappings(saving(documentOf(finished)));
    expect(again.finished).toMatchObject({ exitCode: 0 });
    expect(again.operations).toEqual(['GetConnectionListMappings']);
  });

  test.each<[string, unknown, number, string]>([
    ['a field that is not there', { erpListItemMappings: [{ erpFieldId: 9 }] }, 6, 'no mapped list field 9'],
    [
      'an item that is not there',
      items({ erpListItemId: '99', crmListItem: { id: 1 } }),
      6,
      'no ERP list item 99',
    ],
    [
      'an item twice',
      items({ erpListItemId: '20', crmListItem: { id: 1 } }, { erpListItemId: '20', crmListItem: { id: 3 } }),
      2,
      'ERP list item 20 in --data.erpListItemMappings[0].erpCrmListItemMappings is given twice',
    ],
    [
      'a field twice',
      { erpListItemMappings: [{ erpFieldId: 504 }, { erpFieldId: 504 }] },
      2,
      'mapped list field 504 in --data.erpListItemMappings is given twice',
    ],
    [
      'an item without id',
      items({ crmListItem: { id: 1 } }),
      2,
      'erpListItemId is missing: it says which ERP list item is meant; take it from what is shown by: erpsync mappings lists --connection 124',
    ],
    ['another connection', { erpConnectionId: 125 }, 2, '--connection'],
  ])('when %s is given then nothing is saved', async (_, data, exitCode, words) => {
    const { finished, operations } = await mappings(saving(data), { [save]: ok(lists) });
    expectRefusal(finished, exitCode, [words]);
    expect(operations).not.toContain(save);
  });

  test('when the server tells what the CRM list has then another item is refused', async () => {
    const CrmList = {
      ...crmItem(64, 'Category'),
      ChildItems: [crmItem(1, 'Customer'), crmItem(2, 'Partner')],
    };
    const told = { ...lists, ErpListItemMappings: [{ ...category, CrmList }] };
    const given = saving(items({ erpListItemId: '20', crmListItem: { id: 77 } }));
    const { finished, operations } = await mappings(given, { GetConnectionListMappings: ok(told) });
    expectRefusal(finished, 6, [
      'there is no item 77 in the CRM list',
      'and nothing was sent; see which there are: erpsync mappings lists --connection 124',
    ]);
    expect(operations).not.toContain(save);
  });

  test('when an item is mapped twice and one counterpart is given then it is there once', async () => {
    const twice = holding(domestic, { ...domestic, CrmListItem: crmItem(3, 'Supplier') }, abroad);
    const given = saving(items({ erpListItemId: '10', crmListItem: { id: 1 } }));
    const { bodiesOf } = await mappings(given, { GetConnectionListMappings: ok(twice), [save]: ok(lists) });
    expect(bodiesOf(save)).toEqual([{ ListMapping: lists }]);
  });

  test('when it is a dry run then the difference is shown and nothing is saved', async () => {
    const given = saving(items({ erpListItemId: '10', crmListItem: null }));
    const { finished, operations } = await mappings([...given, '--dry-run', '-o', 'json']);
    const field = 'erpListItemMappings[504].erpCrmListItemMappings[10].crmListItem';
    expect(documentOf(finished)).toMatchObject({ changes: [{ field, before: 1, after: 0 }] });
    expect(operations).toEqual(['GetConnectionListMappings']);
  });
});

test('when there is no such connection then lists says so', async () => {
  const { finished } = await mappings(['lists', '--connection', '9'], {
    GetConnectionListMappings: ok(null),
  });
  expectRefusal(finished, 6, ['there is no ERP connection 9']);
});
