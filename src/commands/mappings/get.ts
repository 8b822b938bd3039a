import { fieldsOf, readMapping } from '../../agent/field-mappings.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { required } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { table } from '../../output/table.ts';
import { nameOf } from '../connections/shown-connection.ts';
import { actorTypeName, connectionValue } from '../links/link-flags.ts';
import { camelCased } from './mapping-form.ts';

export default defineCommand({
  path: ['mappings', 'get'],
  summary: 'show which ERP fields of an actor type go with which CRM fields',
  description: ['The output of -o json can be edited and given to mappings save.'],
  effect: 'read',
  arguments: {},
  flags: {
    connection: required(connectionValue, 'the id of the ERP connection'),
    actorType: required(actorTypeName, 'the actor type'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync mappings get --connection 124 --actor-type Customer', why: 'the fields of customers' },
    {
      run: 'erpsync mappings get --connection 124 --actor-type Customer -o json',
      why: 'the same, as mappings save takes it',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ connection, actorType, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const mapping = await readMapping(client, connection, actorType);
      const { ErpConnectionId, ActorTypeErp, ActorTypeCrm, IsActive } = mapping;
      const fields = fieldsOf(mapping);
      return {
        erpConnectionId: ErpConnectionId ?? connection,
        actorTypeErp: ActorTypeErp ?? actorType,
        actorTypeCrm: ActorTypeCrm ?? null,
        isActive: IsActive ?? null,
        fieldMappings: fields.map((field) => camelCased(field) as Readonly<Record<string, unknown>>),
      };
    });
  },
  render({ fieldMappings }, style) {
    const cell = (name: string) => (field: Readonly<Record<string, unknown>>) =>
      nameOf(String(field[name] ?? ''));
    const flags = ['showInGui', 'showInSearch', 'missingInERP', 'missingInCRM'];
    return table(
      fieldMappings,
      [
        { heading: 'id', cell: cell('erpFieldId') },
        { heading: 'erp field', cell: cell('erpFieldKey') },
        {
          heading: 'direction',
          cell: ({ syncToCrm, syncToErp }) =>
            [syncToCrm ? 'to CRM' : '', syncToErp ? 'to ERP' : ''].filter(Boolean).join(', '),
        },
        { heading: 'crm field', cell: cell('crmFieldKey') },
        { heading: 'type', cell: cell('fieldType') },
        { heading: 'access', cell: cell('access') },
        { heading: 'flags', cell: (field) => flags.filter((name) => field[name] === true).join(', ') },
      ],
      style,
    );
  },
});
