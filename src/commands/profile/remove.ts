import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { storedProfiles } from '../../cli/stored-profiles.ts';
import { text } from '../../cli/values.ts';

export default defineCommand({
  path: ['profile', 'remove'],
  summary: 'remove a profile and its secrets',
  description: [
    'A refresh token of auth oidc goes with it, and is not revoked at SuperOffice: "erpsync auth logout" does that, before.',
  ],
  effect: 'write',
  arguments: { name: argument(text('name', 'profile'), 'a stored profile') },
  flags: {},
  examples: [
    { run: 'erpsync profile remove old', why: 'address, login and secrets are gone' },
    {
      run: 'erpsync profile remove old -o json',
      why: 'the same for a script',
    },
  ],
  exitCodes: [4, 12],
  async run({ name }, context) {
    await storedProfiles(context).remove(name);
    return { name };
  },
  render: ({ name }) => `Removed profile ${name} and its secrets.`,
});
