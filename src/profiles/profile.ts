import { configError, type ErpsyncError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import { rivalParts } from './address.ts';
import { ruleOf, type SettingName, type SettingValue, settingNames } from './setting-table.ts';

/** The kinds of secret that can be stored for a profile. */
export const secretNames = [
  'password',
  'ticket',
  'token',
  'cookie',
  'xsrfToken',
  'appToken',
  'systemUserToken',
  'privateKey',
  'refreshToken',
  'proxyPassword',
] as const;
/** One of {@link secretNames}. */
export type SecretName = (typeof secretNames)[number];

/** What a profile itself says, without its secrets; what it does not say may be inherited. */
export interface Profile extends ProfileSettings {
  /** The profile whose settings and secrets this one inherits. */
  readonly extends?: string;
  /** Whether its own url or onlineUrl may be http to a host other than loopback. Default false. */
  readonly allowHttp?: boolean;
}

/** The settings of the table as a profile stores them; `url` and `onlineUrl` are as they were given. */
export type ProfileSettings = { readonly [K in SettingName]?: SettingValue<K> };

/** The members of a stored profile. */
export const profileMembers: readonly string[] = ['extends', ...settingNames, 'allowHttp'];

/** Members that could weaken the network or run code: what is imported has them only if it is trusted. */
export const riskyMembers: readonly ('allowHttp' | SettingName)[] = [
  'allowHttp',
  ...settingNames.filter((name) => ruleOf(name).risky),
];

/** The secrets of one profile, by kind. */
export type Secrets = { readonly [K in SecretName]?: string };

/** Secrets as stored: with the origin (scheme://host:port) that they were stored for. */
export interface StoredSecrets {
  readonly origin: string;
  readonly secrets: Secrets;
}

/** The members of an object of a file, before they are checked. */
export type Members = Readonly<Record<string, unknown>>;

/** Where an entry stands: for error messages. */
interface Place {
  readonly file: string;
  readonly name: string;
  /** What to do about it; without it what helps with a stored profile. */
  readonly remedy?: string;
}

/**
 * A profile from the file's object; members that are not known here are left out. One that extends no
 * other has an address (or an environment for those that extend it) and a scheme of its own.
 *
 * @throws ErpsyncError `config` naming file, profile and member.
 */
export function parseProfile(entry: unknown, place: Place): Profile {
  const members = objectOf(entry, place);
  const base = optional(members, 'extends', 'string', place);
  if (base === '') throw invalid(place, 'extends', 'must be the name of a profile');
  const settings: { [K in SettingName]?: string } = {};
  for (const name of settingNames) {
    const text = optional(members, name, 'string', place);
    const needed = base === undefined && (name === 'auth' || (name === 'url' && !isOnline(members)));
    if (text === undefined && !needed) continue;
    const value = text === undefined ? undefined : ruleOf(name).read(text);
    if (value === undefined) throw invalid(place, name, `must be ${ruleOf(name).allowed}`);
    settings[name] = value;
  }
  const allowHttp = optional(members, 'allowHttp', 'boolean', place);
  const rivals = rivalParts(settings);
  if (rivals !== undefined) throw invalid(place, rivals[0], `and "${rivals[1]}" are two addresses`);
  return {
    ...(base === undefined ? {} : { extends: base }),
    // Each was read by the rule that its type is taken from.
    ...(settings as ProfileSettings),
    ...(allowHttp === undefined ? {} : { allowHttp }),
  };
}

/**
 * The secrets of a profile from the file's object; members that are not known here are left out.
 *
 * @throws ErpsyncError `config` naming file, profile and member, never the value.
 */
export function parseSecrets(entry: unknown, place: Place): StoredSecrets {
  const members = objectOf(entry, place);
  const origin = optional(members, 'origin', 'string', place);
  if (origin === undefined || origin === '') throw invalid(place, 'origin', 'must be an origin');
  const secrets: { [K in SecretName]?: string } = {};
  for (const kind of secretNames) {
    const secret = optional(members, kind, 'string', place);
    if (secret !== undefined) secrets[kind] = secret;
  }
  return { origin, secrets };
}

/** Whether it names a tenant of SuperOffice Online, or an environment for profiles that extend it. */
function isOnline(members: Members): boolean {
  return (['tenant', 'environment', 'onlineUrl'] as const).some((part) => own(members, part) !== undefined);
}

/** Whether a value of a file is an object with members: no array, not null. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of the object itself: `constructor` and the like are not found on its prototype. */
export function own(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** The members of an entry of a file besides the named ones: what a newer erpsync may have written. */
export function othersIn(entry: unknown, names: readonly string[]): Members {
  if (!isMembers(entry)) return {};
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !names.includes(name)));
}

interface Primitives {
  readonly string: string;
  readonly boolean: boolean;
}

function optional<K extends keyof Primitives>(
  members: Members,
  member: string,
  type: K,
  place: Place,
): Primitives[K] | undefined {
  const value = own(members, member);
  if (value === undefined || hasType(value, type)) return value;
  throw invalid(place, member, `must be a ${type}`);
}

function hasType<K extends keyof Primitives>(value: unknown, type: K): value is Primitives[K] {
  return typeof value === type;
}

function objectOf(entry: unknown, place: Place): Members {
  if (isMembers(entry)) return entry;
  const message = `${place.file}: profile ${JSON.stringify(place.name)} must be an object`;
  throw configError(message, remedy(place));
}

function invalid(place: Place, member: string, rule: string): ErpsyncError {
  const message = `${place.file}: "${member}" of profile ${JSON.stringify(place.name)} ${rule}`;
  return configError(message, remedy(place));
}

function remedy({ name, remedy: told }: Place): string {
  if (told !== undefined) return told;
  return `correct the file, update erpsync if a newer one wrote it, or run: erpsync profile remove ${shellWord(name)}`;
}
