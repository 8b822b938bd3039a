import { connectionFlags, runFlags } from '../cli/connection-flags.ts';
import { defineCommand } from '../cli/define.ts';
import { anyRemaining, optionalArgument } from '../cli/flags.ts';
import { environmentHelp, exitCodesHelp } from '../cli/help.ts';
import { outputTopic } from '../cli/output-topic.ts';
import { text } from '../cli/values.ts';

export default defineCommand({
  path: ['help'],
  summary: 'help for a command, or about exit-codes, environment or output',
  effect: 'read',
  arguments: {
    topic: optionalArgument(
      { ...text('topic', 'command-word'), suggestions: ['exit-codes', 'environment', 'output'] },
      'a command, exit-codes, environment or output',
    ),
    words: anyRemaining(
      text('word', 'command-word'),
      'the other words of a command; behind output all of them, for its schema',
    ),
  },
  flags: {},
  examples: [
    { run: 'erpsync help force-resync', why: 'what force-resync takes' },
    { run: 'erpsync help exit-codes', why: 'what a script can rely on' },
    { run: 'erpsync help output connections list', why: 'the JSON Schema of what -o json prints' },
  ],
  async run({ topic, words }, context) {
    if (topic === 'output') return await outputTopic(words, context);
    if (topic === 'exit-codes' && words.length === 0) return { text: exitCodesHelp() };
    if (topic === 'environment' && words.length === 0)
      return { text: environmentHelp({ ...connectionFlags, ...runFlags }) };
    return { text: await context.helpPage(topic === undefined ? [] : [topic, ...words]) };
  },
  render: ({ text: page }) => page.trimEnd(),
});
