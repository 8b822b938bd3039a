import { configError, type ErpsyncError } from '../errors.ts';
import { shellWord } from './shell-word.ts';

/** How a profile logs in. */
export const authSchemes = ['basic', 'ticket', 'bearer', 'none'] as const;
/** One of {@link authSchemes}. */
export type AuthScheme = (typeof authSchemes)[number];

/** The kinds of secret that can be stored for a profile. */
export const secretNames = ['password', 'ticket', 'token', 'appToken'] as const;
/** One of {@link secretNames}. */
export type SecretName = (typeof secretNames)[number];

/** The settings of one server, without its secrets. */
export interface Profile {
  /** The base URL as it was given. */
  readonly url: string;
  readonly auth: AuthScheme;
  readonly username?: string;
  /** Whether http is allowed to a host other than loopback. Default false. */
  readonly allowHttp?: boolean;
}

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
}

/**
 * A profile from the file's object; members that are not known here are left out.
 *
 * @throws ErpsyncError `config` naming file, profile and member.
 */
export function parseProfile(entry: unknown, place: Place): Profile {
  const members = objectOf(entry, place);
  const url = optional(members, 'url', 'string', place);
  if (url === undefined || url === '') throw invalid(place, 'url', 'must be an address');
  const auth = authSchemes.find((scheme) => scheme === own(members, 'auth'));
  if (auth === undefined) throw invalid(place, 'auth', `must be one of ${authSchemes.join(', ')}`);
  const username = optional(members, 'username', 'string', place);
  const allowHttp = optional(members, 'allowHttp', 'boolean', place);
  return {
    url,
    auth,
    ...(username === undefined ? {} : { username }),
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

/** Whether a value of a file is an object with members: no array, not null. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of the object itself: `constructor` and the like are not found on its prototype. */
export function own(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
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

function remedy({ name }: Place): string {
  return `correct the file, update erpsync if a newer one wrote it, or run: erpsync profile remove ${shellWord(name)}`;
}
