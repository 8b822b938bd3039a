/** Secrets as a command line gives them, to be stored with a profile or sent with a call. */
import { unusable } from '../error-words.ts';
import { shellWord } from '../files/shell-word.ts';
import { credentialsFor, secretsOf } from '../identity/credentials.ts';
import { secretsSent } from '../identity/placement.ts';
import { readPrivateKey } from '../identity/private-key.ts';
import { givenSecret, secretSources } from '../identity/secrets.ts';
import { type SecretName, type Secrets, secretNames } from '../profiles/profile.ts';
import type { AuthScheme } from '../profiles/setting-table.ts';
import type { Setting } from '../profiles/settings.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';

/** Secrets with where they came from. */
export type GivenSecrets = { readonly [K in SecretName]?: Setting<string> };

/** The secret that the flags or else the environment give for one name. */
export function secretFromOutside(
  context: Context,
  flags: ConnectionFlags,
  name: SecretName,
): Promise<Setting<string> | undefined> {
  return secretFrom(context, flags, name, context.host.environment);
}

/** All secrets that the flags give, or else the environment unless only flags count. */
export async function givenSecrets(
  context: Context,
  flags: ConnectionFlags,
  where: 'outside' | 'flags',
): Promise<GivenSecrets> {
  const environment = where === 'outside' ? context.host.environment : {};
  const secrets: { [K in SecretName]?: Setting<string> } = {};
  for (const name of secretNames) {
    const given = await secretFrom(context, flags, name, environment);
    if (given !== undefined) secrets[name] = given;
  }
  return secrets;
}

/**
 * Those that go with a scheme, and with a proxy where there is one. A variable of another scheme is left alone,
 * since it may be set for other commands; a flag was meant.
 *
 * @param proxy the profile's own, as its settings name it
 * @throws ErpsyncError (usage) for a flag that gives the secret of another scheme, or of no proxy
 */
export function secretsFitting(
  given: GivenSecrets,
  auth: AuthScheme,
  proxy: string | undefined,
): GivenSecrets {
  const names: readonly SecretName[] =
    proxy === undefined ? secretsSent(auth) : [...secretsSent(auth), 'proxyPassword'];
  const fitting: { [K in SecretName]?: Setting<string> } = {};
  for (const name of secretNames) {
    const secret = given[name];
    if (secret === undefined) continue;
    if (names.includes(name)) fitting[name] = secret;
    else if (secret.from !== secretSources[name].variable) {
      throw name === 'proxyPassword'
        ? unusable(secret.from, 'it is for a proxy, and the profile names none', 'give --proxy, too')
        : unusable(secret.from, `it does not go with auth ${auth}`, 'name the scheme with --auth');
    }
  }
  return fitting;
}

/** Their values alone. */
export function valuesOf(given: GivenSecrets): Secrets {
  return Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value]));
}

/**
 * Refuses now, and not at night, what no header can carry, or nobody sign with. Secrets that are not there yet are no matter.
 *
 * @throws ErpsyncError (usage)
 */
export function checkSendable(auth: AuthScheme, username: string | undefined, secrets: Secrets): void {
  const absent = Object.fromEntries(secretsOf[auth].map((name) => [name, 'absent=absent']));
  credentialsFor({ auth, username, secrets: { ...absent, ...secrets } });
  if (secrets.privateKey !== undefined) readPrivateKey(secrets.privateKey);
}

/** What to do about secrets that a profile needs and does not have, a line for each. */
export function missingInWords(profile: string, missing: readonly SecretName[]): string {
  const lines = missing.map((name) => {
    const { words, variable, flag, comesFrom } = secretSources[name];
    if (comesFrom !== undefined)
      return `\nProfile ${profile} has no ${words} yet: erpsync ${comesFrom} -p ${shellWord(profile)}`;
    const store = `erpsync profile set ${shellWord(profile)} ${flag}-file <file>`;
    return `\nProfile ${profile} has no ${words}: give it at each call with ${variable}, or store it: ${store}`;
  });
  return lines.join('');
}

function secretFrom(
  { host, warn }: Context,
  flags: ConnectionFlags,
  name: SecretName,
  environment: Context['host']['environment'],
): Promise<Setting<string> | undefined> {
  const io = { environment, uid: host.uid, openStdin: () => host.stdin, warn };
  return givenSecret(name, { stdin: flags[`${name}Stdin`], file: flags[`${name}File`] }, io);
}
