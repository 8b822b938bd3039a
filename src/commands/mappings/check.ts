import { ErpActorType } from '../../agent/carriers.ts';
import type { AgentClient } from '../../agent/client.ts';
import { readConnection } from '../../agent/connections.ts';
import { fieldsOf, findMapping } from '../../agent/field-mappings.ts';
import type { ActorType } from '../../agent/links.ts';
import { allConnections } from '../../agent/listing.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { optional } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError, errorValue, exitCodes } from '../../errors.ts';
import { printable } from '../../output/json.ts';
import { connectionInWords, nameOf } from '../connections/shown-connection.ts';
import { connectionValue } from '../links/link-flags.ts';

export default defineCommand({
  path: ['mappings', 'check'],
  summary: 'find mapped fields that the ERP system or SuperOffice no longer has',
  description: [
    'Only reads. Without --connection it checks every active one. Exit code 6 if a field is missing.',
  ],
  effect: 'read',
  arguments: {},
  flags: { connection: optional(connectionValue, 'only this ERP connection'), ...connectionFlags },
  examples: [
    { run: 'erpsync mappings check --connection 125', why: 'exit code 0 if all mapped fields are there' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ connection, ...flags }, context) {
    return await withSession(context, flags, 'read', async (session) => {
      const { client } = session;
      const all =
        connection === undefined
          ? await allConnections(session, false)
          : [await readConnection(client, connection)];
      const chosen = all.filter((one) => connection !== undefined || (one?.Active && !one.Deleted));
      const items: Missing[] = [];
      let mappings = 0;
      for (const one of chosen) {
        const id = one?.ErpConnectionId ?? connection;
        if (id === undefined) continue;
        for (const actorType of await actorTypesOf(client, id)) {
          const mapping = await findMapping(client, id, actorType);
          if (mapping === undefined) continue;
          mappings++;
          for (const field of fieldsOf(mapping)) {
            if (!field.CrmFieldKey || !(field.MissingInERP || field.MissingInCRM)) continue;
            items.push({
              connectionId: id,
              connectionName: nameOf(one?.DisplayName),
              actorType,
              erpFieldId: field.ErpFieldId ?? null,
              erpFieldKey: field.ErpFieldKey ?? '',
              crmFieldKey: field.CrmFieldKey,
              missingInErp: field.MissingInERP ?? false,
              missingInCrm: field.MissingInCRM ?? false,
            });
          }
        }
      }
      if (mappings === 0) context.warn('warning: there is no mapping to check');
      if (items.length === 0) return { mappings, items, exitCode: exitCodes.ok, error: null };
      const error = new ErpsyncError('rejected', `mapped fields are missing: ${items.length}`, {
        hint: 'map them anew, or map them to no CRM field: erpsync mappings save',
      });
      return { mappings, items, exitCode: error.exitCode, error: errorValue(error) };
    });
  },
  render({ items, mappings }) {
    if (items.length === 0) return `All mapped fields are there (${mappings} mappings).`;
    return items
      .map((one) => {
        const sides = [one.missingInErp ? 'the ERP system' : '', one.missingInCrm ? 'SuperOffice' : ''];
        const where = sides.filter(Boolean).join(' and ');
        const name = connectionInWords(one.connectionId, one.connectionName);
        return printable(
          `${name}, ${one.actorType}: ERP field ${one.erpFieldKey} (${one.erpFieldId}), mapped to ${one.crmFieldKey}, is missing in ${where}`,
        );
      })
      .join('\n');
  },
});

interface Missing {
  readonly connectionId: number;
  readonly connectionName: string;
  readonly actorType: ActorType;
  readonly erpFieldId: number | null;
  readonly erpFieldKey: string;
  readonly crmFieldKey: string;
  readonly missingInErp: boolean;
  readonly missingInCrm: boolean;
}

/** The actor types that the summary names; every one where it names none. */
async function actorTypesOf(client: AgentClient, id: number): Promise<readonly ActorType[]> {
  const summary = await client.read('GetErpSyncConnectionSummary', { ErpSyncConnectionId: id });
  const named = summary?.Actors?.flatMap((actor) => actor?.ActorType ?? []);
  const every = Object.keys(ErpActorType.values) as ActorType[];
  return (named ?? every).filter((name) => name !== 'Unknown');
}
