/** Effective settings: flag, then environment, then profile, then default, each with its origin. */
import { configError, type ErpsyncError } from '../errors.ts';
import { holderOf, inherited, type Lineage, lineageOf } from './inheritance.ts';
import { unknownProfile } from './profile-name.ts';
import { proxyVariable } from './proxy-variable.ts';
import { normaliseUrl } from './server-url.ts';
import { readSetting, ruleOf, type SettingName, type SettingValue } from './setting-table.ts';
import type { ProfileStore, StoredProfiles } from './store.ts';

/** A value and where it came from. */
export interface Setting<T> {
  readonly value: T;
  /** What errors and explanations name: `--url`, `ERPSYNC_URL`, `profile "prod"`, `default`. */
  readonly from: string;
}

/** Settings given on the command line. */
export type GivenSettings = { readonly [K in SettingName]?: SettingValue<K> | undefined } & {
  readonly profile?: string | undefined;
  readonly allowHttp: boolean;
};

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
  /** That profile and those it inherits from; empty without one. */
  readonly line: Lineage;
  readonly url: Setting<string>;
  readonly auth: Setting<SettingValue<'auth'>>;
  readonly username: Setting<string> | undefined;
  readonly transport: Setting<SettingValue<'transport'>>;
  readonly services: Setting<SettingValue<'services'>>;
  readonly soapVersion: Setting<SettingValue<'soapVersion'>>;
  readonly caFile: Setting<string> | undefined;
  readonly clientCert: Setting<string> | undefined;
  readonly clientKey: Setting<string> | undefined;
  /** The address of a proxy; undefined for none. */
  readonly proxy: Setting<string> | undefined;
  readonly language: Setting<string>;
  readonly timeZone: Setting<string> | undefined;
  readonly timespan: Setting<SettingValue<'timespan'>>;
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
  const line = profile === undefined ? [] : lineageOf(profile.value, stored.profiles);
  const find = <K extends SettingName>(name: K) => findSetting(name, given, line, environment);
  const url = effectiveUrl(given, line, environment);
  if (url === undefined) throw noProfile(stored);
  return {
    profile,
    line,
    url,
    auth: find('auth') ?? { value: 'basic', from: 'default' },
    username: find('username'),
    transport: find('transport') ?? { value: 'rest', from: 'default' },
    services: find('services') ?? { value: '88', from: 'default' },
    soapVersion: find('soapVersion') ?? { value: '1.1', from: 'default' },
    caFile: find('caFile'),
    clientCert: find('clientCert'),
    clientKey: find('clientKey'),
    proxy: effectiveProxy(given, line, environment, url.value),
    language: find('language') ?? { value: 'en', from: 'default' },
    timeZone: find('timeZone'),
    timespan: find('timespan') ?? { value: 'clock', from: 'default' },
  };
}

/**
 * A setting from the first of flag, variable, profile, the profiles behind it, and its default.
 *
 * @throws ErpsyncError (usage) for a variable with a text that is not allowed
 */
export function findSetting<K extends SettingName>(
  name: K,
  given: GivenSettings,
  line: Lineage,
  environment: Circumstances['environment'],
): Setting<SettingValue<K>> | undefined {
  const { flag, variable: variableName, fallback } = ruleOf(name);
  const fromFlag = given[name];
  // A flag's value was read by the rule that its type is taken from.
  if (fromFlag !== undefined) return { value: fromFlag as SettingValue<K>, from: flag };
  const text = variable(environment, variableName);
  if (text !== undefined) return { value: readSetting(name, text, variableName), from: variableName };
  const holder = holderOf(line, name);
  const stored = inherited(line, name);
  if (holder !== undefined && stored !== undefined) {
    return { value: stored as SettingValue<K>, from: `profile "${holder.name}"` };
  }
  return fallback === undefined ? undefined : { value: readSetting(name, fallback, flag), from: 'default' };
}

/**
 * The address in its one form, or undefined where nothing names one. That a profile allows http holds for
 * its own address alone, not for another one that a flag, a variable or an heir puts in its place.
 *
 * @throws ErpsyncError (usage, config) for an address that cannot be used; it never repeats the text
 */
export function effectiveUrl(
  given: GivenSettings,
  line: Lineage,
  environment: Circumstances['environment'],
): Setting<string> | undefined {
  const found = findSetting('url', given, line, environment);
  if (found === undefined) return undefined;
  const typed = [ruleOf('url').flag, ruleOf('url').variable].includes(found.from);
  const allowed = !typed && holderOf(line, 'url')?.profile.allowHttp === true;
  const rules = {
    where: found.from,
    allowHttp: given.allowHttp || allowed,
    code: typed ? 'usage' : 'config',
  } as const;
  return { value: normaliseUrl(found.value, rules), from: found.from };
}

/**
 * The proxy that an address is reached through, or undefined for none: the usual variables (`HTTPS_PROXY`,
 * `HTTP_PROXY`, `NO_PROXY`) come after our own one and before the profile.
 */
export function effectiveProxy(
  given: GivenSettings,
  line: Lineage,
  environment: Circumstances['environment'],
  url: string,
): Setting<string> | undefined {
  const found = findSetting('proxy', given, line, environment);
  const typed = found !== undefined && [ruleOf('proxy').flag, ruleOf('proxy').variable].includes(found.from);
  const usual = typed ? undefined : proxyVariable(new URL(url), environment);
  const proxy = usual === undefined ? found : { value: usual.value, from: usual.name };
  return proxy?.value === 'none' ? undefined : proxy;
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
