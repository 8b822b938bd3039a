import { crmTypes } from '../../agent/links.ts';
import { knowingIds } from '../../agent/unknown-ids.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { choice, wholeNumber } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { table } from '../../output/table.ts';
import { nameOf, yesNo } from './shown-connection.ts';

export default defineCommand({
  path: ['connections', 'records'],
  summary: 'show which ERP connections a CRM record is linked in',
  effect: 'read',
  arguments: {
    crmType: argument(
      choice('crm-type', ['company', 'person', 'project', 'sale']),
      'company, person, project or sale',
    ),
    id: argument(wholeNumber('id', 1, 2 ** 31 - 1), 'the id of the record in SuperOffice'),
  },
  flags: connectionFlags,
  examples: [
    { run: 'erpsync connections records company 959', why: 'where company 959 is linked' },
    { run: 'erpsync connections records person 77 -o json', why: 'the same of a person, for a script' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  idColumn: 'id',
  async run({ crmType, id, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const record = { word: crmType, type: crmTypes[crmType], id };
      const given = { CrmActorType: record.type, EntityId: id };
      const read = () => client.read('GetConnectionsAndDisplayFields', given);
      const found = await knowingIds(client, { record }, read);
      const items = (found ?? []).flatMap((data) => (data === null ? [] : [data]));
      return {
        items: items.map((data) => ({
          id: data.ErpConnectionId ?? null,
          name: nameOf(data.ConnectionName),
          connected: data.Connected ?? null,
          actorType: data.ErpActorType ?? null,
          actorTypes: data.ErpActorTypes ?? [],
          fields: (data.ErpFields ?? []).map((field) => ({
            key: field?.FieldKey ?? null,
            name: nameOf(field?.DisplayName),
          })),
        })),
      };
    });
  },
  render({ items }, style) {
    if (items.length === 0) return 'No ERP connection has this type of record.';
    return table(
      items,
      [
        { heading: 'id', cell: ({ id }) => String(id ?? '') },
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'linked', cell: ({ connected }) => yesNo(connected) },
        { heading: 'actor', cell: ({ actorType }) => actorType ?? '' },
        {
          heading: 'fields',
          cell: ({ fields }) => fields.map(({ name, key }) => name || (key ?? '')).join(', '),
        },
      ],
      style,
    );
  },
});
