import { type ConnectionFlags, connectionFlags } from '../../cli/connection-flags.ts';
import type { Context } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { secretFromOutside } from '../../cli/session.ts';
import { text } from '../../cli/values.ts';
import { usageError } from '../../errors.ts';
import { credentialsFor, secretOf } from '../../identity/credentials.ts';
import { secretSources } from '../../identity/secrets.ts';
import {
  type AuthScheme,
  authSchemes,
  type Profile,
  type SecretName,
  secretNames,
} from '../../profiles/profile.ts';
import { checkProfileName } from '../../profiles/profile-name.ts';
import { normaliseUrl, originOf } from '../../profiles/server-url.ts';
import { knownScheme, type Setting, variable } from '../../profiles/settings.ts';
import { openProfileStore } from '../../profiles/store.ts';

export default defineCommand({
  path: ['profile', 'add'],
  summary: 'store a profile: address, login and secrets of a server',
  description: [
    'At a terminal, what is missing is asked for. Elsewhere a secret that is not given is not stored, and',
    'has to come from the environment or a file at each call. Secrets are never taken from a flag, where',
    'other users of the machine could read them. They are stored apart from the profile, readable by you',
    'alone, and go only to the address that they were stored for.',
  ],
  effect: 'write',
  arguments: { name: argument(text('name'), 'what to call it: letters, digits, dots, dashes') },
  flags: connectionFlags,
  examples: [
    {
      run: 'erpsync profile add prod --url https://crm.example.com/super --username svc-erp --password-file password.txt',
      why: 'on-site, with user name and password',
    },
    {
      run: 'erpsync profile add online --url https://online2.superoffice.com/Cust12345 --auth ticket --ticket-file ticket.txt --app-token-file app-token.txt',
      why: 'Online, with a ticket and the application token',
    },
  ],
  async run({ name, ...flags }, context) {
    checkProfileName(name);
    const store = openProfileStore({ directory: context.configDirectory, uid: context.host.uid });
    if ((await store.read()).profiles.has(name)) {
      throw usageError(
        `profile "${name}" exists already`,
        `remove it first (erpsync profile remove ${name}) or take another name`,
      );
    }
    const profile = await newProfile(flags, context);
    const secrets = await newSecrets(flags, profile, context);
    // What no header can carry is refused now, not at night.
    const scheme = secretOf[profile.auth];
    credentialsFor({
      auth: profile.auth,
      username: profile.username,
      secret: (scheme && secrets[scheme]?.value) ?? 'absent',
      appToken: secrets.appToken?.value,
    });
    const found = secretNames.filter((secret) => secrets[secret] !== undefined);
    const values = Object.fromEntries(found.map((secret) => [secret, secrets[secret]?.value]));
    await store.add(
      name,
      profile,
      found.length === 0 ? undefined : { origin: originOf(profile.url), secrets: values },
    );
    return { name, ...profile, secrets: found, file: store.configFile };
  },
  render({ name, url, auth, secrets }) {
    const missing =
      secretOf[auth] !== undefined && !secrets.includes(secretOf[auth]) ? secretOf[auth] : undefined;
    const stored =
      secrets.length === 0 ? 'no secret' : secrets.map((secret) => secretSources[secret].words).join(' and ');
    const note =
      missing === undefined
        ? ''
        : `\nIt has no ${secretSources[missing].words}: give it at each call with ${secretSources[missing].variable}, or add the profile again with ${secretSources[missing].flag}-file.`;
    return `Stored profile ${name} for ${url} (auth ${auth}, ${stored}).${note}`;
  },
});

async function newProfile(flags: ConnectionFlags, { host, prompts }: Context): Promise<Profile> {
  const { environment } = host;
  const { allowHttp } = flags;
  const normalised = (given: string, where: string): string =>
    normaliseUrl(given, { where, allowHttp, code: 'usage' });
  const asked = async (): Promise<string> => {
    if (!prompts.available)
      throw usageError('--url is missing', "give the base URL of SuperOffice's web client");
    return await prompts.text('Base URL of SuperOffice', {
      check(given) {
        try {
          normalised(given, 'this');
          return undefined;
        } catch (error) {
          return error instanceof Error ? error.message : String(error);
        }
      },
    });
  };
  const fromEnvironment = variable(environment, 'ERPSYNC_URL');
  const url = normalised(
    flags.url ?? fromEnvironment ?? (await asked()),
    flags.url ? '--url' : 'ERPSYNC_URL',
  );
  const auth = await chosenScheme(flags, { environment, prompts });
  const profile = { url, auth, ...(allowHttp && url.startsWith('http:') && { allowHttp }) };
  if (auth !== 'basic') return profile;
  const username = flags.username ?? variable(environment, 'ERPSYNC_USERNAME');
  if (username !== undefined) return { ...profile, username };
  if (!prompts.available)
    throw usageError('--username is missing', 'auth basic needs one; --auth names another scheme');
  return { ...profile, username: await prompts.text('User name') };
}

async function chosenScheme(
  flags: ConnectionFlags,
  { environment, prompts }: Pick<Context['host'], 'environment'> & Pick<Context, 'prompts'>,
): Promise<AuthScheme> {
  const fromEnvironment = variable(environment, 'ERPSYNC_AUTH');
  if (flags.auth !== undefined) return flags.auth;
  if (fromEnvironment !== undefined) return knownScheme({ value: fromEnvironment, from: 'ERPSYNC_AUTH' });
  const username = flags.username ?? variable(environment, 'ERPSYNC_USERNAME');
  if (username !== undefined || !prompts.available) return 'basic';
  return await prompts.select('How to log in', authSchemes);
}

async function newSecrets(
  flags: ConnectionFlags,
  profile: Profile,
  context: Context,
): Promise<Partial<Record<SecretName, Setting<string>>>> {
  const needed = secretOf[profile.auth];
  const secrets: Partial<Record<SecretName, Setting<string>>> = {};
  for (const name of secretNames) {
    const given = await secretFromOutside(context, flags, name);
    if (given === undefined) continue;
    if (name !== needed && name !== 'appToken') {
      // A variable may be set for other commands; a flag was meant.
      if (given.from === secretSources[name].variable) continue;
      throw usageError(`${given.from} does not go with auth ${profile.auth}`, 'name the scheme with --auth');
    }
    secrets[name] = given;
    context.note(`Taking the ${secretSources[name].words} from ${given.from}.`);
  }
  if (needed !== undefined && secrets[needed] === undefined && context.prompts.available) {
    const question = `The ${secretSources[needed].words} for ${profile.url}`;
    secrets[needed] = { value: await context.prompts.secret(question), from: 'prompt' };
  }
  return secrets;
}
