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
  /** Asked for the secrets that are not stored with it. */
  readonly credentialCommand?: CredentialCommand;
}

/** A program that gives secrets, and what they are for. */
export interface CredentialCommand {
  /** The program and its arguments; no shell reads them. */
  readonly argv: readonly string[];
  /** What its secrets belong to. It is not run for anything else. */
  readonly origin: string;
}

/** The settings of the table as a profile stores them; `url` and `onlineUrl` are as they were given. */
export type ProfileSettings = { readonly [K in SettingName]?: SettingValue<K> };

/** What is no setting of the table. */
const ownMembers = ['allowHttp', 'credentialCommand'] as const;

/** The members of a stored profile. */
export const profileMembers: readonly string[] = ['extends', ...settingNames, ...ownMembers];

/** Members that could weaken the network or run code: what is imported has them only if it is trusted. */
export const riskyMembers: readonly ((typeof ownMembers)[number] | SettingName)[] = [
  ...ownMembers,
  ...settingNames.filter((name) => ruleOf(name).risky),
];

/** The secrets of one profile, by kind. */
export type Secrets = { readonly [K in SecretName]?: string };

/** Secrets as stored: with the origin (scheme://host:port) that they were stored for. */
export interface StoredSecrets {
  readonly origin: string;
  /** Those in the file itself. */
  readonly secrets: Secrets;
  /** The accounts of those in the keychain of the system; absent where there are none. */
  readonly keychain?: Secrets;
}

/** The members of a stored entry of secrets. */
export const storedSecretMembers: readonly string[] = ['origin', 'keychain', ...secretNames];

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
  const credentialCommand = commandIn(members, place);
  const rivals = rivalParts(settings);
  if (rivals !== undefined) throw invalid(place, rivals[0], `and "${rivals[1]}" are two addresses`);
  return {
    ...(base === undefined ? {} : { extends: base }),
    // Each was read by the rule that its type is taken from.
    ...(settings as ProfileSettings),
    ...(allowHttp === undefined ? {} : { allowHttp }),
    ...(credentialCommand === undefined ? {} : { credentialCommand }),
  };
}

function commandIn(members: Members, place: Place): CredentialCommand | undefined {
  const command = own(members, 'credentialCommand');
  if (command === undefined) return undefined;
  const [argv, origin] = isMembers(command) ? [own(command, 'argv'), own(command, 'origin')] : [];
  if (isCommand(argv) && typeof origin === 'string' && origin !== '') return { argv, origin };
  throw invalid(place, 'credentialCommand', 'must hold "argv", a list of words, and the "origin" it is for');
}

/** Whether it is a program and its arguments. */
export function isCommand(value: unknown): value is readonly string[] {
  const words = Array.isArray(value) ? (value as readonly unknown[]) : [];
  return (
    words.length > 0 &&
    words[0] !== '' &&
    words.every((word) => typeof word === 'string' && !word.includes('\0'))
  );
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
  const secrets = textsByKind(members, place);
  const keychain = own(members, 'keychain');
  if (keychain === undefined) return { origin, secrets };
  if (!isMembers(keychain)) throw invalid(place, 'keychain', 'must be an object');
  const accounts = textsByKind(keychain, place);
  const twice = secretNames.find((kind) => accounts[kind] !== undefined && secrets[kind] !== undefined);
  if (twice !== undefined) throw invalid(place, twice, 'is in the keychain too');
  return { origin, secrets, keychain: accounts };
}

/** The texts of an object by kind of secret. */
export function textsByKind(members: Members, place: Place): Secrets {
  const texts: { [K in SecretName]?: string } = {};
  for (const kind of secretNames) {
    const text = optional(members, kind, 'string', place);
    if (text !== undefined) texts[kind] = text;
  }
  return texts;
}

/** The kinds of secret that are stored, wherever. */
export function storedKinds(stored: StoredSecrets | undefined): readonly SecretName[] {
  return secretNames.filter(
    (kind) => stored?.secrets[kind] !== undefined || stored?.keychain?.[kind] !== undefined,
  );
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
  throw unfit(place, 'it must be an object');
}

function invalid(place: Place, member: string, rule: string): ErpsyncError {
  return unfit(place, `"${member}" ${rule}`);
}

function unfit({ file, name, remedy }: Place, why: string): ErpsyncError {
  return configError({
    what: `profile ${JSON.stringify(name)} in ${file} cannot be used`,
    why,
    next:
      remedy ??
      `correct the file, update erpsync if a newer one wrote it, or run: erpsync profile remove ${shellWord(name)}`,
  });
}
