import { readConnector } from '../../agent/connectors.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { details } from '../../output/details.ts';
import { connectorId, connectorItem } from './shown-connector.ts';

export default defineCommand({
  path: ['connectors', 'get'],
  summary: 'show one sync connector',
  effect: 'read',
  arguments: { id: argument(connectorId, 'the id of the connector') },
  flags: connectionFlags,
  examples: [
    { run: 'erpsync connectors get 17', why: 'its name and its address' },
    { run: 'erpsync connectors get 17 -o json', why: 'the same for a script' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ id, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) =>
      connectorItem(await readConnector(client, id)),
    );
  },
  render({ id, name, url, deleted }, style) {
    return details(
      [
        ['id', String(id ?? '')],
        ['name', name],
        ['url', url],
        ['deleted', deleted ? 'yes' : 'no'],
      ],
      style,
    );
  },
});
