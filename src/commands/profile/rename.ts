import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { storedProfiles } from '../../cli/stored-profiles.ts';
import { text } from '../../cli/values.ts';
import { usageError } from '../../errors.ts';

export default defineCommand({
  path: ['profile', 'rename'],
  summary: 'give a profile another name',
  description: [
    'Its secrets, the choice of "profile use" and the profiles that extend it follow. Scripts and variables',
    'that name it do not.',
  ],
  effect: 'write',
  arguments: {
    name: argument(text('name', 'profile'), 'a stored profile'),
    newName: argument(text('name'), 'what to call it from now on'),
  },
  flags: {},
  examples: [
    { run: 'erpsync profile rename prod production', why: 'address, login and secrets stay as they are' },
    { run: 'erpsync profile rename prod production -o json', why: 'the same for a script' },
  ],
  exitCodes: [4, 12],
  async run({ name, newName }, context) {
    if (name === newName) {
      throw usageError({
        what: `profile "${name}" cannot be renamed`,
        why: 'that is its name already',
        next: 'give its new name as the second word',
      });
    }
    await storedProfiles(context).rename(name, newName);
    return { name: newName, formerName: name };
  },
  render: ({ name, formerName }) => `Profile ${formerName} is now called ${name}.`,
});
