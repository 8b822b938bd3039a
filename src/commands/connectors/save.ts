import { planConnectorChange, savedConnector } from '../../agent/connector-saving.ts';
import { readGivenMembers } from '../../agent/saved-record.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, optional, toggle } from '../../cli/flags.ts';
import { readData } from '../../cli/operation-fields.ts';
import { text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { nameOf } from '../connections/shown-connection.ts';
import { checkAnyGiven, joinedMembers } from '../given-members.ts';
import { savedInWords, savePlanned } from './save-connector.ts';
import { connectorId, givenByFlags } from './shown-connector.ts';

export default defineCommand({
  path: ['connectors', 'save'],
  summary: 'change the name or the address of a sync connector',
  description: ['Reads the connector and changes what is given, and nothing else.'],
  effect: 'write',
  arguments: { id: argument(connectorId, 'the id of the connector') },
  flags: {
    name: optional(text('text'), 'its name'),
    connectorUrl: optional(text('url'), 'its address'),
    data: optional(
      text('json'),
      'the connector as JSON, as connectors get -o json prints it; @file reads a file, - standard input',
      { readsStdin: true },
    ),
    dryRun: toggle('show what would change, and change nothing'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync connectors save 17 --name Visma', why: 'another name, the same address' },
    {
      run: 'erpsync connectors save 17 --connector-url https://connector.example.com/v2 --dry-run',
      why: 'show what a new address would change',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ id, name, connectorUrl, data, dryRun, ...flags }, context) {
    const object = data === undefined ? {} : await readData(data, context.host);
    const fromData = readGivenMembers(savedConnector, object, '--data');
    const fromFlags = givenByFlags({ name, url: connectorUrl });
    const members = joinedMembers(fromData, fromFlags);
    checkAnyGiven(members, 'give --name, --connector-url or --data');
    return await withSession(context, flags, dryRun ? 'read' : 'write', async (session) => {
      const plan = await planConnectorChange(session.client, id, { members, displayed: nameOf });
      return await savePlanned(session, plan, { id, dryRun }, context);
    });
  },
  render: (result, style) => savedInWords(result, style),
});
