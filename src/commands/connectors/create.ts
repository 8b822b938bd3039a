import { planConnectorCreation } from '../../agent/connector-saving.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { optional, toggle } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { missing } from '../../error-words.ts';
import { nameOf } from '../connections/shown-connection.ts';
import { savedInWords, savePlanned } from './save-connector.ts';
import { givenByFlags } from './shown-connector.ts';

export default defineCommand({
  path: ['connectors', 'create'],
  summary: 'make a sync connector known to SuperOffice',
  description: [
    'A connector is known by its address: http:// or https:// of its web service, plugin:// and a name for one',
    'on the server itself, app:// and the client id of its app with SuperOffice Online.',
  ],
  effect: 'write',
  arguments: {},
  flags: {
    name: optional(text('text'), 'its name'),
    connectorUrl: optional(text('url'), 'its address'),
    dryRun: toggle('show what would be made, and make nothing'),
    ...connectionFlags,
  },
  examples: [
    {
      run: 'erpsync connectors create --name Navision --connector-url plugin://navision',
      why: 'a connector on the server itself',
    },
    {
      run: 'erpsync connectors create --name Navision --connector-url https://connector.example.com/navision --dry-run',
      why: 'one at an address of its own: show what would be sent',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ name, connectorUrl, dryRun, ...flags }, context) {
    if (name === undefined) throw missing('--name', 'a new connector needs a name', 'give it one');
    if (connectorUrl === undefined)
      throw missing('--connector-url', 'a new connector is known by its address', 'give the address');
    return await withSession(context, flags, dryRun ? 'read' : 'write', async (session) => {
      const members = givenByFlags({ name, url: connectorUrl });
      const plan = await planConnectorCreation(session.client, { members, displayed: nameOf });
      return await savePlanned(session, plan, { id: undefined, dryRun }, context);
    });
  },
  render: (result, style) => savedInWords(result, style),
});
