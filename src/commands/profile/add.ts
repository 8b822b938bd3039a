import { type ConnectionFlags, storedFlags } from '../../cli/connection-flags.ts';
import type { Context } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, optional } from '../../cli/flags.ts';
import { newAddress } from '../../cli/new-address.ts';
import {
  checkSendable,
  type GivenSecrets,
  givenSecrets,
  missingInWords,
  secretsFitting,
  valuesOf,
} from '../../cli/secret-input.ts';
import { keychainLikely, storedProfiles } from '../../cli/stored-profiles.ts';
import { text } from '../../cli/values.ts';
import { missing, unusable } from '../../error-words.ts';
import { configError } from '../../errors.ts';
import { secretsOf } from '../../identity/credentials.ts';
import { misplacedSecret } from '../../identity/placement.ts';
import { secretSources } from '../../identity/secrets.ts';
import { addressInWords, addressParts } from '../../profiles/address.ts';
import {
  addressHolders,
  addressIn,
  commandOf,
  type HeldSecrets,
  inherited,
  type Lineage,
  lineageOf,
  originIn,
} from '../../profiles/inheritance.ts';
import {
  type Profile,
  type ProfileSettings,
  type SecretName,
  type Secrets,
  secretNames,
} from '../../profiles/profile.ts';
import { existingProfiles } from '../../profiles/profile-entries.ts';
import { checkProfileName } from '../../profiles/profile-name.ts';
import {
  type AuthScheme,
  accountOf,
  authSchemes,
  readSetting,
  ruleOf,
  settingNames,
} from '../../profiles/setting-table.ts';
import { variable } from '../../profiles/settings.ts';

