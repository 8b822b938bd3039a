/** Effective settings: flag, then environment, then profile, then default, each with its origin. */
import { excluding, unusable } from '../error-words.ts';
import { configError, ErpsyncError, type ErrorParts, internalError } from '../errors.ts';
import {
  type Address,
  type AddressPart,
  addressParts,
  countingParts,
  environmentsInWords,
  onlineOf,
  rivalParts,
  type SaidAddress,
} from './address.ts';
import { holderOf, inherited, type Lineage, lineageOf } from './inheritance.ts';
import { noneNamed, unknownProfile } from './profile-name.ts';
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
  readonly address: Setting<Address>;
  readonly auth: Setting<SettingValue<'auth'>>;
  readonly username: Setting<string> | undefined;
  /** The id of the app, for auth oidc. */
  readonly clientId: Setting<string> | undefined;
  readonly transport: Setting<SettingValue<'transport'>>;
  readonly services: Setting<SettingValue<'services'>>;
  readonly soapVersion: Setting<SettingValue<'soapVersion'>>;
  readonly caFile: Setting<string> | undefined;
  readonly clientCert: Setting<string> | undefined;
  readonly clientKey: Setting<string> | undefined;
  /** Whether certificates are checked; `no` only for an address that a profile holds. */
  readonly verifyTls: Setting<SettingValue<'verifyTls'>>;
  /** The proxy that a URL is reached through; undefined for none. Online there are hosts beside the tenant's own. */
  readonly proxyTo: (url: string) => Setting<string> | undefined;
  readonly language: Setting<string>;
  readonly timeZone: Setting<string> | undefined;
  readonly timespan: Setting<SettingValue<'timespan'>>;
  /** Requests a second; 0 is no limit. */
  readonly rate: Setting<string>;
  /** A pattern of names. */
  readonly taskName: Setting<string>;
}

/** An environment variable; an empty one counts as not set, as does one that there is not. */
export function variable(environment: Circumstances['environment'], name: string | null): string | undefined {
  const value = name === null ? undefined : environment[name];
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
  const profile = chooseProfile(given.profile, stored, circumstances, namesServer(given));
  const line = profile === undefined ? [] : lineageOf(profile.value, stored.profiles);
  const find = <K extends SettingName>(name: K) => findSetting(name, given, line, environment);
  const certain = <K extends SettingName>(name: K): Setting<SettingValue<K>> => {
    const found = find(name);
    if (found === undefined) throw internalError(`the setting ${name} has no default`);
    return found;
  };
  const address = effectiveAddress(given, line, environment);
  if (address === undefined) throw noProfile(stored);
  return {
    profile,
    line,
    address,
    auth: certain('auth'),
    username: find('username'),
    clientId: find('clientId'),
    transport: certain('transport'),
    services: certain('services'),
    soapVersion: certain('soapVersion'),
    caFile: find('caFile'),
    clientCert: find('clientCert'),
    clientKey: find('clientKey'),
    verifyTls: effectiveVerification(address, line, environment),
    proxyTo: (url) => effectiveProxy(given, line, environment, url),
    language: certain('language'),
    timeZone: find('timeZone'),
    timespan: certain('timespan'),
    rate: certain('rate'),
    taskName: certain('taskName'),
  };
}

/** That a profile takes any certificate does not hold for an address that a flag or a variable puts in its place. */
export function effectiveVerification(
  { from }: Setting<Address>,
  line: Lineage,
  environment: Circumstances['environment'],
): Setting<SettingValue<'verifyTls'>> {
  const found = from.startsWith('profile ')
    ? findSetting('verifyTls', { allowHttp: false }, line, environment)
    : undefined;
  return found ?? { value: 'yes', from: 'default' };
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
  if (variableName !== null && text !== undefined)
    return { value: readSetting(name, text, variableName), from: variableName };
  const holder = holderOf(line, name);
  const stored = inherited(line, name);
  if (holder !== undefined && stored !== undefined) {
    return { value: stored as SettingValue<K>, from: `profile "${holder.name}"` };
  }
  return fallback === undefined ? undefined : { value: readSetting(name, fallback, flag), from: 'default' };
}

/**
 * The address, or undefined where nothing names one. That a profile allows http holds for its own address alone,
 * not for another one that a flag, a variable or an heir puts in its place.
 *
 * @throws ErpsyncError (usage, config) for an address that cannot be used; it never repeats the text of a URL
 */
