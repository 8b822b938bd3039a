/** Effective settings: flag, then environment, then profile, then default, each with its origin. */
import { configError, ErpsyncError } from '../errors.ts';
import { type AuthScheme, authSchemes, type Profile } from './profile.ts';
import { unknownProfile } from './profile-name.ts';
import { normaliseUrl } from './server-url.ts';
import type { ProfileStore, StoredProfiles } from './store.ts';

/** A value and where it came from. */
export interface Setting<T> {
  readonly value: T;
  /** What errors and explanations name: `--url`, `ERPSYNC_URL`, `profile "prod"`, `default`. */
  readonly from: string;
}

/** Settings given on the command line. */
export interface GivenSettings {
  readonly profile: string | undefined;
  readonly url: string | undefined;
  readonly auth: AuthScheme | undefined;
  readonly username: string | undefined;
  readonly allowHttp: boolean;
}

/** How a profile may be chosen when none is named. */
export interface Circumstances {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a person sits at the terminal. */
  readonly atTerminal: boolean;
  /** Whether the command changes something on the server. */
  readonly writes: boolean;
}

/** The settings of a connection. */
export interface Settings {
  /** Undefined when everything came from flags and environment. */
  readonly profile: Setting<string> | undefined;
  readonly url: Setting<string>;
  readonly auth: Setting<AuthScheme>;
  readonly username: Setting<string> | undefined;
}

/** An environment variable; an empty one counts as not set. */
export function variable(environment: Circumstances['environment'], name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value === '' ? undefined : value;
}

/**
 * Works the settings out. There is no fallback to another profile: a name that is not stored is an error.
 *
 * @throws ErpsyncError (config, usage)
 */
export async function resolveSettings(
  given: GivenSettings,
  store: ProfileStore,
  circumstances: Circumstances,
): Promise<Settings> {
  const { environment } = circumstances;
  const stored = await store.read();
  const profile = chooseProfile(given.profile, stored, circumstances, given.url !== undefined);
  const values: Partial<Profile> = (profile && stored.profiles.get(profile.value)) ?? {};
  const inProfile = `profile "${profile?.value}"`;

  const pick = (flag: string | undefined, name: string, variableName: string, own: string | undefined) => {
    if (flag !== undefined) return { value: flag, from: name };
    const fromEnvironment = variable(environment, variableName);
    if (fromEnvironment !== undefined) return { value: fromEnvironment, from: variableName };
    return own === undefined ? undefined : { value: own, from: inProfile };
  };

  const url = pick(given.url, '--url', 'ERPSYNC_URL', values.url);
  if (url === undefined) throw noProfile(stored);
  const fromProfile = url.from === inProfile;
  const auth = pick(given.auth, '--auth', 'ERPSYNC_AUTH', values.auth) ?? { value: 'basic', from: 'default' };
  return {
    profile,
    url: {
      value: normaliseUrl(url.value, {
        where: url.from,
        allowHttp: given.allowHttp || (fromProfile && values.allowHttp === true),
        code: fromProfile ? 'config' : 'usage',
      }),
      from: url.from,
    },
    auth: { value: knownScheme(auth), from: auth.from },
    username: pick(given.username, '--username', 'ERPSYNC_USERNAME', values.username),
  };
}

/**
 * Which stored profile a command uses: the named one; else the only one; else, at a terminal or to read,
 * the one of `profile use`. Undefined when none is stored, or none can be chosen and a URL is given.
 *
 * @throws ErpsyncError (config) for an unknown name, and when several are stored and none may be chosen
 */
export function chooseProfile(
  named: string | undefined,
  { profiles, current }: StoredProfiles,
  { environment, atTerminal, writes }: Circumstances,
  urlGiven = false,
): Setting<string> | undefined {
  const name = named ?? variable(environment, 'ERPSYNC_PROFILE');
  if (name !== undefined) {
    if (!profiles.has(name)) throw unknownProfile(name, profiles.keys());
    return { value: name, from: named === undefined ? 'ERPSYNC_PROFILE' : '--profile' };
  }
  const [only, ...others] = profiles.keys();
  if (only === undefined) return undefined;
  if (others.length === 0) return { value: only, from: 'the only profile' };
  const chosen = current !== undefined && profiles.has(current) ? current : undefined;
  if (chosen !== undefined && (atTerminal || !writes)) return { value: chosen, from: 'profile use' };
  if (urlGiven || variable(environment, 'ERPSYNC_URL') !== undefined) return undefined;
  const names = [...profiles.keys()].join(', ');
  if (chosen === undefined)
    throw configError(`several profiles are stored (${names})`, 'name one with --profile');
  throw configError(
    `several profiles are stored (${names}), and without a terminal the one of "profile use" is not taken for a command that changes something`,
    'name one with --profile or ERPSYNC_PROFILE',
  );
}

function noProfile({ profiles }: StoredProfiles): ErpsyncError {
  const what = profiles.size === 0 ? 'no profile is stored and no --url is given' : 'no url is given';
  return configError(what, 'add one: erpsync profile add <name> --url <url> --username <name>');
}

/** @throws ErpsyncError (usage) for a word that names no scheme */
export function knownScheme({ value, from }: Setting<string>): AuthScheme {
  const known = authSchemes.find((scheme) => scheme === value);
  if (known !== undefined) return known;
  throw new ErpsyncError(
    'usage',
    `${from}: ${JSON.stringify(value)} is not one of ${authSchemes.join(', ')}`,
  );
}
