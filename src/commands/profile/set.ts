import { storedFlagsAlone } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, flagName, optional, repeated } from '../../cli/flags.ts';
import { type Revision, revisedProfile, unsettable } from '../../cli/profile-revision.ts';
import { givenSecrets } from '../../cli/secret-input.ts';
import { storedProfiles } from '../../cli/stored-profiles.ts';
import { choice, text } from '../../cli/values.ts';
import { unusable } from '../../error-words.ts';
import { usageError } from '../../errors.ts';
import { answerForm } from '../../identity/credential-command.ts';
import { settingNames } from '../../profiles/setting-table.ts';

const words = unsettable.map((name) => flagName(name).slice(2));

export default defineCommand({
  path: ['profile', 'set'],
  summary: 'change what is given of a stored profile, and nothing else',
  description: [
    'Only options count here: variables that are set for other commands change no profile. A stored secret never',
    'goes to another address (scheme, host and port): when the address changes, every stored secret has to be',
    'given anew in the same call, or be taken away with --unset.',
    '',
    'With --store its stored secrets move to the file or to the keychain of the system: they are written there and',
    'read back before they are taken away here.',
    '',
    'A credential command is run when a secret is needed that is neither given nor stored. It gets the environment',
    'of erpsync and an empty standard input, and prints JSON:',
    `  ${answerForm}`,
    'What it gives is kept, readable by you alone, until it expires; without expiresAt it is asked once for each',
    'command. It has 30s, or --timeout. When the server does not accept its secrets, it is asked once more.',
  ],
  effect: 'write',
  arguments: { name: argument(text('name', 'profile'), 'a stored profile') },
  flags: {
    extends: optional(text('name', 'profile'), 'the profile whose settings and secrets it inherits'),
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
    {
      run: 'erpsync profile set prod --store file',
      why: 'its secrets move from the keychain of the system to the file; back with --store keychain',
    },
    {
      run: `erpsync profile set prod --unset password --credential-command '["vault-secret","erp/prod"]'`,
      why: 'from now on a program of yours is asked for its password',
    },
  ],
  exitCodes: [4, 12],
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
      ...(flags.credentialCommand ? ['credentialCommand'] : []),
    ];
    if (given.length + unset.length === 0) {
      throw usageError({
        what: `profile "${name}" cannot be changed`,
        why: 'nothing is given that shall change',
        next: 'see: erpsync profile set --help',
      });
    }
    const twice = unset.find((each) => given.includes(each));
    if (twice !== undefined) {
      const flag = flagName(twice).slice(2);
      throw unusable(`--unset ${flag}`, `${flag} is given in the same command`, 'do one of them');
    }
    const store = storedProfiles(context);
    const { allowHttp, credentialCommand: command } = flags;
    const changes = { settings, extends: base, allowHttp, command, secrets, unset };
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