export function effectiveAddress(
  given: GivenSettings,
  line: Lineage,
  environment: Circumstances['environment'],
): Setting<Address> | undefined {
  const parts = effectiveParts(given, line, environment);
  const { url, tenant } = parts;
  if (url !== undefined) return { value: { kind: 'url', url: url.value }, from: url.from };
  const place = parts.environment ?? parts.onlineUrl;
  if (tenant === undefined) {
    if (place === undefined) return undefined;
    throw refusal(place, {
      what: '--tenant is missing',
      why: `nothing says which tenant is meant in the environment that ${place.from} names`,
      next: 'give one, as in --tenant Cust12345, or name a profile that has one with --profile',
    });
  }
  if (place === undefined) {
    throw refusal(tenant, {
      what: '--env is missing',
      why: `nothing says in which environment the tenant is that ${tenant.from} names`,
      next: `give --env or set ERPSYNC_ENV: ${environmentsInWords}`,
    });
  }
  const online = parts.environment
    ? onlineOf({ environment: readSetting('environment', parts.environment.value, parts.environment.from) })
    : onlineOf({ onlineUrl: place.value });
  const from = place.rank < tenant.rank ? place.from : tenant.from;
  return { value: { kind: 'tenant', tenant: tenant.value, online }, from };
}

/** A part of the address, and how far off the place is that says it: 0 for the flags. */
interface PartSetting extends Setting<string> {
  readonly rank: number;
  readonly typed: boolean;
}

/**
 * The parts that the address is made of, URLs in their one form.
 *
 * @throws ErpsyncError (usage, config)
 */
export function effectiveParts(
  given: GivenSettings,
  line: Lineage,
  environment: Circumstances['environment'],
): { readonly [P in AddressPart]?: PartSetting } {
  const flags: SaidAddress = Object.fromEntries(addressParts.map((part) => [part, given[part]]));
  const variables = variableParts(environment);
  const places = [flags, variables, ...line.map(({ profile }) => profile)];
  const counting = countingParts(places);
  refuseRivals(flags, 'flag');
  if (Object.values(counting).includes(variables)) refuseRivals(variables, 'variable');
  const parts: { [P in AddressPart]?: PartSetting } = {};
  for (const part of addressParts) {
    const place = counting[part];
    if (place === undefined) {
      if (flags[part] === undefined) continue;
      throw unusable(ruleOf(part).flag, 'it goes with a tenant, and a url is set', 'give --tenant too');
    }
    const rank = places.indexOf(place);
    const typed = rank < 2;
    const from =
      [ruleOf(part).flag, ruleOf(part).variable ?? undefined][rank] ??
      `profile ${JSON.stringify(line[rank - 2]?.name)}`;
    const code = typed ? 'usage' : 'config';
    const text = readSetting(part, place[part] ?? '', from, code);
    const allowHttp = given.allowHttp || (!typed && line[rank - 2]?.profile.allowHttp === true);
    const isUrl = part === 'url' || part === 'onlineUrl';
    const value = isUrl ? normaliseUrl(text, { where: from, allowHttp, code }) : text;
    parts[part] = { value, from, rank, typed };
  }
  return parts;
}

function refuseRivals(said: SaidAddress, kind: 'flag' | 'variable'): void {
  const rivals = rivalParts(said);
  if (rivals === undefined) return;
  throw excluding(
    rivals.map((part) => String(ruleOf(part)[kind])),
    'each says where the server is',
  );
}

function refusal({ typed }: PartSetting, parts: ErrorParts): ErpsyncError {
  return new ErpsyncError(typed ? 'usage' : 'config', parts);
}

/** Whether flags, or else variables, name a server of their own. */
export function namesServer({ url, tenant }: SaidAddress): boolean {
  return url !== undefined || tenant !== undefined;
}

function variableParts(environment: Circumstances['environment']): SaidAddress {
  return Object.fromEntries(addressParts.map((part) => [part, variable(environment, ruleOf(part).variable)]));
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
 * the one of `profile use`. Undefined when none is stored, or none can be chosen and a server is given.
 *
 * @throws ErpsyncError (config) for an unknown name, and when several are stored and none may be chosen
 */
export function chooseProfile(
  named: string | undefined,
  { profiles, current }: StoredProfiles,
  { environment, atTerminal, writes }: Circumstances,
  serverGiven = false,
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
  if (serverGiven || namesServer(variableParts(environment))) return undefined;
  throw noneNamed([...profiles.keys()], chosen !== undefined);
}

function noProfile({ profiles }: StoredProfiles): ErpsyncError {
  const none = profiles.size === 0 ? 'no profile is stored and no' : 'no';
  return configError({
    what: 'there is no server to talk to',
    why: `${none} --url or --tenant is given`,
    next: 'add one: erpsync profile add <name> --url <url> --username <name>; or try one on this machine: erpsync sandbox',
  });
}
