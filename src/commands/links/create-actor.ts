import { mask } from '../../agent/config-secrets.ts';
import { type NewActorField, valuesForNewActor } from '../../agent/links.ts';
import { knowingIds } from '../../agent/unknown-ids.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { repeated, required, toggle } from '../../cli/flags.ts';
import { assignment } from '../../cli/values.ts';
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
  path: ['links', 'create-actor'],
  summary: 'create an ERP actor from a CRM record, and link the two',
  description: [
    'The fields are those of the ERP system. What the server asks for is looked up first: a mandatory field',
    'needs a value or a default, else nothing is sent.',
  ],
  effect: 'write',
  arguments: {},
  flags: {
    connection: required(connectionValue, 'the id of the ERP connection'),
    ...recordFlags,
    actorType: required(actorTypeName, 'what the actor becomes in the ERP system'),
    field: repeated(assignment('key=value'), 'a value of the new actor, by the key of its ERP field'),
    dryRun: toggle('check the fields, show the request and send nothing'),
    showSecrets: toggle('show passwords in the request of a dry run'),
    ...connectionFlags,
  },
  examples: [
    {
      run: 'erpsync links create-actor --connection 124 --company 15 --actor-type Customer --field Name=Harbour --field CustomerGroup=10',
      why: 'company 15 becomes a customer in the ERP system of connection 124',
    },
    {
      run: 'erpsync links create-actor --connection 124 --company 15 --actor-type Customer --field Name=Harbour --field CustomerGroup=10 --dry-run',
      why: 'show what would be sent',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run(given, context) {
    const { connection, actorType, field, dryRun, showSecrets, company, person, project, sale, ...flags } =
      given;
    const record = givenRecord({ company, person, project, sale });
    warnOfUnsupported(actorType, context);
    return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
      const connectionName = await liveConnection(client, connection);
      const asked = await client.read('GetFieldsForNewErpActor', {
        ErpConnectionId: connection,
        ErpActorType: actorType,
      });
      const fields = (asked ?? []).flatMap((one): NewActorField[] => (one === null ? [] : [one]));
      const values = valuesForNewActor(fields, field);
      for (const key of values.keys()) {
        if (!fields.some(({ FieldKey }) => FieldKey === key))
          context.warn(`warning: ${key} is not among the fields that the server asks for`);
      }
      const bodyWith = (shown: Readonly<Record<string, string>>) => ({
        ConnectionId: connection,
        CrmEntityId: record.id,
        ErpActorType: actorType,
        CrmActorType: record.type,
        ErpFieldKeyValues: shown,
      });
      const facts = { ...linkFacts(connection, record), actorType, connectionName };
      if (dryRun) {
        const open = [...values].map(([key, value]): [string, string] => {
          const type = fields.find(({ FieldKey }) => FieldKey === key)?.FieldType;
          return [key, showSecrets || type !== 'Password' ? value : mask];
        });
        const plan = plannedRequest(client, 'CreateErpActorFromCrm', bodyWith(Object.fromEntries(open)));
        return { status: 'dry-run' as const, ...facts, plan };
      }
      const send = () =>
        client.perform('CreateErpActorFromCrm', bodyWith(Object.fromEntries(values)), {
          words: {
            failed: `no ${actorType} was created from ${record.word} ${record.id}`,
            look: lookAt(record),
          },
        });
      await knowingIds(client, { record }, send);
      return { status: 'ok' as const, ...facts, plan: null };
    });
  },
  render({ record: { type, id }, actorType, connectionName, plan }) {
    const what = `a new ${actorType} of ${connectionName}`;
    if (plan) return dryRunInWords(`${type} ${id} would be linked to ${what}.`, plan);
    return printable(`${type} ${id} is linked to ${what} now.`);
  },
});
