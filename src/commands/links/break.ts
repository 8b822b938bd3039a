import type { AgentClient } from '../../agent/client.ts';
import { type CrmRecord, linkOf, readCrmValues } from '../../agent/links.ts';
import { knowingIds } from '../../agent/unknown-ids.ts';
import { confirm, requireConfirmable } from '../../cli/confirmation.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { required, toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError } from '../../errors.ts';
import { printable } from '../../output/json.ts';
import { dryRunInWords, plannedRequest } from '../planned-request.ts';
import {
  connectionValue,
  givenRecord,
  linkFacts,
  liveConnection,
  lookAt,
  recordFlags,
} from './link-flags.ts';

export default defineCommand({
  path: ['links', 'break'],
  summary: 'remove the link between a CRM record and an ERP connection',
  description: [
    'Shows the record and its link and asks, or needs --yes. Both records stay; only the link goes, and the',
    'ERP key that it held goes with it.',
  ],
  effect: 'destroy',
  arguments: {},
  flags: {
    connection: required(connectionValue, 'the id of the ERP connection'),
    ...recordFlags,
    dryRun: toggle('look at the record and its link, show the request and send nothing'),
    ...connectionFlags,
  },
  examples: [
    {
      run: 'erpsync links break --connection 124 --company 12 --yes',
      why: 'company 12 has no link in connection 124 after it',
    },
    { run: 'erpsync links break --connection 124 --company 12 --dry-run', why: 'look at what would go' },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ connection, dryRun, company, person, project, sale, ...flags }, context) {
    const record = givenRecord({ company, person, project, sale });
    const named = `${record.word} ${record.id}`;
    if (!dryRun) requireConfirmable(`the link of ${named} in ERP connection ${connection} would go`, context);
    return await withSession(context, flags, dryRun ? 'read' : 'destroy', async ({ client, url }) => {
      const connectionName = await liveConnection(client, connection);
      const { connected, actorType } = await linkOf(client, connection, record);
      if (connected === false) {
        throw new ErpsyncError('rejected', {
          what: `the link of ${named} cannot be removed`,
          why: `it is not linked in ${connectionName}`,
          next: `see where it is: ${lookAt(record)}`,
        });
      }
      const label = await labelOf(client, record);
      const kind = actorType === undefined ? '' : ` to a ${actorType}`;
      const link = `${named}${label === '' ? '' : ` (${label})`}${kind} in ${connectionName}`;
      const body = { ErpConnectionId: connection, CrmRecordId: record.id, CrmActorType: record.type };
      const facts = {
        ...linkFacts(connection, record),
        connected: connected ?? null,
        actorType: actorType ?? null,
        link,
      };
      const plan = plannedRequest(client, 'BreakActorLink', body);
      if (dryRun) return { status: 'dry-run' as const, ...facts, plan };
      await confirm(`the link of ${link} goes (${url})`, String(record.id), context);
      const send = () =>
        client.perform('BreakActorLink', body, {
          words: {
            failed: `the link of ${named} was not removed`,
            look: lookAt(record),
          },
        });
      await knowingIds(client, { record }, send);
      return { status: 'ok' as const, ...facts, plan: null };
    });
  },
  render({ link, plan }) {
    if (plan) return dryRunInWords(`This link would go: ${link}.`, plan);
    return printable(`The link is gone: ${link}.`);
  },
});

/** The first values of a record, to recognize it by; empty where the server does not tell. */
async function labelOf(client: AgentClient, record: CrmRecord): Promise<string> {
  try {
    const values = await readCrmValues(client, record);
    const shown = values.flatMap(({ DisplayValue, Value }) => DisplayValue || Value || []);
    return shown.slice(0, 2).join(', ');
  } catch (error) {
    // A record that is gone may still have a link, which is what is to be removed.
    if (error instanceof ErpsyncError && error.code === 'rejected') return '';
    throw error;
  }
}
