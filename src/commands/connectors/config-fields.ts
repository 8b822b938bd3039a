import { readDeclaredFields } from '../../agent/config-fields.ts';
import { mask } from '../../agent/config-secrets.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { table } from '../../output/table.ts';
import { nameOf } from '../connections/shown-connection.ts';
import { connectorId } from './shown-connector.ts';

export default defineCommand({
  path: ['connectors', 'config-fields'],
  summary: 'list the configuration that a connector asks of each of its connections',
  effect: 'read',
  arguments: { id: argument(connectorId, 'the id of the connector') },
  flags: { showSecrets: toggle('show the default values of passwords'), ...connectionFlags },
  examples: [
    { run: 'erpsync connectors config-fields 17', why: 'what a new connection has to be given' },
    { run: 'erpsync connectors config-fields 17 -o json', why: 'all that the connector says of each field' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  idColumn: 'key',
  async run({ id, showSecrets, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const fields = await readDeclaredFields(client, id);
      return {
        items: fields.map((field) => {
          const type = field.FieldType ?? null;
          const isOpen = showSecrets || (type !== null && type !== 'Password');
          const value = field.DefaultValue ?? '';
          return {
            key: field.FieldKey ?? '',
            name: nameOf(field.DisplayName),
            description: nameOf(field.DisplayDescription),
            type,
            access: field.Access ?? null,
            mandatory: field.Access === 'Mandatory',
            default: isOpen || value === '' ? value : mask,
            list: field.ListName ?? '',
            maxLength: field.MaxLength ?? null,
          };
        }),
      };
    });
  },
  render({ items }, style) {
    if (items.length === 0) return 'The connector asks for no configuration.';
    return table(
      items,
      [
        { heading: 'key', cell: ({ key }) => key, whole: true },
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'type', cell: ({ type }) => type ?? 'unknown' },
        { heading: 'mandatory', cell: ({ mandatory }) => (mandatory ? 'yes' : 'no') },
        { heading: 'default', cell: ({ default: value }) => value },
        { heading: 'list', cell: ({ list }) => list },
        { heading: 'description', cell: ({ description }) => description },
      ],
      style,
    );
  },
});
