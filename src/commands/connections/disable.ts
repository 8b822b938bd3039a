import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { printableText } from '../../output/json.ts';
import { connectionId } from './shown-connection.ts';
import { switchConnection, switchedInWords, switchFlags } from './switch-connection.ts';

export default defineCommand({
  path: ['connections', 'disable'],
  summary: 'make an ERP connection inactive',
  description: ['Reads the connection, toggles it if need be, once, and reads it again.'],
  effect: 'write',
  arguments: { id: argument(connectionId, 'the id of the connection') },
  flags: switchFlags,
  examples: [
    { run: 'erpsync connections disable 124', why: 'connection 124 is inactive after it, whatever it was' },
    {
      run: 'erpsync connections disable 124 --dry-run',
      why: 'look whether there is anything to do, and change nothing',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  run: (given, context) => switchConnection(given, false, context),
  render: (result) => printableText(switchedInWords(result, false)),
});
