/** `profile set`: what a stored profile becomes when some of it changes. Decides everything, does nothing. */
import { excluding, unusable } from '../error-words.ts';
import { configError, usageError } from '../errors.ts';
import { misplacedSecret, secretsSent } from '../identity/placement.ts';
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
  storedKinds,
} from '../profiles/profile.ts';
import { normaliseUrl, originOf } from '../profiles/server-url.ts';
import { type AuthScheme, accountOf, settingNames } from '../profiles/setting-table.ts';
import type { ProfileEntry, StoreView } from '../profiles/store.ts';
import { flagName } from './flags.ts';
import { checkSendable, type GivenSecrets, secretsFitting, valuesOf } from './secret-input.ts';

/** What a profile can be rid of. */
export const unsettable = [
  'extends',
  ...settingNames,
  'allowHttp',
  'credentialCommand',
  ...secretNames,
] as const;
/** One of {@link unsettable}. */
export type Unsettable = (typeof unsettable)[number];

/** What shall change; nothing else does. */
export interface ProfileChanges {
  readonly settings: ProfileSettings;
  readonly extends: string | undefined;
  readonly allowHttp: boolean;
  /** The words of another credential command. */
  readonly command: readonly string[] | undefined;
  readonly secrets: GivenSecrets;
  readonly unset: readonly Unsettable[];
}

/** The profile as it shall be stored, and what to tell about it. */
export interface Revision extends ProfileEntry {
  /** The members and secrets that are other than before. */
  readonly changed: readonly Unsettable[];
  /** What its heirs can no longer do, and what goes before a new command, a line for each. */
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
  const changed = withChanges(name, old, changes);
  const profiles = new Map(before.profiles).set(name, changed);
  const line = lineageOf(name, profiles);
  const auth = inherited(line, 'auth') ?? 'basic';
  const login = (['auth', 'username', 'clientId', 'extends'] as const).some(
    (member) => old[member] !== changed[member],
  );
  const account = accountOf[auth];
  if (login && account !== undefined && inherited(line, account.member) === undefined) {
    throw usageError({
      what: `profile "${name}" would have no ${account.words}`,
      why: `auth ${auth} needs one`,
      next: `give ${flagName(account.member)}`,
    });
  }
  const lineBefore = traceLineage(name, before.profiles).line;
  const origins = { before: originIn(lineBefore), after: originIn(line) };
  const profile = withCommand(name, changed, changes, origins);
  profiles.set(name, profile);
  const oldSecrets = before.secretsOf(name);
  const proxies = { before: inherited(lineBefore, 'proxy'), after: inherited(line, 'proxy') };
  const secrets = withGiven(name, oldSecrets, changes, auth, { origins, proxies });
  checkSendable(auth, inherited(line, 'username'), valuesOf(changes.secrets));
  const secretsAfter = (each: string) => (each === name ? secrets : before.secretsOf(each));
  const after: StoreView = { profiles, secretsOf: secretsAfter };
  if (login || origins.before !== origins.after) refuseMisplaced(name, after);
  return {
    profile,
    secrets,
    changed: unsettable.filter((member) => !same(member, [old, oldSecrets], [profile, secrets])),
    warnings: [
      ...heirWarnings(name, before, after),
      ...(changes.command === undefined ? [] : precedenceWarnings(name, secrets, auth)),
    ],
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
    throw excluding(rivals.map(flagName), 'they are two addresses');
  }
  const next: Mutable<Profile> = { ...old };
  for (const part of replacedParts(settings)) delete next[part];
  return next;
}

/** A command gives the secrets of one address: another address needs it to be said again. */
function withCommand(name: string, next: Profile, { command }: ProfileChanges, origins: Span): Profile {
  if (command !== undefined) {
    if (origins.after === undefined) throw noAddress(name);
    return { ...next, credentialCommand: { argv: command, origin: origins.after } };
  }
  const kept = next.credentialCommand;
  if (kept === undefined || origins.before === origins.after || kept.origin === origins.after) return next;
  throw notChanged(
    name,
    `its credential command is for ${kept.origin}, not for ${origins.after ?? 'no address'}`,
    'give it for that address in the same call with --credential-command, or take it away with --unset credential-command',
  );
}

