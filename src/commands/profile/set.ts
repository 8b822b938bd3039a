import { storedFlagsAlone } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, flagName, optional, repeated } from '../../cli/flags.ts';
import { type Revision, revisedProfile, unsettable } from '../../cli/profile-revision.ts';
import { givenSecrets } from '../../cli/secret-input.ts';
import { choice, text } from '../../cli/values.ts';
import { usageError } from '../../errors.ts';
import { settingNames } from '../../profiles/setting-table.ts';
import { openProfileStore } from '../../profiles/store.ts';

const words = unsettable.map((name) => flagName(name).slice(2));

export default defineCommand({
  path: ['profile', 'set'],
  summary: 'change what is given of a stored profile, and nothing else',
  description: [
    'Only flags count here: variables that are set for other commands change no profile. A stored secret never',
    'goes to another address (scheme, host and port): when the address changes, every stored secret has to be',
    'given anew in the same call, or be taken away with --unset.',
  ],
  effect: 'write',
  arguments: { name: argument(text('name'), 'a stored profile') },
  flags: {
    extends: optional(text('name'), 'the profile whose settings and secrets it inherits'),
    unset: repeated(
      choice('what', words),
      'take a setting or secret away from it: language, allow-http, app-token, ...',
    ),
    ...storedFlagsAlone,
  },
  examples: [
    {
      run: 'erpsync profile set prod --password-file password.txt',
      why: 'a new password, for the same address',
    },
    {
      run: 'erpsync profile set prod --url https://crm2.example.com/super --password-file password.txt',
      why: 'the server has moved: its password comes along',
    },
    {
      run: 'erpsync profile set prod --language nb-NO --unset time-zone',
      why: 'settings of its own, and one less',
    },
  ],
  exitCodes: [12],
  async run({ name, extends: base, unset: unsetWords, ...flags }, context) {
    const secrets = await givenSecrets(context, flags, 'flags');
    const settings = Object.fromEntries(
      settingNames.filter((each) => flags[each] !== undefined).map((each) => [each, flags[each]]),
    );
    const unset = unsettable.filter((each) => unsetWords.includes(flagName(each).slice(2)));
    const given = [
      ...Object.keys({ ...settings, ...secrets }),
      ...(base === undefined ? [] : ['extends']),
      ...(flags.allowHttp ? ['allowHttp'] : []),
    ];
    if (given.length + unset.length === 0) {
      throw usageError('nothing is given that shall change', 'see: erpsync profile set --help');
    }
    const twice = unset.find((each) => given.includes(each));
    if (twice !== undefined) {
      const flag = flagName(twice).slice(2);
      throw usageError(`${flag} is given, and taken away with --unset ${flag}`, 'do one of them');
    }
    const store = openProfileStore({ directory: context.configDirectory, uid: context.host.uid });
    const { allowHttp } = flags;
    const changes = { settings, extends: base, allowHttp, secrets, unset };
    let revision: Revision | undefined;
    await store.revise(name, (before) => {
      revision = revisedProfile(name, changes, before);
      return revision;
    });
    for (const warning of revision?.warnings ?? []) context.warn(warning);
    return { name, changed: revision?.changed ?? [], file: store.configFile };
  },
  render({ name, changed }) {
    if (changed.length === 0) return `Profile ${name} is so already; nothing changed.`;
    return `Changed profile ${name}: ${changed.map((each) => flagName(each).slice(2)).join(', ')}.`;
  },
});
