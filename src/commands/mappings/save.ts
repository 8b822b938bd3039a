import { readMapping, savedMapping } from '../../agent/field-mappings.ts';
import { mergeGiven } from '../../agent/saved-record.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { required, toggle } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { actorTypeName, connectionValue } from '../links/link-flags.ts';
import { readGivenMapping } from './mapping-form.ts';
import { savedInWords, saveMerged } from './merged-save.ts';

export default defineCommand({
  path: ['mappings', 'save'],
  summary: 'change the field mapping of an actor type',
  description: [
    'What is given is merged into a fresh read, fields by their erpFieldId: what is not named stays as the',
    'server has it, and nothing is sent when nothing changes. Display names are not looked at.',
  ],
  effect: 'write',
  arguments: {},
  flags: {
    connection: required(connectionValue, 'the id of the ERP connection'),
    actorType: required(actorTypeName, 'the actor type'),
    data: required(text('json'), 'the changes as JSON; @file reads a file, - standard input', {
      readsStdin: true,
    }),
    dryRun: toggle('show the differences and send nothing'),
    ...connectionFlags,
  },
  examples: [
    {
      run: 'erpsync mappings save --connection 124 --actor-type Customer --data {"fieldMappings":[{"erpFieldId":501,"showInGui":false}]} --dry-run',
      why: 'what would change if one field were no longer shown',
    },
    {
      run: 'erpsync mappings save --connection 124 --actor-type Customer --data @mapping.json --dry-run',
      why: 'the same from a file',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ connection, actorType, data, dryRun, ...flags }, context) {
    const members = await readGivenMapping(savedMapping, { data }, context);
    return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
      const what = `the mapping of ${actorType}`;
      const words = { what, displayed: (shown: string) => shown };
      const saved = await saveMerged(
        client,
        {
          operation: 'SaveActorTypeMapping',
          what,
          look: `erpsync mappings get --connection ${connection} --actor-type ${actorType}`,
          read: () => readMapping(client, connection, actorType),
          merge: (fresh) => mergeGiven(savedMapping, fresh, members, words),
          given: (Mapping) => ({ Mapping }),
          send: async (Mapping) => (await client.call('SaveActorTypeMapping', { Mapping })).outcome,
        },
        dryRun,
        context,
      );
      return { connectionId: connection, actorType, ...saved };
    });
  },
  render(result, style) {
    return savedInWords(`The mapping of ${result.actorType}`, result, style);
  },
});
