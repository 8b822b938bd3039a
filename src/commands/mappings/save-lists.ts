import { mergeLists, readListMappings, savedLists } from '../../agent/list-mappings.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { required, toggle } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { connectionValue } from '../links/link-flags.ts';
import { readGivenMapping } from './mapping-form.ts';
import { savedInWords, saveMerged } from './merged-save.ts';

export default defineCommand({
  path: ['mappings', 'save-lists'],
  summary: 'change which items of ERP lists go with which items of CRM lists',
  description: [
    'What is given is merged into a fresh read: fields by their erpFieldId, items by their erpListItemId. What is',
    'not named stays, and nothing is sent when nothing changes. A crmListItem of null takes the counterpart away;',
    'of a CRM item only the id counts. An ERP item goes with one CRM item at most.',
  ],
  effect: 'write',
  arguments: {},
  flags: {
    connection: required(connectionValue, 'the id of the ERP connection'),
    data: required(
      text('json'),
      'the changes as JSON, as mappings lists -o json prints it; @file reads a file, - standard input',
      { readsStdin: true },
    ),
    dryRun: toggle('show the differences and send nothing'),
    ...connectionFlags,
  },
  examples: [
    {
      run: 'erpsync mappings save-lists --connection 124 --data {"erpListItemMappings":[{"erpFieldId":504,"erpCrmListItemMappings":[{"erpListItemId":"20","crmListItem":null}]}]} --dry-run',
      why: 'what would change if one ERP item lost its counterpart',
    },
    {
      run: 'erpsync mappings save-lists --connection 124 --data @lists.json --dry-run',
      why: 'the same from a file',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ connection, data, dryRun, ...flags }, context) {
    const members = await readGivenMapping(savedLists, { data }, context);
    return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
      const saved = await saveMerged(
        client,
        {
          operation: 'SaveConnectionListMappings',
          what: `the list mapping of ERP connection ${connection}`,
          look: `erpsync mappings lists --connection ${connection}`,
          read: () => readListMappings(client, connection),
          merge: (fresh) => mergeLists(fresh, members, connection),
          given: (ListMapping) => ({ ListMapping }),
          send: async (ListMapping) =>
            (await client.call('SaveConnectionListMappings', { ListMapping })).outcome,
        },
        dryRun,
        context,
      );
      return { connectionId: connection, ...saved };
    });
  },
  render(result, style) {
    return savedInWords(`The list mapping of ERP connection ${result.connectionId}`, result, style);
  },
});
