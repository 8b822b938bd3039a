import { allConnections } from '../../agent/listing.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { table } from '../../output/table.ts';
import { keepConnections } from '../../profiles/connection-cache.ts';
import { connectionItem, yesNo } from './shown-connection.ts';

export default defineCommand({
  path: ['connections', 'list'],
  summary: 'list the ERP connections',
  effect: 'read',
  arguments: {},
  flags: { deleted: toggle('the deleted ones too'), ...connectionFlags },
  examples: [
    { run: 'erpsync connections list', why: 'ids, names, and which ones are active' },
    { run: 'erpsync connections list --deleted -o json', why: 'all of them, for a script' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  idColumn: 'id',
  async run(given, context) {
    return await withSession(context, given, 'read', async (session) => {
      const items = (await allConnections(session, given.deleted)).map(connectionItem);
      // For the completion of ids, which asks no server.
      const kept = items.flatMap(({ id, name, deleted }) => (id === null || deleted ? [] : [{ id, name }]));
      keepConnections({ directory: context.configDirectory, uid: context.host.uid }, session.tenant, kept);
      return { items };
    });
  },
  render({ items }, style) {
    if (items.length === 0) return 'There is no ERP connection.';
    return table(
      items,
      [
        { heading: 'id', cell: ({ id }) => String(id ?? '') },
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'active', cell: ({ active }) => yesNo(active) },
        { heading: 'connector', cell: ({ connectorId }) => String(connectorId ?? '') },
        {
          heading: 'description',
          cell: ({ description, deleted }) => (deleted ? `(deleted) ${description}` : description),
        },
      ],
      style,
    );
  },
});
