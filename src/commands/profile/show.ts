import { defineCommand } from '../../cli/define.ts';
import { optionalArgument } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { configError } from '../../errors.ts';
import { secretSources } from '../../identity/secrets.ts';
import { printable } from '../../output/json.ts';
import { addressParts } from '../../profiles/address.ts';
import {
  addressHolders,
  commandOf,
  holderOf,
  type Lineage,
  lineageOf,
  type NamedProfile,
} from '../../profiles/inheritance.ts';
import { secretNames } from '../../profiles/profile.ts';
import { type SettingName, settingNames } from '../../profiles/setting-table.ts';
import { chooseProfile } from '../../profiles/settings.ts';
import { openProfileStore } from '../../profiles/store.ts';

export default defineCommand({
  path: ['profile', 'show'],
  summary: 'show one profile, secrets masked',
  description: [
    'With what it inherits. What options and variables make of it is told by "erpsync config explain".',
  ],
  effect: 'read',
  arguments: {
    name: optionalArgument(text('name', 'profile'), 'which one; else the one that a command would use'),
  },
  flags: {},
  examples: [
    { run: 'erpsync profile show prod', why: 'address, login, and which secrets are stored' },
    { run: 'erpsync profile show prod -o json', why: 'the same for a script' },
  ],
  async run({ name }, { configDirectory, globals, host }) {
    const store = openProfileStore({ directory: configDirectory, uid: host.uid });
    const stored = await store.read();
    const atTerminal = host.stdinIsTerminal && host.stderrIsTerminal;
    const circumstances = { environment: host.environment, atTerminal, writes: false };
    const chosen = chooseProfile(name ?? globals.profile, stored, circumstances)?.value;
    if (chosen === undefined) {
      throw configError({
        what: 'there is no profile to show',
        why: 'none is stored',
        next: 'add one: erpsync profile add <name> --url <url>',
      });
    }
    const line = lineageOf(chosen, stored.profiles);
    const held = await store.readHeldSecrets(line);
    const holders = holdersOf(line);
    return {
      name: chosen,
      current: chosen === stored.current,
      extends: line[0]?.profile.extends ?? null,
      ...settingsOf(holders),
      allowHttp: (holders.url ?? holders.onlineUrl)?.profile.allowHttp ?? false,
      /** Names only: a secret is never shown. */
      secrets: secretNames.filter((secret) => held[secret] !== undefined),
      /** Where each secret is: file or keychain. */
      secretsIn: Object.fromEntries(secretNames.map((secret) => [secret, held[secret]?.store])),
      /** Asked for the secrets that are not stored; null where there is none. */
      credentialCommand: commandOf(line)?.argv ?? null,
      /** Where each secret may go. */
      secretsFor: Object.fromEntries(secretNames.map((secret) => [secret, held[secret]?.origin])),
      /** What is not its own, with the profile that it comes from. */
      inherited: Object.fromEntries(
        [
          ...settingNames.map((member) => [member, holders[member]?.name] as const),
          ...secretNames.map((secret) => [secret, held[secret]?.profile] as const),
          ['credentialCommand', commandOf(line)?.profile] as const,
        ].filter(([, from]) => from !== undefined && from !== chosen),
      ),
      file: store.configFile,
    };
  },
  render(shown, { paint }) {
    const { name, current, allowHttp, secrets, secretsFor, secretsIn, credentialCommand, file } = shown;
    const from = (member: string): string => {
      const profile = shown.inherited[member];
      return profile === undefined ? '' : ` (from ${profile})`;
    };
    const rows: [string, string][] = [
      ['name', current ? `${name} (chosen with "profile use")` : name],
      ...(shown.extends === null ? [] : [['extends', shown.extends] as [string, string]]),
      ...settingNames.flatMap((member): [string, string][] => {
        const value = shown[member];
        const note = (member === 'url' || member === 'onlineUrl') && allowHttp ? ' (http allowed)' : '';
        return value === null ? [] : [[member, `${value}${note}${from(member)}`]];
      }),
      ...secrets.map((secret): [string, string] => [
        secretSources[secret].words,
        `stored (${secretsIn[secret]}), for ${secretsFor[secret] ?? 'no address'}${from(secret)}`,
      ]),
      ...(credentialCommand === null
        ? []
        : [
            ['credential command', `${JSON.stringify(credentialCommand)}${from('credentialCommand')}`] as [
              string,
              string,
            ],
          ]),
      ['file', file],
    ];
    const width = Math.max(...rows.map(([label]) => label.length));
    return rows.map(([label, value]) => `${paint.bold(label.padEnd(width))}  ${printable(value)}`).join('\n');
  },
});

type Holders = { readonly [K in SettingName]?: NamedProfile | undefined };

/** Which profile of a lineage says each setting; of an address that is hidden by another one nothing. */
function holdersOf(line: Lineage): Holders {
  const nearest = settingNames.map((name) => [name, holderOf(line, name)]);
  const hidden = addressParts.map((part) => [part, undefined]);
  return { ...Object.fromEntries(nearest), ...Object.fromEntries(hidden), ...addressHolders(line) };
}

/** Every setting that a profile has or inherits; null where it says nothing. */
function settingsOf(holders: Holders): Readonly<Record<SettingName, string | null>> {
  const entries = settingNames.map((name) => [name, holders[name]?.profile[name] ?? null]);
  // A member was made for each name.
  return Object.fromEntries(entries) as Record<SettingName, string | null>;
}