export default defineCommand({
  path: ['profile', 'add'],
  summary: 'store a profile: address, login and secrets of a server',
  description: [
    'At a terminal, what is missing is asked for. Elsewhere a secret that is not given is not stored, and',
    'has to come from the environment or a file at each call. Secrets are never values of options, where',
    'other users of the machine could read them. They are stored apart from the profile, readable by you',
    'alone, or in the keychain of the system (--store keychain), and go only to the address (scheme, host and',
    'port; Online environment and tenant) that they were stored for. With --credential-command a program of yours',
    'is asked for them instead: see "erpsync profile set --help".',
    '',
    'With --extends, settings and secrets that are not given are those of another profile, now and when that',
    'one changes. One with --env and no tenant is made for that: many tenants of an environment share its',
    'application token.',
  ],
  effect: 'write',
  arguments: { name: argument(text('name'), 'what to call it: letters, digits, dots, dashes') },
  flags: {
    extends: optional(text('name', 'profile'), 'the profile whose settings and secrets it inherits'),
    ...storedFlags,
  },
  examples: [
    {
      run: 'erpsync profile add prod --url https://crm.example.com/super --username svc-erp --password-file password.txt',
      why: 'on-site, with user name and password',
    },
    {
      run: 'erpsync profile add online --tenant Cust12345 --env online --auth ticket --ticket-file ticket.txt --app-token-file app-token.txt',
      why: 'Online, with a ticket and the application token',
    },
    {
      run: 'erpsync profile add online --tenant Cust12345 --env online --auth oidc --client-id 0a1b2c3d',
      why: 'Online, as a person who then logs in: erpsync auth login -p online',
    },
    {
      run: 'erpsync profile add customer --extends app --tenant Cust12345',
      why: 'one of many tenants; environment and secrets are those of profile app',
    },
  ],
  exitCodes: [4, 12],
  async run({ name, extends: base, ...flags }, context) {
    checkProfileName(name);
    const store = storedProfiles(context);
    const { profiles } = await store.read();
    if (profiles.has(name)) {
      throw existingProfiles(
        [name],
        store.configFile,
        `take another name, remove it first (erpsync profile remove ${name}), or change it: erpsync profile set ${name}`,
      );
    }
    const extended = base === undefined ? {} : { extends: base };
    const ancestors =
      base === undefined ? [] : lineageOf(name, new Map([...profiles, [name, extended]])).slice(1);
    const said = { ...extended, ...(await newProfile(flags, ancestors, context)) };
    const origin = originIn([{ name, profile: said }, ...ancestors]) ?? '';
    const ownLine = [{ name, profile: withCommand(said, flags.credentialCommand, origin) }, ...ancestors];
    const auth = inherited(ownLine, 'auth') ?? 'basic';
    const held = await store.readHeldSecrets(ancestors);
    const outside = await givenSecrets(context, flags, 'outside');
    const given = secretsFitting(outside, auth, inherited(ownLine, 'proxy'));
    const { secrets, typed } = await completed(given, auth, held, ownLine, context);
    checkSendable(auth, inherited(ownLine, 'username'), secrets);
    const found = secretNames.filter((secret) => secrets[secret] !== undefined);
    const profile = { ...ownLine[0]?.profile, ...(typed && (await chosenStore(ownLine, context))) };
    const line = [{ name, profile }, ...ancestors];
    const entry = { profile, secrets: found.length === 0 ? undefined : { origin, secrets } };
    await store.addAll(new Map([[name, entry]]), (after) => {
      const misplaced = misplacedSecret(name, after);
      if (misplaced === undefined) return;
      const { words, flag, problem } = misplaced;
      throw configError({
        what: `profile "${name}" cannot be stored`,
        why: problem,
        next: `give the ${words} for that address with ${flag}`,
      });
    });
    return {
      name,
      ...profile,
      url: addressHolders(line).url?.profile.url ?? null,
      server: serverIn(line),
      auth,
      secrets: found,
      secretStore: inherited(line, 'store') ?? 'file',
      inheritedSecrets: secretNames.filter((secret) => held[secret] && !found.includes(secret)),
      asksCommand: commandOf(line) !== undefined,
      file: store.configFile,
    };
  },
  render({ name, server, auth, secrets, secretStore, inheritedSecrets, asksCommand, ...profile }) {
    const base = 'extends' in profile ? profile.extends : undefined;
    const place = secretStore === 'keychain' ? ' in the keychain' : '';
    const told = [
      ...secrets.map((secret) => `${secretSources[secret].words}${place}`),
      ...inheritedSecrets.map((secret) => `inherited ${secretSources[secret].words}`),
      ...(asksCommand ? ['credential command'] : []),
    ];
    const stored = told.length === 0 ? 'no secret' : told.join(' and ');
    const missing = asksCommand
      ? []
      : secretsOf[auth].filter((secret) => ![...secrets, ...inheritedSecrets].includes(secret));
    const extending = base === undefined ? '' : `, extends ${base}`;
    const isBase = profile.url === null && server.endsWith('/*');
    const next = isBase
      ? `\nIts tenants extend it: erpsync profile add <name> --extends ${name} --tenant <id>`
      : missingInWords(name, missing);
    return `Stored profile ${name} for ${server} (auth ${auth}, ${stored}${extending}).${next}`;
  },
});

