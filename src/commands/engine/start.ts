import { defineCommand } from '../../cli/define.ts';
import { engineInWords, switchEngine, switchFlags } from './switch-engine.ts';

export default defineCommand({
  path: ['engine', 'start'],
  summary: 'start the sync engine',
  description: [
    'The server takes the wish at once and follows it some time later; --wait polls until it is so.',
  ],
  effect: 'write',
  arguments: {},
  flags: switchFlags,
  examples: [
    { run: 'erpsync engine start --wait', why: 'and wait until it runs' },
    { run: 'erpsync engine start --dry-run', why: 'show the request and send nothing' },
  ],
  exitCodes: [4, 5, 6, 7, 8, 9, 11],
  run: (given, context) => switchEngine(given, true, context),
  render: (result) => engineInWords(result, true),
});
