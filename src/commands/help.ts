import { connectionFlags } from '../cli/connection-flags.ts';
import { defineCommand, optionalArgument } from '../cli/define.ts';
import { commandHelp, environmentHelp, exitCodesHelp, groupHelp, programHelp } from '../cli/help.ts';
import { locateCommand } from '../cli/locate.ts';
import { text } from '../cli/values.ts';
import { usageError } from '../errors.ts';
import { commands } from './index.ts';

export default defineCommand({
  path: ['help'],
  summary: 'help for a command, or about exit-codes or environment',
  effect: 'read',
  arguments: {
    topic: optionalArgument(text('topic'), 'a command, exit-codes or environment'),
    subcommand: optionalArgument(text('subcommand'), 'the second word of a command'),
  },
  flags: {},
  examples: [
    { run: 'erpsync help force-resync', why: 'what force-resync takes' },
    { run: 'erpsync help exit-codes', why: 'what a script can rely on' },
  ],
  async run({ topic, subcommand }) {
    if (topic === undefined) return { text: programHelp(commands) };
    const about = { 'exit-codes': exitCodesHelp, environment: () => environmentHelp(connectionFlags) };
    if (topic === 'exit-codes' || topic === 'environment') {
      if (subcommand !== undefined) throw usageError(`help ${topic} takes no further word`);
      return { text: about[topic]() };
    }
    const words = subcommand === undefined ? [topic] : [topic, subcommand];
    const { path, entry, rest } = locateCommand(words, commands);
    if (rest.length > 0) throw usageError(`erpsync ${path.join(' ')} has no command ${rest.join(' ')}`);
    return { text: entry ? commandHelp(await entry.load()) : groupHelp(path, commands) };
  },
  render: ({ text: page }) => page.trimEnd(),
});
