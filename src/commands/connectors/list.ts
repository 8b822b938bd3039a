import { allConnectors } from '../../agent/listing.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { withSession } from '../../cli/with-session.ts';
import { table } from '../../output/table.ts';
import { nameOf } from '../connections/shown-connection.ts';

export default defineCommand({
  path: ['connectors', 'list'],
  summary: 'list the sync connectors',
  effect: 'read',
  arguments: {},
  flags: connectionFlags,
  examples: [
    { run: 'erpsync connectors list', why: 'ids, names and addresses' },
    { run: 'erpsync connectors list -o ids', why: 'the ids alone, one a line' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  idColumn: 'id',
  async run(flags, context) {
    return await withSession(context, flags, 'read', async (session) => {
      const connectors = await allConnectors(session);
      return { items: connectors.map((connector) => ({ ...connector, name: nameOf(connector.name) })) };
    });
  },
  render({ items }, style) {
    if (items.length === 0) return 'There is no connector.';
    return table(
      items,
      [
        { heading: 'id', cell: ({ id }) => String(id ?? '') },
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'url', cell: ({ url }) => url },
      ],
      style,
    );
  },
});
