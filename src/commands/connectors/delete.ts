import { removalWarning, removeOnce } from '../../agent/certain-write.ts';
import { checkDeletable } from '../../agent/connector-saving.ts';
import { findConnector, readConnector } from '../../agent/connectors.ts';
import { confirm, requireConfirmable } from '../../cli/confirmation.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError } from '../../errors.ts';
import { printable } from '../../output/json.ts';
import { nameOf } from '../connections/shown-connection.ts';
import { dryRunInWords, plannedRequest } from '../planned-request.ts';
import { connectorId, connectorInWords, connectorItem } from './shown-connector.ts';

export default defineCommand({
  path: ['connectors', 'delete'],
  summary: 'delete a sync connector that no ERP connection uses',
  description: [
    'Asks the server first whether it can be deleted, and names the connections that use it. At a terminal its',
    'id has to be typed, elsewhere --yes is needed.',
  ],
  effect: 'destroy',
  arguments: { id: argument(connectorId, 'the id of the connector') },
  flags: { dryRun: toggle('show what would be deleted, and delete nothing'), ...connectionFlags },
  examples: [
    { run: 'erpsync connectors delete 19 --dry-run', why: 'show whether it can be deleted' },
    { run: 'erpsync connectors delete 19 --yes', why: 'delete it without being asked' },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ id, dryRun, ...flags }, context) {
    if (!dryRun) requireConfirmable(`this deletes connector ${id}`, context);
    return await withSession(context, flags, dryRun ? 'read' : 'destroy', async (session) => {
      const { client, url } = session;
      const connector = await readConnector(client, id);
      const facts = connectorItem(connector);
      if (facts.deleted)
        throw new ErpsyncError('rejected', {
          what: `connector ${id} cannot be deleted`,
          why: 'it is deleted already',
          next: 'see which there are: erpsync connectors list',
        });
      await checkDeletable(session, id, nameOf);
      const operation = 'DeleteErpSyncConnectorEntity';
      const body = { ErpSyncConnectorEntityId: id };
      if (dryRun) {
        return { ...facts, status: 'dry-run' as const, plan: plannedRequest(client, operation, body) };
      }
      const what = `${connectorInWords(id, facts.name)} at ${facts.url}`;
      await confirm(`this deletes ${what} (${url})`, String(id), context);
      const removed = await removeOnce({
        operation,
        what: `connector ${id}`,
        look: `erpsync connectors get ${id}`,
        send: async () => (await client.call(operation, body)).outcome,
        read: () => findConnector(client, id),
      });
      const warning = removalWarning(removed, `connector ${id}`);
      if (warning !== undefined) context.warn(warning);
      return { ...facts, deleted: true, status: 'ok' as const };
    });
  },
  render(result) {
    const words = connectorInWords(result.id ?? 0, result.name);
    if (!('plan' in result)) return printable(`Deleted ${words}.`);
    return dryRunInWords(`This would delete ${words}.`, result.plan);
  },
});
