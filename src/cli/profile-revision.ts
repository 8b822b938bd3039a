/** `profile set`: what a stored profile becomes when some of it changes. Decides everything, does nothing. */
import { configError, usageError } from '../errors.ts';
import { misplacedSecret } from '../identity/placement.ts';
import { secretSources } from '../identity/secrets.ts';
import { environmentsInWords, replacedParts, rivalParts } from '../profiles/address.ts';
import { heirsOf, inherited, lineageOf, originIn, traceLineage } from '../profiles/inheritance.ts';
import {
  type Profile,
  type ProfileSettings,
  type SecretName,
  type Secrets,
  type StoredSecrets,
  secretNames,
} from '../profiles/profile.ts';
import { normaliseUrl, originOf } from '../profiles/server-url.ts';
import { accountOf, type SettingName, settingNames } from '../profiles/setting-table.ts';
import type { ProfileEntry, StoreView } from '../profiles/store.ts';
import { flagName } from './flags.ts';
import { checkSendable, type GivenSecrets, secretsFitting, valuesOf } from './secret-input.ts';

/** What a profile can be rid of. */
export const unsettable = ['extends', ...settingNames, 'allowHttp', ...secretNames] as const;
/** One of {@link unsettable}. */
export type Unsettable = 'extends' | SettingName | 'allowHttp' | SecretName;

/** What shall change; nothing else does. */
export interface ProfileChanges {
  readonly settings: ProfileSettings;
  readonly extends: string | undefined;
  readonly allowHttp: boolean;
  readonly secrets: GivenSecrets;
  readonly unset: readonly Unsettable[];
}

/** The profile as it shall be stored, and what to tell about it. */
export interface Revision extends ProfileEntry {
  /** The members and secrets that are other than before. */
  readonly changed: readonly Unsettable[];
  /** What its heirs can no longer do, a line for each. */
  readonly warnings: readonly string[];
}

/**
 * Works out what a stored profile becomes. A stored secret never moves to another origin: when the address
 * changes, every secret comes anew in the same call or goes.
 *
 * @throws ErpsyncError (usage, config)
 */
