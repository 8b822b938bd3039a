import { askDeclaredFields, typesOf } from '../../agent/config-fields.ts';
import { mask, maskConfigFields } from '../../agent/config-secrets.ts';
import { readConnection } from '../../agent/connections.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { table } from '../../output/table.ts';
import { connectionId, nameOf, yesNo } from './shown-connection.ts';

export default defineCommand({
  path: ['connections', 'config-fields'],
  summary: 'show the configuration of an ERP connection field by field, passwords masked',
  description: [
    'The fields that its connector asks for, each with its value, and those that it has besides. A field of',
    'unknown type is masked too.',
  ],
  effect: 'read',
  arguments: { id: argument(connectionId, 'the id of the connection') },
  flags: { showSecrets: toggle('show passwords'), ...connectionFlags },
  examples: [
    {
      run: 'erpsync connections config-fields 124',
      why: 'its configuration, and which fields are mandatory',
    },
    {
      run: 'erpsync connections config-fields 124 -o json',
      why: 'all that is known of each field, for a script',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  idColumn: 'key',
  async run({ id, showSecrets, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const connection = await readConnection(client, id);
      const values = (await client.read('GetErpConnectionConfigFields', { ErpConnectionId: id })) ?? {};
      const fields = await askDeclaredFields(client, connection.ErpConnectorId ?? 0);
      const shown = new Map(Object.entries(showSecrets ? values : maskConfigFields(values, typesOf(fields))));
      const declared = fields.map(({ FieldKey, DisplayName, FieldType, Access }) => ({
        key: FieldKey ?? '',
        name: nameOf(DisplayName),
        type: FieldType ?? null,
        mandatory: Access === 'Mandatory',
        declared: true,
        value: shown.get(FieldKey ?? '') ?? null,
      }));
      const others = [...shown]
        .filter(([key]) => !declared.some((field) => field.key === key))
        .map(([key, value]) => ({ key, name: '', type: null, mandatory: false, declared: false, value }));
      return { items: [...declared, ...others] };
    });
  },
  render({ items }, style) {
    if (items.length === 0) return 'The connection has no configuration fields.';
    const shown = table(
      items,
      [
        { heading: 'key', cell: ({ key }) => key, whole: true },
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'type', cell: ({ type }) => type ?? 'unknown' },
        { heading: 'mandatory', cell: ({ mandatory, declared }) => (declared ? yesNo(mandatory) : '') },
        { heading: 'value', cell: ({ value }) => value ?? '' },
      ],
      style,
    );
    const masked = items.some(({ value }) => value === mask);
    return masked ? `${shown}\n\nPasswords are masked; --show-secrets shows them.` : shown;
  },
});