/** Before and after the change. */
interface Span {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

function isMember(member: Unsettable): member is keyof Profile {
  return !secretNames.some((name) => name === member);
}

function refuseIncomplete(name: string, next: Profile): void {
  if (next.extends !== undefined) return;
  if (next.tenant !== undefined && next.environment === undefined && next.onlineUrl === undefined) {
    throw usageError({
      what: `profile "${name}" would have no environment`,
      why: `it does not tell where tenant ${next.tenant} is`,
      next: `name it with --env: ${environmentsInWords}`,
    });
  }
  const isOnline = [next.tenant, next.environment, next.onlineUrl].some((part) => part !== undefined);
  const missing = (['url', 'auth'] as const).filter(
    (member) => next[member] === undefined && !(member === 'url' && isOnline),
  );
  if (missing.length === 0) return;
  const flags = missing.map(flagName).join(' and ');
  throw usageError({
    what: `profile "${name}" would have no ${missing.join(' and no ')}`,
    why: 'it extends no other one',
    next: `give ${flags}, or a profile that has ${missing.length === 1 ? 'it' : 'them'} with --extends`,
  });
}

function noHttp(name: string): Error {
  return unusable(
    '--allow-http',
    `profile "${name}" has no http:// address of its own`,
    'leave it out, or give the address with --url or --online-url',
  );
}

function sameOrigin(one: string | undefined, other: string): boolean {
  return one !== undefined && URL.canParse(one) && URL.canParse(other) && originOf(one) === originOf(other);
}

function withGiven(
  name: string,
  old: StoredSecrets | undefined,
  { secrets: given, unset }: ProfileChanges,
  auth: AuthScheme,
  { origins, proxies }: { readonly origins: Span; readonly proxies: Span },
): StoredSecrets | undefined {
  const fresh = valuesOf(secretsFitting(given, auth, proxies.after));
  const kept = storedKinds(old).filter((kind) => fresh[kind] === undefined && !unset.includes(kind));
  if (kept.includes('proxyPassword') && proxyPlace(proxies.before) !== proxyPlace(proxies.after)) {
    throw staysThere(name, ['proxyPassword'], 'the proxy before', 'another one, or none');
  }
  const bound = origins.before !== origins.after || Object.keys(fresh).length > 0;
  if (old !== undefined && kept.length > 0 && bound && old.origin !== origins.after) {
    throw staysThere(name, kept, old.origin, origins.after);
  }
  const secrets: Secrets = { ...among(kept, old?.secrets), ...fresh };
  const keychain = among(kept, old?.keychain);
  if (Object.keys({ ...secrets, ...keychain }).length === 0) return undefined;
  const origin = bound ? origins.after : old?.origin;
  if (origin === undefined) throw noAddress(name);
  return { origin, secrets, ...(Object.keys(keychain).length > 0 && { keychain }) };
}

function among(kinds: readonly SecretName[], texts: Secrets = {}): Secrets {
  return Object.fromEntries(
    kinds.flatMap((kind) => (texts[kind] === undefined ? [] : [[kind, texts[kind]]])),
  );
}

/** Where a proxy is, whoever calls it. */
function proxyPlace(proxy: string | undefined): string {
  return proxy === undefined
    ? ''
    : proxy
        .replace(/\/\/[^/]*@/, '//')
        .replace(/\/$/, '')
        .toLowerCase();
}

function noAddress(name: string): Error {
  return notChanged(name, 'it has no usable address that secrets could belong to', 'give it with --url');
}

function staysThere(name: string, kept: readonly SecretName[], from: string, to = 'no address'): Error {
  const words = kept.map((kind) => secretSources[kind].words).join(' and ');
  const flags = kept.map((kind) => `${secretSources[kind].flag}-file`).join(' and ');
  const gone = kept.map((kind) => `--unset ${flagName(kind).slice(2)}`).join(' ');
  return notChanged(
    name,
    `its ${words} ${kept.length === 1 ? 'belongs' : 'belong'} to ${from} and cannot go to ${to}`,
    `give the secrets for that address in the same call with ${flags}, or take them away with ${gone}`,
  );
}

function refuseMisplaced(name: string, after: StoreView): void {
  const misplaced = misplacedSecret(name, after);
  if (misplaced === undefined) return;
  const { words, flag, problem } = misplaced;
  throw notChanged(name, problem, `give the ${words} for that address in the same call with ${flag}`);
}

function notChanged(name: string, why: string, next: string): Error {
  return configError({ what: `profile "${name}" was not changed`, why, next });
}

/** Heirs whose secrets do not belong to what is now their address, or whose inherited ones do not. */
function heirWarnings(name: string, before: StoreView, after: StoreView): string[] {
  return heirsOf(name, after.profiles).flatMap((heir) => {
    const now = problemOf(heir, after);
    if (now === undefined || problemOf(heir, before) !== undefined) return [];
    const value = now.flag.endsWith('-file') ? '<file>' : '<json>';
    return [
      `warning: ${now.problem}; give it the right one: erpsync profile set ${heir} ${now.flag} ${value}`,
    ];
  });
}

function precedenceWarnings(name: string, secrets: StoredSecrets | undefined, auth: AuthScheme): string[] {
  return storedKinds(secrets)
    .filter((kind) => secretsSent(auth).includes(kind))
    .map(
      (kind) =>
        `warning: the ${secretSources[kind].words} that is stored goes before that of the command; take it away: erpsync profile set ${name} --unset ${flagName(kind).slice(2)}`,
    );
}

function problemOf(heir: string, view: StoreView) {
  const { error } = traceLineage(heir, view.profiles);
  return error === undefined ? misplacedSecret(heir, view) : undefined;
}

type Stored = readonly [Profile, StoredSecrets | undefined];

function same(member: Unsettable, [profile, stored]: Stored, [next, nextStored]: Stored): boolean {
  if (isMember(member)) return JSON.stringify(profile[member]) === JSON.stringify(next[member]);
  const textOf = (from: StoredSecrets | undefined) => from?.secrets[member] ?? from?.keychain?.[member];
  const [one, other] = [textOf(stored), textOf(nextStored)];
  return one === other && (one === undefined || stored?.origin === nextStored?.origin);
}
