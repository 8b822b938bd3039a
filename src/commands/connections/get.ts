import type { AgentClient } from '../../agent/client.ts';
import { type ConfigFieldTypes, mask, maskConfigFields } from '../../agent/config-secrets.ts';
import { readConnection } from '../../agent/connections.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { details } from '../../output/plain-value.ts';
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
  examples: [{ run: 'erpsync connections get 124', why: 'its names, access and configuration fields' }],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ id, showSecrets, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const connection = await readConnection(client, id);
      const fields = connection.ConfigFields ?? {};
      const ask = !showSecrets && Object.keys(fields).length > 0;
      const types = ask ? await fieldTypes(client, connection.ErpConnectorId ?? 0) : undefined;
      return {
        ...connectionItem(connection),
        userGroupAccessIds: connection.UserGroupAccessIds ?? [],
        associateAccessIds: connection.AssociateAccessIds ?? [],
        configFields: showSecrets ? fields : maskConfigFields(fields, types),
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

/** Types of the connector's fields; none if it cannot be asked, so that everything is masked. */
async function fieldTypes(client: AgentClient, connectorId: number): Promise<ConfigFieldTypes> {
  const { outcome } = await client.call('GetConfigurationFields', { ErpConnectorId: connectorId });
  if (outcome.kind !== 'accepted') return new Map();
  return new Map(
    (outcome.value ?? []).flatMap((field): [string, string][] =>
      field?.FieldKey && field.FieldType ? [[field.FieldKey, field.FieldType]] : [],
    ),
  );
}
