import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { openProfileStore } from '../../profiles/store.ts';

export default defineCommand({
  path: ['profile', 'use'],
  summary: 'choose the profile that commands at a terminal use',
  description: [
    'Without a terminal, in cron jobs and pipelines, a command that changes something never takes this',
    'choice: it names its profile with --profile or ERPSYNC_PROFILE, unless only one is stored.',
  ],
  effect: 'write',
  arguments: { name: argument(text('name', 'profile'), 'a stored profile') },
  flags: {},
  examples: [
    { run: 'erpsync profile use prod', why: 'from now on, at a terminal' },
    { run: 'erpsync profile use prod -q', why: 'the same without a word' },
  ],
  exitCodes: [12],
  async run({ name }, { configDirectory, host }) {
    await openProfileStore({ directory: configDirectory, uid: host.uid }).use(name);
    return { name };
  },
  render: ({ name }) => `Commands at a terminal now use profile ${name}.`,
});
