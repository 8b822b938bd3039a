import { connectActor, connectingOperation, fieldValuesToSend, readErpValues } from '../../agent/links.ts';
import { knowingIds } from '../../agent/unknown-ids.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { repeated, required, toggle } from '../../cli/flags.ts';
import { assignment, text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { printable } from '../../output/json.ts';
import { dryRunInWords, plannedRequest } from '../planned-request.ts';
import {
  actorTypeName,
  connectionValue,
  givenRecord,
  linkFacts,
  liveConnection,
  lookAt,
  recordFlags,
  warnOfUnsupported,
} from './link-flags.ts';

export default defineCommand({
  path: ['links', 'connect'],
  summary: 'link a CRM record to an ERP actor and set default values',
  description: [
    'Uses TryConnectActor, which says whether it was done; a server that does not have it is asked to',
    'ConnectActor. A field is named by its CRM key and must be mapped; it is set in the directions that it',
    'has there. Values of other types than text are written as the server does: [I:30], [D:09.11.2017].',
  ],
  effect: 'write',
  arguments: {},
  flags: {
    connection: required(connectionValue, 'the id of the ERP connection'),
    ...recordFlags,
    erpKey: required(text('key'), 'the key of the actor in the ERP system'),
    actorType: required(actorTypeName, 'what the actor is in the ERP system'),
    field: repeated(assignment('key=value'), 'a value to set with the link, by the key of its CRM field'),
    dryRun: toggle('read what is needed, show the request and send nothing'),
    ...connectionFlags,
  },
  examples: [
    {
      run: 'erpsync links connect --connection 124 --company 15 --erp-key C-10015 --actor-type Customer --field Phone=22001122',
      why: 'link company 15, and set the telephone number on the way',
    },
    {
      run: 'erpsync links connect --connection 124 --company 15 --erp-key C-10015 --actor-type Customer --dry-run',
      why: 'show what would be sent',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run(given, context) {
    const { connection, erpKey, actorType, field, dryRun, company, person, project, sale, ...flags } = given;
    const record = givenRecord({ company, person, project, sale });
    warnOfUnsupported(actorType, context);
    return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
      const connectionName = await liveConnection(client, connection);
      const known =
        field.length === 0
          ? []
          : await readErpValues(client, { connectionId: connection, actorType, erpKey });
      const values = fieldValuesToSend(known, field);
      for (const { CrmFieldKey, SyncToCrm, SyncToErp } of values) {
        if (!SyncToCrm && !SyncToErp) context.warn(`warning: ${CrmFieldKey} has no direction in the mapping`);
      }
      const body = {
        ErpConnectionId: connection,
        CrmRecordId: record.id,
        CrmActorType: record.type,
        ErpKey: erpKey,
        ErpActorType: actorType,
        FieldValues: values,
      };
      const actor = `${actorType} ${JSON.stringify(erpKey)} of ${connectionName}`;
      const facts = { ...linkFacts(connection, record), actorType, erpKey, actor };
      const first = connectingOperation(client);
      const plan = plannedRequest(client, first, body);
      if (dryRun) return { status: 'dry-run' as const, ...facts, operation: first, plan };
      const words = {
        failed: `${record.word} ${record.id} was not linked to ${actor}`,
        look: lookAt(record),
      };
      const operation = await knowingIds(client, { record }, () => connectActor(client, body, words));
      return { status: 'ok' as const, ...facts, operation, plan: null };
    });
  },
  render({ record: { type, id }, actor, plan }) {
    if (plan) return dryRunInWords(`${type} ${id} would be linked to ${actor}.`, plan);
    return printable(`${type} ${id} is linked to ${actor} now.`);
  },
});
