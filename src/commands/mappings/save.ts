import { mergeMapping, readMapping } from '../../agent/field-mappings.ts';
import { sendWrite } from '../../agent/sent-write.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { required, toggle } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { printable } from '../../output/json.ts';
import { actorTypeName, connectionValue } from '../links/link-flags.ts';
import { changesInWords, readGivenMapping } from './mapping-form.ts';

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
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ connection, actorType, data, dryRun, ...flags }, context) {
    const given = await readGivenMapping(data, context);
    return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
      const { merged, changes } = mergeMapping(await readMapping(client, connection, actorType), given);
      const facts = { connectionId: connection, actorType, changes };
      if (dryRun) return { status: 'dry-run', ...facts };
      if (changes.length > 0) {
        await sendWrite(
          client,
          'SaveActorTypeMapping',
          { Mapping: merged },
          {
            failed: `the mapping of ${actorType} was not saved`,
            look: `erpsync mappings get --connection ${connection} --actor-type ${actorType}`,
          },
        );
      }
      return { status: 'ok', ...facts };
    });
  },
  render({ status, changes }) {
    if (changes.length === 0) return 'Nothing changes; nothing was sent.';
    const head = status === 'dry-run' ? 'Dry run, nothing was sent. These would change:' : 'Saved:';
    return `${head}\n${changes.map((one) => printable(changesInWords([one]))).join('\n')}`;
  },
});
