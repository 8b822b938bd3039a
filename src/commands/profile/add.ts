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
import { text } from '../../cli/values.ts';
import { configError, usageError } from '../../errors.ts';
import { secretsOf } from '../../identity/credentials.ts';
import { misplacedSecret } from '../../identity/placement.ts';
import { secretSources } from '../../identity/secrets.ts';
import { addressInWords, addressParts } from '../../profiles/address.ts';
import {
  addressHolders,
  addressIn,
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
import { checkProfileName } from '../../profiles/profile-name.ts';
import { type AuthScheme, authSchemes, readSetting, settingNames } from '../../profiles/setting-table.ts';
import { variable } from '../../profiles/settings.ts';
import { openProfileStore } from '../../profiles/store.ts';

export default defineCommand({
  path: ['profile', 'add'],
  summary: 'store a profile: address, login and secrets of a server',
  description: [
    'At a terminal, what is missing is asked for. Elsewhere a secret that is not given is not stored, and',
    'has to come from the environment or a file at each call. Secrets are never taken from a flag, where',
    'other users of the machine could read them. They are stored apart from the profile, readable by you',
    'alone, and go only to the address (scheme, host and port; Online environment and tenant) that they were',
    'stored for.',
    '',
    'With --extends, settings and secrets that are not given are those of another profile, now and when that',
    'one changes. One with --env and no tenant is made for that: many tenants of an environment share its',
    'application token.',
  ],
  effect: 'write',
  arguments: { name: argument(text('name'), 'what to call it: letters, digits, dots, dashes') },
  flags: {
    extends: optional(text('name'), 'the profile whose settings and secrets it inherits'),
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
      run: 'erpsync profile add customer --extends app --tenant Cust12345',
      why: 'one of many tenants; environment and secrets are those of profile app',
    },
  ],
  exitCodes: [12],
  async run({ name, extends: base, ...flags }, context) {
    checkProfileName(name);
    const store = openProfileStore({ directory: context.configDirectory, uid: context.host.uid });
    const { profiles } = await store.read();
    if (profiles.has(name)) {
      throw usageError(
        `profile "${name}" exists already`,
        `change it (erpsync profile set ${name}), remove it first (erpsync profile remove ${name}) or take another name`,
      );
    }
    const extended = base === undefined ? {} : { extends: base };
    const ancestors =
      base === undefined ? [] : lineageOf(name, new Map([...profiles, [name, extended]])).slice(1);
    const profile = { ...extended, ...(await newProfile(flags, ancestors, context)) };
    const line = [{ name, profile }, ...ancestors];
    const auth = inherited(line, 'auth') ?? 'basic';
    const held = await store.readHeldSecrets(ancestors);
    const given = secretsFitting(await givenSecrets(context, flags, 'outside'), auth);
    const secrets = await completed(given, auth, held, line, context);
    checkSendable(auth, inherited(line, 'username'), secrets);
    const found = secretNames.filter((secret) => secrets[secret] !== undefined);
    const origin = originIn(line) ?? '';
    const entry = { profile, secrets: found.length === 0 ? undefined : { origin, secrets } };
    await store.addAll(new Map([[name, entry]]), (after) => {
      const misplaced = misplacedSecret(name, after);
      if (misplaced === undefined) return;
      const { words, flag } = secretSources[misplaced.kind];
      throw configError(misplaced.problem, `give the ${words} for that address with ${flag}-file`);
    });
    return {
      name,
      ...profile,
      url: addressHolders(line).url?.profile.url ?? null,
      server: serverIn(line),
      auth,
      secrets: found,
      inheritedSecrets: secretNames.filter((secret) => held[secret] && !found.includes(secret)),
      file: store.configFile,
    };
  },
  render({ name, server, auth, secrets, inheritedSecrets, ...profile }) {
    const base = 'extends' in profile ? profile.extends : undefined;
    const own = secrets.map((secret) => secretSources[secret].words);
    const others = inheritedSecrets.map((secret) => `inherited ${secretSources[secret].words}`);
    const stored = own.length + others.length === 0 ? 'no secret' : [...own, ...others].join(' and ');
    const missing = secretsOf[auth].filter((secret) => ![...secrets, ...inheritedSecrets].includes(secret));
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
    throw usageError('--allow-http goes with an own address', 'give --url or --online-url');
  const username = flags.username ?? variable(host.environment, 'ERPSYNC_USERNAME');
  const auth = await newScheme(flags, ancestors, username, { host, prompts });
  const profile = {
    ...address,
    ...(auth !== undefined && { auth }),
    ...wireSettings(flags),
    ...(url?.startsWith('http:') && allowHttp && { allowHttp }),
  };
  if ((auth ?? inherited(ancestors, 'auth')) !== 'basic') return profile;
  if (username !== undefined) return { ...profile, username };
  if (inherited(ancestors, 'username') !== undefined) return profile;
  if (!prompts.available)
    throw usageError('--username is missing', 'auth basic needs one; --auth names another scheme');
  return { ...profile, username: await prompts.text('User name') };
}

/** The settings besides address and login, as far as they are given. */
function wireSettings(flags: ConnectionFlags): ProfileSettings {
  const names = settingNames.filter((name) => ![...addressParts, 'auth', 'username'].includes(name));
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
): Promise<Secrets> {
  const secrets: { [K in SecretName]?: string } = { ...valuesOf(given) };
  for (const [name, { from }] of Object.entries(given)) {
    note(`Taking the ${secretSources[name as SecretName].words} from ${from}.`);
  }
  // What is made for tenants to extend it need not have what each of them has.
  if (!prompts.available || addressIn(line) === undefined) return secrets;
  for (const name of secretsOf[auth]) {
    if (held[name] !== undefined || secretSources[name].hasLines) continue;
    const question = `The ${secretSources[name].words} for ${serverIn(line)}`;
    secrets[name] ??= await prompts.secret(question);
  }
  return secrets;
}
