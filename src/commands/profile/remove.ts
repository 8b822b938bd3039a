import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { openProfileStore } from '../../profiles/store.ts';

export default defineCommand({
  path: ['profile', 'remove'],
  summary: 'remove a profile and its secrets',
  effect: 'write',
  arguments: { name: argument(text('name'), 'a stored profile') },
  flags: {},
  examples: [
    { run: 'erpsync profile remove old', why: 'address, login and secrets are gone' },
    {
      run: 'erpsync profile remove old -o json',
      why: 'the same for a script',
    },
  ],
  exitCodes: [12],
  async run({ name }, { configDirectory, host }) {
    await openProfileStore({ directory: configDirectory, uid: host.uid }).remove(name);
    return { name };
  },
  render: ({ name }) => `Removed profile ${name} and its secrets.`,
});
