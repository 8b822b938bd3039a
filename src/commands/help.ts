import { defineCommand } from '../cli/define.ts';
import { optionalArgument } from '../cli/flags.ts';
import { text } from '../cli/values.ts';

export default defineCommand({
  path: ['help'],
  summary: 'help for a command, a group of commands or a topic',
  effect: 'read',
  arguments: {
    topic: optionalArgument(text('topic'), 'a command, a group of commands, or a topic'),
    subcommand: optionalArgument(text('subcommand'), 'the second word of a command'),
  },
  flags: {},
  examples: [
    { run: 'erpsync help force-resync', why: 'what force-resync takes' },
    { run: 'erpsync help runs', why: 'the commands about runs' },
    { run: 'erpsync help exit-codes', why: 'what a script can rely on' },
  ],
  run: async ({ topic, subcommand }, { helpPage }) => ({
    text: await helpPage([topic, subcommand].filter((word) => word !== undefined)),
  }),
  render: ({ text: page }) => page.trimEnd(),
});
