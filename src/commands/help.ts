import { defineCommand } from '../cli/define.ts';
import { anyRemaining, optionalArgument } from '../cli/flags.ts';
import { helpTopics } from '../cli/help-topics.ts';
import { outputTopic } from '../cli/output-topic.ts';
import { text } from '../cli/values.ts';

export default defineCommand({
  path: ['help'],
  summary: 'help for a command, a group of commands or a topic',
  effect: 'read',
  arguments: {
    topic: optionalArgument(
      { ...text('topic', 'command-word'), suggestions: helpTopics.map(({ name }) => name) },
      'a command, a group of commands, or a topic',
    ),
    words: anyRemaining(
      text('word', 'command-word'),
      'the other words of a command; behind output all of them, for its schema',
    ),
  },
  flags: {},
  examples: [
    { run: 'erpsync help force-resync', why: 'what force-resync takes' },
    { run: 'erpsync help runs', why: 'the commands about runs' },
    { run: 'erpsync help exit-codes', why: 'what a script can rely on' },
    { run: 'erpsync help output connections list', why: 'the JSON Schema of what -o json prints' },
  ],
  async run({ topic, words }, context) {
    if (topic === 'output') return await outputTopic(words, context);
    return { text: await context.helpPage(topic === undefined ? [] : [topic, ...words]) };
  },
  render: ({ text: page }) => page.trimEnd(),
});