export function revisedProfile(name: string, changes: ProfileChanges, before: StoreView): Revision {
  const old = before.profiles.get(name) ?? {};
  const profile = withChanges(name, old, changes);
  const profiles = new Map(before.profiles).set(name, profile);
  const line = lineageOf(name, profiles);
  const auth = inherited(line, 'auth') ?? 'basic';
  const login = (['auth', 'username', 'clientId', 'extends'] as const).some(
    (member) => old[member] !== profile[member],
  );
  const account = accountOf[auth];
  if (login && account !== undefined && inherited(line, account.member) === undefined) {
    const hint = `auth ${auth} needs one; give ${flagName(account.member)}`;
    throw usageError(`profile "${name}" would have no ${account.words}`, hint);
  }
  const origins = { before: originIn(traceLineage(name, before.profiles).line), after: originIn(line) };
  const oldSecrets = before.secretsOf(name);
  const fresh = valuesOf(secretsFitting(changes.secrets, auth, inherited(line, 'proxy')));
  const secrets = withGiven(name, oldSecrets, fresh, changes.unset, origins);
  checkSendable(auth, inherited(line, 'username'), valuesOf(changes.secrets));
  const secretsAfter = (each: string) => (each === name ? secrets : before.secretsOf(each));
  const after: StoreView = { profiles, secretsOf: secretsAfter };
  if (login || origins.before !== origins.after) refuseMisplaced(name, after);
  return {
    profile,
    secrets,
    changed: unsettable.filter((member) => !same(member, [old, oldSecrets], [profile, secrets])),
    warnings: heirWarnings(name, before, after),
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function withChanges(name: string, old: Profile, changes: ProfileChanges): Profile {
  const { settings, unset } = changes;
  const next: Mutable<Profile> = { ...withoutRivals(old, settings), ...settings };
  if (changes.extends !== undefined) next.extends = changes.extends;
  if (changes.allowHttp) next.allowHttp = true;
  for (const member of unset) if (isMember(member)) delete next[member];
  refuseIncomplete(name, next);
  const part = next.url === undefined ? 'onlineUrl' : 'url';
  const url = next[part];
  const typed = settings[part] !== undefined;
  if (url === undefined) {
    if (changes.allowHttp) throw noHttp(name);
    delete next.allowHttp;
    return next;
  }
  // What was allowed for one address is not allowed for another one.
  const allowHttp = next.allowHttp === true && (changes.allowHttp || !typed || sameOrigin(old[part], url));
  if (typed || changes.allowHttp || unset.includes('allowHttp')) {
    const where = typed ? flagName(part) : `profile "${name}"`;
    next[part] = normaliseUrl(url, { where, allowHttp, code: typed ? 'usage' : 'config' });
  }
  if (changes.allowHttp && !url.startsWith('http:')) throw noHttp(name);
  if (typed) {
    delete next.allowHttp;
    if (allowHttp && url.startsWith('http:')) next.allowHttp = true;
  }
  return next;
}

/** A profile names one server: a part of another address takes the place of those that were there. */
function withoutRivals(old: Profile, settings: ProfileSettings): Profile {
  const rivals = rivalParts(settings);
  if (rivals !== undefined) {
    throw usageError(`${rivals.map(flagName).join(' and ')} are two addresses`, 'give one of them');
  }
  const next: Mutable<Profile> = { ...old };
  for (const part of replacedParts(settings)) delete next[part];
  return next;
}

function isMember(member: Unsettable): member is keyof Profile {
  return member === 'extends' || member === 'allowHttp' || settingNames.some((name) => name === member);
}

function refuseIncomplete(name: string, next: Profile): void {
  if (next.extends !== undefined) return;
  if (next.tenant !== undefined && next.environment === undefined && next.onlineUrl === undefined) {
    throw usageError(
      `profile "${name}" would not say in which environment tenant ${next.tenant} is`,
      `name it with --env: ${environmentsInWords}`,
    );
  }
  const isOnline = [next.tenant, next.environment, next.onlineUrl].some((part) => part !== undefined);
  const missing = (['url', 'auth'] as const).filter(
    (member) => next[member] === undefined && !(member === 'url' && isOnline),
  );
  if (missing.length === 0) return;
  const flags = missing.map(flagName).join(' and ');
  throw usageError(
    `profile "${name}" would have no ${missing.join(' and no ')}, and extends no other one`,
    `give ${flags}, or a profile that has ${missing.length === 1 ? 'it' : 'them'} with --extends`,
  );
}

function noHttp(name: string): Error {
  return usageError(
    `--allow-http: profile "${name}" has no http:// address of its own`,
    'leave it out, or give the address with --url or --online-url',
  );
}

function sameOrigin(one: string | undefined, other: string): boolean {
  return one !== undefined && URL.canParse(one) && URL.canParse(other) && originOf(one) === originOf(other);
}

function withGiven(
  name: string,
  old: StoredSecrets | undefined,
  fresh: Secrets,
  unset: ProfileChanges['unset'],
  origins: { readonly before: string | undefined; readonly after: string | undefined },
): StoredSecrets | undefined {
  const kept = secretNames.filter(
    (kind) => old?.secrets[kind] !== undefined && fresh[kind] === undefined && !unset.includes(kind),
  );
  const bound = origins.before !== origins.after || Object.keys(fresh).length > 0;
  if (old !== undefined && kept.length > 0 && bound && old.origin !== origins.after) {
    throw staysThere(name, kept, old.origin, origins.after);
  }
  const secrets: Secrets = {
    ...Object.fromEntries(kept.map((kind) => [kind, old?.secrets[kind]])),
    ...fresh,
  };
  if (Object.keys(secrets).length === 0) return undefined;
  const origin = bound ? origins.after : old?.origin;
  if (origin === undefined)
    throw configError(`profile "${name}" has no usable address`, 'give it with --url');
  return { origin, secrets };
}

function staysThere(name: string, kept: readonly SecretName[], from: string, to = 'no address'): Error {
  const words = kept.map((kind) => secretSources[kind].words).join(' and ');
  const flags = kept.map((kind) => `${secretSources[kind].flag}-file`).join(' and ');
  const gone = kept.map((kind) => `--unset ${flagName(kind).slice(2)}`).join(' ');
  return configError(
    `the ${words} of profile "${name}" ${kept.length === 1 ? 'belongs' : 'belong'} to ${from} and cannot go to ${to}; nothing was changed`,
    `give the secrets for that address in the same call with ${flags}, or take them away with ${gone}`,
  );
}

function refuseMisplaced(name: string, after: StoreView): void {
  const misplaced = misplacedSecret(name, after);
  if (misplaced === undefined) return;
  const { words, flag } = secretSources[misplaced.kind];
  const hint = `give the ${words} for that address in the same call with ${flag}-file`;
  throw configError(`${misplaced.problem}; nothing was changed`, hint);
}

/** Heirs whose secrets do not belong to what is now their address, or whose inherited ones do not. */
function heirWarnings(name: string, before: StoreView, after: StoreView): string[] {
  return heirsOf(name, after.profiles).flatMap((heir) => {
    const now = problemOf(heir, after);
    if (now === undefined || problemOf(heir, before) !== undefined) return [];
    const { flag } = secretSources[now.kind];
    return [
      `warning: ${now.problem}; give it the right one: erpsync profile set ${heir} ${flag}-file <file>`,
    ];
  });
}

function problemOf(heir: string, view: StoreView) {
  const { error } = traceLineage(heir, view.profiles);
  return error === undefined ? misplacedSecret(heir, view) : undefined;
}

type Stored = readonly [Profile, StoredSecrets | undefined];

function same(member: Unsettable, [profile, stored]: Stored, [next, nextStored]: Stored): boolean {
  if (isMember(member)) return profile[member] === next[member];
  const [one, other] = [stored?.secrets[member], nextStored?.secrets[member]];
  return one === other && (one === undefined || stored?.origin === nextStored?.origin);
}
