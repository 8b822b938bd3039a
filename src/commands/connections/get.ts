import { askDeclaredFields, typesOf } from '../../agent/config-fields.ts';
import { mask, maskConfigFields } from '../../agent/config-secrets.ts';
import { readConnection } from '../../agent/connections.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { details } from '../../output/details.ts';
import { connectionId, connectionItem, yesNo } from './shown-connection.ts';

export default defineCommand({
  path: ['connections', 'get'],
  summary: 'show one ERP connection, passwords masked',
  description: [
    'Which configuration fields are passwords is asked from the connector; a field of unknown type is masked too.',
  ],
  effect: 'read',
  arguments: { id: argument(connectionId, 'the id of the connection') },
  flags: { showSecrets: toggle('show passwords'), ...connectionFlags },
  examples: [
    { run: 'erpsync connections get 124', why: 'its names, access and configuration fields' },
    {
      run: 'erpsync connections get 124 -o json',
      why: 'every member, under the name that connections save takes it by',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ id, showSecrets, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const connection = await readConnection(client, id);
      const fields = connection.ConfigFields ?? {};
      const ask = !showSecrets && Object.keys(fields).length > 0;
      const declared = ask ? await askDeclaredFields(client, connection.ErpConnectorId ?? 0) : [];
      return {
        ...connectionItem(connection),
        userGroupAccessIds: connection.UserGroupAccessIds ?? [],
        associateAccessIds: connection.AssociateAccessIds ?? [],
        configFields: showSecrets ? fields : maskConfigFields(fields, typesOf(declared)),
      };
    });
  },
  render(connection, style) {
    const { configFields, userGroupAccessIds, associateAccessIds } = connection;
    const access = [
      `user groups ${userGroupAccessIds.join(', ')}`,
      `associates ${associateAccessIds.join(', ')}`,
    ];
    return details(
      [
        ['id', String(connection.id ?? '')],
        ['name', connection.name],
        ['description', connection.description],
        ['active', yesNo(connection.active)],
        ['deleted', yesNo(connection.deleted)],
        ['connector', String(connection.connectorId ?? '')],
        ['guid', connection.guid ?? ''],
        ['most recent timestamp', connection.mostRecentTimestamp ?? ''],
        ['access', connection.allAccess === true ? 'everyone' : access.join('; ')],
        ...Object.entries(configFields).map(([key, value]): [string, string] => [
          `config: ${key}`,
          value ?? '',
        ]),
        ...(Object.values(configFields).includes(mask)
          ? [['', 'masked; --show-secrets shows it'] as const]
          : []),
      ],
      style,
    );
  },
});
