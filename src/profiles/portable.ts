/** Profiles as a document that goes from machine to machine: never with a secret. */
import { configError } from '../errors.ts';
import { didYouMean } from '../nearest-name.ts';
import { lineageOf } from './inheritance.ts';
import { noExport, readMembers } from './portable-text.ts';
import {
  isMembers,
  type Members,
  othersIn,
  own,
  type Profile,
  parseProfile,
  profileMembers,
  riskyMembers,
} from './profile.ts';
import { checkProfileName, unknownProfile } from './profile-name.ts';
import { normaliseUrl } from './server-url.ts';

/** The version of the document. */
export const portableVersion = 1;

/** What to do about what a document says wrong. */
const correctIt = 'correct it there, and run the same command again';

/** A setting that was left out of a document, since it was not said to be trusted. */
export interface Dropped {
  readonly profile: string;
  readonly member: string;
}

/** The profiles of a document. */
export interface PortableProfiles {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly dropped: readonly Dropped[];
}

/**
 * The named profiles, or all, with those that they extend, in the order in which they are stored.
 *
 * @throws ErpsyncError (config) for an unknown name, a broken chain of `extends`, and an address that
 *   holds a password: it would go along
 */
export function portableProfiles(
  names: readonly string[],
  profiles: ReadonlyMap<string, Profile>,
): ReadonlyMap<string, Profile> {
  const wanted = new Set<string>();
  for (const name of names.length === 0 ? profiles.keys() : names) {
    if (!profiles.has(name)) throw unknownProfile(name, profiles.keys());
    for (const each of lineageOf(name, profiles)) wanted.add(each.name);
  }
  const chosen = [...profiles].filter(([name]) => wanted.has(name));
  return new Map(chosen.map(([name, profile]) => [name, withGoodUrl(profile, `profile "${name}"`)]));
}

/**
 * Reads a document. Without trust, what could weaken the network is left out and named.
 *
 * @param from what errors name: a path, or standard input
 * @throws ErpsyncError (config) for what is no such document, and for members that are not known; (usage)
 *   for a name that no profile can have
 */
export async function readPortable(text: string, from: string, trusted: boolean): Promise<PortableProfiles> {
  const document = await readMembers(text, from);
  refuseUnknown(othersIn(document, ['schemaVersion', 'command', 'profiles']), from);
  const entries = own(document, 'profiles');
  if (own(document, 'schemaVersion') !== portableVersion || !isMembers(entries)) {
    throw noExport(from, `it has not "schemaVersion": ${portableVersion} and "profiles"`);
  }
  const profiles = new Map<string, Profile>();
  const dropped: Dropped[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    checkProfileName(name, from);
    const where = `profile "${name}" in ${from}`;
    refuseUnknown(othersIn(entry, profileMembers), where);
    const profile = parseProfile(entry, { file: from, name, remedy: correctIt });
    const risky = trusted ? [] : riskyMembers.filter((member) => profile[member] !== undefined);
    const named = risky.filter((member) => profile[member] !== false);
    dropped.push(...named.map((member) => ({ profile: name, member })));
    const safe = Object.entries(profile).filter(([member]) => !risky.some((each) => each === member));
    // What is left is what was parsed.
    profiles.set(name, withGoodUrl(Object.fromEntries(safe) as Profile, where));
  }
  return { profiles, dropped };
}

/** With its URLs in their one form. That http is not allowed for them yet shows when they are used. */
function withGoodUrl(profile: Profile, where: string): Profile {
  const urls = (['url', 'onlineUrl'] as const).flatMap((part) => {
    const text = profile[part];
    return text === undefined
      ? []
      : [[part, normaliseUrl(text, { where, allowHttp: true, code: 'config' })] as const];
  });
  return { ...profile, ...Object.fromEntries(urls) };
}

function refuseUnknown(others: Members, where: string): void {
  const names = Object.keys(others);
  if (names.length === 0) return;
  const nearest = didYouMean(names[0] ?? '', profileMembers);
  throw configError({
    what: `${where} cannot be imported`,
    why: `an export has no ${names.map((name) => JSON.stringify(name)).join(', ')}`,
    next:
      nearest === undefined
        ? 'take it out; secrets are given afterwards: erpsync profile set <name> --password-file <file>'
        : `${nearest} ${correctIt[0]?.toUpperCase()}${correctIt.slice(1)}`,
  });
}
