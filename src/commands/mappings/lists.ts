import type { MDOListItemValue } from '../../agent/carriers.ts';
import { itemsOf, listsOf, readListMappings } from '../../agent/list-mappings.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { required } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { table } from '../../output/table.ts';
import { nameOf } from '../connections/shown-connection.ts';
import { connectionValue } from '../links/link-flags.ts';

export default defineCommand({
  path: ['mappings', 'lists'],
  summary: 'show which items of ERP lists go with which items of CRM lists',
  description: ['The output of -o json can be edited and given to mappings save-lists.'],
  effect: 'read',
  arguments: {},
  flags: { connection: required(connectionValue, 'the id of the ERP connection'), ...connectionFlags },
  examples: [
    { run: 'erpsync mappings lists --connection 124', why: 'all mapped lists of the connection' },
    {
      run: 'erpsync mappings lists --connection 124 -o json',
      why: 'the same, as mappings save-lists takes it',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ connection, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const found = await readListMappings(client, connection);
      return {
        erpConnectionId: found.ErpConnectionId ?? connection,
        erpConnectionName: found.ErpConnectionName ?? '',
        erpListItemMappings: listsOf(found).map((list) => ({
          erpFieldId: list.ErpFieldId ?? null,
          erpActorTypeName: list.ErpActorTypeName ?? '',
          erpListName: list.ErpListName ?? '',
          crmList: idAndName(list.CrmList),
          erpCrmListItemMappings: itemsOf(list).map((item) => ({
            erpListItemId: item.ErpListItemId ?? '',
            erpListItemName: item.ErpListItemName ?? '',
            crmListItem: idAndName(item.CrmListItem),
          })),
        })),
      };
    });
  },
  render({ erpListItemMappings: lists }, style) {
    if (lists.length === 0) return 'No list field is mapped.';
    const rows = lists.flatMap(({ erpCrmListItemMappings: items, ...list }) =>
      items.map((item) => ({ list, item })),
    );
    return table(
      rows,
      [
        { heading: 'field', cell: ({ list }) => String(list.erpFieldId ?? '') },
        { heading: 'actor', cell: ({ list }) => list.erpActorTypeName },
        { heading: 'erp list', cell: ({ list }) => list.erpListName },
        { heading: 'erp item', cell: ({ item }) => item.erpListItemId },
        { heading: 'name', cell: ({ item }) => nameOf(item.erpListItemName) },
        { heading: 'crm list', cell: ({ list }) => nameOf(list.crmList?.name) },
        { heading: 'crm item', cell: ({ item }) => String(item.crmListItem?.id ?? '') },
        { heading: 'crm name', cell: ({ item }) => nameOf(item.crmListItem?.name) },
      ],
      style,
    );
  },
});

/** What tells an item; null if there is none. Id 0 stands for none on the wire. */
function idAndName(item: MDOListItemValue | null | undefined) {
  return item?.Id ? { id: item.Id, name: item.Name ?? '' } : null;
}
