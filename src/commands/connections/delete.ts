import { removalWarning, removeOnce } from '../../agent/certain-write.ts';
import { findConnection, readConnection } from '../../agent/connections.ts';
import { confirm, requireConfirmable } from '../../cli/confirmation.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError } from '../../errors.ts';
import { printable } from '../../output/json.ts';
import { dryRunInWords, plannedRequest } from '../planned-request.ts';
import { connectionId, connectionInWords, nameOf } from './shown-connection.ts';

export default defineCommand({
  path: ['connections', 'delete'],
  summary: 'delete an ERP connection',
  description: [
    'At a terminal its id has to be typed, elsewhere --yes is needed. Reads the connection first, and once',
    'more afterwards to see that it is deleted. The links of its records are of no use any more.',
  ],
  effect: 'destroy',
  arguments: { id: argument(connectionId, 'the id of the connection') },
  flags: { dryRun: toggle('show what would be deleted, and delete nothing'), ...connectionFlags },
  examples: [
    { run: 'erpsync connections delete 126 --dry-run', why: 'show what would be deleted' },
    { run: 'erpsync connections delete 126 --yes', why: 'delete it without being asked' },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ id, dryRun, ...flags }, context) {
    if (!dryRun) requireConfirmable(`this deletes ERP connection ${id}`, context);
    return await withSession(context, flags, dryRun ? 'read' : 'destroy', async ({ client, url }) => {
      const { DisplayName, ErpConnectorId, Active, Deleted } = await readConnection(client, id);
      if (Deleted === true)
        throw new ErpsyncError('rejected', {
          what: `ERP connection ${id} cannot be deleted`,
          why: 'it is deleted already',
          next: 'see which there are: erpsync connections list',
        });
      const facts = { id, name: nameOf(DisplayName), active: Active ?? null };
      if (dryRun) {
        const plan = plannedRequest(client, 'DeleteConnection', { ErpConnectionId: id });
        return { ...facts, deleted: false, status: 'dry-run' as const, plan };
      }
      const what = connectionInWords(id, facts.name);
      const state = Active === true ? ', which is active' : '';
      await confirm(
        `this deletes ${what} of connector ${ErpConnectorId}${state} (${url})`,
        String(id),
        context,
      );
      const removed = await removeOnce({
        operation: 'DeleteConnection',
        what: `ERP connection ${id}`,
        look: `erpsync connections get ${id}`,
        send: async () => (await client.call('DeleteConnection', { ErpConnectionId: id })).outcome,
        read: () => findConnection(client, id),
      });
      const warning = removalWarning(removed, `ERP connection ${id}`);
      if (warning !== undefined) context.warn(warning);
      return { ...facts, deleted: true, status: 'ok' as const };
    });
  },
  render(result) {
    const { id, name, active } = result;
    const words = connectionInWords(id, name);
    if (!('plan' in result)) return printable(`${words} is deleted.`);
    const state = active === true ? ', which is active,' : '';
    return dryRunInWords(`${words}${state} would be deleted.`, result.plan);
  },
});
