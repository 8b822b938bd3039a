import { connectionFlags, runFlags } from '../cli/connection-flags.ts';
import { defineCommand } from '../cli/define.ts';
import { optionalArgument } from '../cli/flags.ts';
import { environmentHelp, exitCodesHelp } from '../cli/help.ts';
import { text } from '../cli/values.ts';

export default defineCommand({
  path: ['help'],
  summary: 'help for a command, or about exit-codes or environment',
  effect: 'read',
  arguments: {
    topic: optionalArgument(
      { ...text('topic', 'command-word'), suggestions: ['exit-codes', 'environment'] },
      'a command, exit-codes or environment',
    ),
    subcommand: optionalArgument(text('subcommand', 'command-word'), 'the second word of a command'),
  },
  flags: {},
  examples: [
    { run: 'erpsync help force-resync', why: 'what force-resync takes' },
    { run: 'erpsync help exit-codes', why: 'what a script can rely on' },
  ],
  async run({ topic, subcommand }, { helpPage }) {
    if (topic === 'exit-codes' && subcommand === undefined) return { text: exitCodesHelp() };
    if (topic === 'environment' && subcommand === undefined)
      return { text: environmentHelp({ ...connectionFlags, ...runFlags }) };
    return { text: await helpPage([topic, subcommand].filter((word) => word !== undefined)) };
  },
  render: ({ text: page }) => page.trimEnd(),
});
