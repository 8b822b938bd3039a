/** What a profile inherits: settings and secrets of the one that it extends, and of the one behind that. */
import { configError, type ErpsyncError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import {
  type Address,
  type AddressPart,
  addressParts,
  countingParts,
  type Online,
  onlineOf,
  originOf,
  originOfAll,
} from './address.ts';
import {
  type CredentialCommand,
  type Profile,
  type SecretName,
  type StoredSecrets,
  secretNames,
} from './profile.ts';
import { unknownProfile } from './profile-name.ts';

/** A profile with its name. */
export interface NamedProfile {
  readonly name: string;
  readonly profile: Profile;
}

/** A profile and those it inherits from, itself first. */
export type Lineage = readonly NamedProfile[];

/** A secret in the file, or the account of one in the keychain; and which profile of a lineage stores it for which origin. */
export type HeldSecret = { readonly origin: string; readonly profile: string } & (
  | { readonly store: 'file'; readonly value: string }
  | { readonly store: 'keychain'; readonly account: string }
);

/** The secrets that a profile has or inherits, by kind. */
export type HeldSecrets = { readonly [K in SecretName]?: HeldSecret };

/** The credential command that a profile has or inherits, and who says it. */
export interface HeldCommand extends CredentialCommand {
  readonly profile: string;
}

/** A lineage as far as it can be followed, and what is wrong behind its end. */
export interface TracedLineage {
  readonly line: Lineage;
  readonly error: ErpsyncError | undefined;
}

/** Follows `extends` from a stored profile on; never throws. */
export function traceLineage(start: string, profiles: ReadonlyMap<string, Profile>): TracedLineage {
  const line: NamedProfile[] = [];
  let name: string | undefined = start;
  while (name !== undefined) {
    const profile = profiles.get(name);
    const from = line.at(-1)?.name;
    const chain = [...line.map((each) => each.name), name].map(quoted).join(' -> ');
    if (line.some((each) => each.name === name)) {
      const error = configError({
        what: `profile ${quoted(start)} cannot be used`,
        why: `the profiles extend each other in a circle: ${chain}`,
        next: `take one link away: erpsync profile set ${shellWord(from ?? name)} --unset extends`,
      });
      return { line, error };
    }
    if (profile === undefined) return { line, error: missingBase(name, line, profiles) };
    line.push({ name, profile });
    name = profile.extends;
  }
  return { line, error: undefined };
}

function missingBase(name: string, line: Lineage, profiles: ReadonlyMap<string, Profile>): ErpsyncError {
  const known = [...profiles.keys()].filter((each) => line.every((heir) => heir.name !== each));
  const error = unknownProfile(name, known);
  const { why = '', next = '' } = error;
  const chain = [...line.map((each) => each.name), name].map(quoted).join(' -> ');
  const what = `there is no profile ${quoted(name)} to extend (${chain})`;
  return line.length === 0 ? error : configError({ what, why, next });
}

/**
 * A stored profile and those it inherits from, itself first.
 *
 * @throws ErpsyncError `config` naming the chain when it is a circle or leads to a name that is not stored
 */
export function lineageOf(name: string, profiles: ReadonlyMap<string, Profile>): Lineage {
  const { line, error } = traceLineage(name, profiles);
  if (error !== undefined) throw error;
  return line;
}

/** The nearest profile of a lineage that says something itself. */
export function holderOf(line: Lineage, member: keyof Profile): NamedProfile | undefined {
  return line.find(({ profile }) => profile[member] !== undefined);
}

/** What a profile says itself, or else inherits. */
export function inherited<K extends keyof Profile>(line: Lineage, member: K): Profile[K] | undefined {
  return holderOf(line, member)?.profile[member];
}

/** The nearest credential command of a lineage. */
export function commandOf(line: Lineage): HeldCommand | undefined {
  const holder = holderOf(line, 'credentialCommand');
  const command = holder?.profile.credentialCommand;
  return command && holder && { ...command, profile: holder.name };
}

/** The secrets of a lineage: of each kind the nearest one. */
export function heldSecrets(
  line: Lineage,
  secretsOf: (name: string) => StoredSecrets | undefined,
): HeldSecrets {
  const held: { [K in SecretName]?: HeldSecret } = {};
  for (const { name } of line) {
    const stored = secretsOf(name);
    if (stored === undefined) continue;
    for (const kind of secretNames) {
      const [value, account] = [stored.secrets[kind], stored.keychain?.[kind]];
      const from = { origin: stored.origin, profile: name };
      if (value !== undefined) held[kind] ??= { store: 'file', value, ...from };
      else if (account !== undefined) held[kind] ??= { store: 'keychain', account, ...from };
    }
  }
  return held;
}

/** The profiles of a lineage that say the parts of its address; those that another address hides are absent. */
export function addressHolders(line: Lineage): { readonly [P in AddressPart]?: NamedProfile } {
  const counting = countingParts(line.map(({ profile }) => profile));
  const holders = addressParts.map((part) => [
    part,
    counting[part] && line.find(({ profile }) => profile === counting[part]),
  ]);
  return Object.fromEntries(holders) as { readonly [P in AddressPart]?: NamedProfile };
}

/** The address that a lineage stores; undefined where there is none, or a bad one. */
export function addressIn(line: Lineage): Address | undefined {
  const { url, tenant } = addressHolders(line);
  if (url !== undefined) {
    const text = url.profile.url ?? '';
    return URL.canParse(text) ? { kind: 'url', url: text } : undefined;
  }
  const online = onlineIn(line);
  const name = tenant?.profile.tenant;
  return online === undefined || name === undefined ? undefined : { kind: 'tenant', tenant: name, online };
}

function onlineIn(line: Lineage): Online | undefined {
  const holders = addressHolders(line);
  const environment = holders.environment?.profile.environment;
  if (environment !== undefined) return onlineOf({ environment });
  const onlineUrl = holders.onlineUrl?.profile.onlineUrl;
  return onlineUrl === undefined ? undefined : onlineOf({ onlineUrl });
}

/**
 * What the secrets of a profile belong to: the origin of the address that it has or inherits, or all tenants of
 * the environment where it names none; undefined where there is no address or a bad one.
 */
export function originIn(line: Lineage): string | undefined {
  const address = addressIn(line);
  if (address !== undefined) return originOf(address);
  const online = onlineIn(line);
  return online === undefined ? undefined : originOfAll(online);
}

/** The stored profiles that inherit from a profile, at whatever distance, by name. */
export function heirsOf(name: string, profiles: ReadonlyMap<string, Profile>): readonly string[] {
  return [...profiles.keys()].filter(
    (each) => each !== name && traceLineage(each, profiles).line.some((ancestor) => ancestor.name === name),
  );
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
