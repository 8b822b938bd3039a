import { knowingIds } from '../../agent/unknown-ids.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { required, toggle } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
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
  path: ['links', 'create'],
  summary: 'link a CRM record to an ERP actor that exists',
  description: ['No value is set on either side by it; links connect sets default values too.'],
  effect: 'write',
  arguments: {},
  flags: {
    connection: required(connectionValue, 'the id of the ERP connection'),
    ...recordFlags,
    erpKey: required(text('key'), 'the key of the actor in the ERP system'),
    actorType: required(actorTypeName, 'what the actor is in the ERP system'),
    dryRun: toggle('look at the connection, show the request and send nothing'),
    ...connectionFlags,
  },
  examples: [
    {
      run: 'erpsync links create --connection 124 --company 15 --erp-key C-10015 --actor-type Customer',
      why: 'company 15 and the customer C-10015 are one from now on',
    },
    {
      run: 'erpsync links create --connection 124 --company 15 --erp-key C-10015 --actor-type Customer --dry-run',
      why: 'show what would be sent',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ connection, erpKey, actorType, dryRun, company, person, project, sale, ...flags }, context) {
    const record = givenRecord({ company, person, project, sale });
    warnOfUnsupported(actorType, context);
    return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
      const connectionName = await liveConnection(client, connection);
      const body = {
        ErpConnectionId: connection,
        CrmRecordId: record.id,
        CrmActorType: record.type,
        ErpKey: erpKey,
        ErpActorType: actorType,
      };
      const actor = `${actorType} ${JSON.stringify(erpKey)} of ${connectionName}`;
      const facts = { ...linkFacts(connection, record), actorType, erpKey, actor };
      const plan = plannedRequest(client, 'CreateActorLink', body);
      if (dryRun) return { status: 'dry-run' as const, ...facts, plan };
      const send = () =>
        client.perform('CreateActorLink', body, {
          words: {
            failed: `${record.word} ${record.id} was not linked to ${actor}`,
            look: lookAt(record),
          },
        });
      await knowingIds(client, { record }, send);
      return { status: 'ok' as const, ...facts, plan: null };
    });
  },
  render({ record: { type, id }, actor, plan }) {
    if (plan) return dryRunInWords(`${type} ${id} would be linked to ${actor}.`, plan);
    return printable(`${type} ${id} is linked to ${actor} now.`);
  },
});