/** What the profile says itself; what it inherits is neither asked for nor repeated. */
async function newProfile(
  flags: ConnectionFlags,
  ancestors: Lineage,
  { host, prompts }: Context,
): Promise<Profile> {
  const { allowHttp } = flags;
  const address = await newAddress(flags, ancestors, { host, prompts });
  const url = address.url ?? address.onlineUrl;
  if (url === undefined && allowHttp)
    throw unusable('--allow-http', 'it goes with an own address', 'give --url or --online-url, too');
  const username = flags.username ?? variable(host.environment, 'ERPSYNC_USERNAME');
  const auth = await newScheme(flags, ancestors, username, { host, prompts });
  const profile = {
    ...address,
    ...(auth !== undefined && { auth }),
    ...wireSettings(flags),
    ...(url?.startsWith('http:') && allowHttp && { allowHttp }),
  };
  const scheme = auth ?? inherited(ancestors, 'auth') ?? 'basic';
  const account = accountOf[scheme];
  if (account === undefined) return profile;
  const { member, words } = account;
  const given = flags[member] ?? variable(host.environment, ruleOf(member).variable);
  if (given !== undefined) return { ...profile, [member]: readSetting(member, given, ruleOf(member).flag) };
  if (inherited(ancestors, member) !== undefined) return profile;
  if (!prompts.available) {
    const { flag } = ruleOf(member);
    throw missing(flag, `auth ${scheme} needs one`, `give ${flag}, or name another scheme with --auth`);
  }
  const question = `${words[0]?.toUpperCase()}${words.slice(1)}`;
  return { ...profile, [member]: readSetting(member, await prompts.text(question), question) };
}

/** The settings besides address and login, as far as they are given. */
function wireSettings(flags: ConnectionFlags): ProfileSettings {
  const names = settingNames.filter(
    (name) => ![...addressParts, 'auth', 'username', 'clientId'].includes(name),
  );
  return Object.fromEntries(
    names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]] as const])),
  );
}

type Outside = Pick<Context, 'host' | 'prompts'>;

async function newScheme(
  { auth }: ConnectionFlags,
  ancestors: Lineage,
  username: string | undefined,
  { host, prompts }: Outside,
): Promise<AuthScheme | undefined> {
  if (auth !== undefined) return auth;
  const fromEnvironment = variable(host.environment, 'ERPSYNC_AUTH');
  if (fromEnvironment !== undefined) return readSetting('auth', fromEnvironment, 'ERPSYNC_AUTH');
  if (ancestors.length > 0) return undefined;
  if (username !== undefined || !prompts.available) return 'basic';
  return await prompts.select('How to log in', authSchemes);
}

/** The base URL, or environment and tenant, that a lineage names. */
function serverIn(line: Lineage): string {
  const address = addressIn(line);
  return address === undefined ? (originIn(line) ?? '') : addressInWords(address);
}

/** The given secrets, and at a terminal those that are needed besides. */
async function completed(
  given: GivenSecrets,
  auth: AuthScheme,
  held: HeldSecrets,
  line: Lineage,
  { note, prompts }: Context,
): Promise<{ readonly secrets: Secrets; readonly typed: boolean }> {
  const secrets: { [K in SecretName]?: string } = { ...valuesOf(given) };
  let typed = false;
  for (const [name, { from }] of Object.entries(given)) {
    note(`Taking the ${secretSources[name as SecretName].words} from ${from}.`);
  }
  // What is made for tenants to extend it need not have what each of them has.
  if (!prompts.available || addressIn(line) === undefined || commandOf(line)) return { secrets, typed };
  for (const name of secretsOf[auth]) {
    const { hasLines, comesFrom } = secretSources[name];
    if (held[name] !== undefined || hasLines || comesFrom !== undefined) continue;
    if (secrets[name] !== undefined) continue;
    secrets[name] = await prompts.secret(`The ${secretSources[name].words} for ${serverIn(line)}`);
    typed = true;
  }
  return { secrets, typed };
}

function withCommand(profile: Profile, argv: readonly string[] | undefined, origin: string): Profile {
  return argv === undefined ? profile : { ...profile, credentialCommand: { argv, origin } };
}

/** Who types secrets is asked where to keep them, where there may be a choice. */
async function chosenStore(line: Lineage, { host, prompts }: Context): Promise<Pick<Profile, 'store'>> {
  if (inherited(line, 'store') !== undefined || !keychainLikely(host)) return {};
  const choice = await prompts.select('Where to keep its secrets', [
    'a file for you alone, which cron jobs can read too',
    'the keychain of the system',
  ]);
  return { store: choice.startsWith('the keychain') ? 'keychain' : 'file' };
}
