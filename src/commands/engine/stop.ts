import { defineCommand } from '../../cli/define.ts';
import { engineInWords, switchEngine, switchFlags } from './switch-engine.ts';

export default defineCommand({
  path: ['engine', 'stop'],
  summary: 'stop the sync engine',
  description: [
    'The server takes the wish at once and follows it some time later; --wait polls until it is so.',
  ],
  effect: 'write',
  arguments: {},
  flags: switchFlags,
  examples: [
    { run: 'erpsync engine stop --wait', why: 'and wait until it stands still' },
    { run: 'erpsync engine stop --wait --wait-timeout 2m', why: 'the same, for two minutes at most' },
  ],
  exitCodes: [4, 5, 6, 7, 8, 9, 11],
  run: (given, context) => switchEngine(given, false, context),
  render: (result) => engineInWords(result, false),
});
