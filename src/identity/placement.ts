/** A stored secret goes only to the origin that it was stored for, whoever inherits it and whatever a variable says. */
import { type Address, belongsTo, originOf } from '../profiles/address.ts';
import {
  addressHolders,
  addressIn,
  commandOf,
  type HeldCommand,
  type HeldSecret,
  heldSecrets,
  inherited,
  type Lineage,
  lineageOf,
} from '../profiles/inheritance.ts';
import { type SecretName, secretNames } from '../profiles/profile.ts';
import type { AuthScheme } from '../profiles/setting-table.ts';
import type { Setting } from '../profiles/settings.ts';
import type { StoreView } from '../profiles/store.ts';
import { secretsOf } from './credentials.ts';
import { secretSources } from './secrets.ts';

/** The kinds of secret that a login sends: those of its scheme, and the application token with each. */
export function secretsSent(auth: AuthScheme): readonly SecretName[] {
  return [...new Set([...secretsOf[auth], 'appToken' as const])];
}

/** What is wrong with sending a stored secret to an address; undefined where it belongs there. */
export function elsewhereProblem(
  kind: SecretName,
  held: HeldSecret,
  address: Setting<Address>,
  profile: string,
): string | undefined {
  if (belongsTo(held.origin, address.value)) return undefined;
  const whose =
    held.profile === profile
      ? `of profile "${profile}"`
      : `that "${profile}" inherits from profile "${held.profile}"`;
  const { words } = secretSources[kind];
  return `the ${words} ${whose} belongs to ${held.origin}, but ${address.from} says ${originOf(address.value)}`;
}

/** What is wrong with asking a credential command for an address; undefined where its secrets belong there. */
export function commandElsewhere(command: HeldCommand, address: Setting<Address>): string | undefined {
  if (belongsTo(command.origin, address.value)) return undefined;
  return `the credential command of profile "${command.profile}" is for ${command.origin}, but ${address.from} says ${originOf(address.value)}`;
}

/** A secret, or a command that gives some, that does not belong to the address of the profile that would send it. */
export interface Misplaced {
  /** What people call it. */
  readonly words: string;
  /** How another one is given. */
  readonly flag: string;
  readonly problem: string;
}

/**
 * The first secret of a stored profile that does not belong to its address: of its own secrets any, of
 * the inherited ones those that its login would send. Of a credential command the same.
 *
 * @throws ErpsyncError (config) when its chain of `extends` is broken
 */
export function misplacedSecret(name: string, view: StoreView): Misplaced | undefined {
  const line = lineageOf(name, view.profiles);
  const address = addressIn(line);
  if (address === undefined) return undefined;
  const held = heldSecrets(line, view.secretsOf);
  const auth = inherited(line, 'auth') ?? 'basic';
  const sent = secretsSent(auth);
  const place = { value: address, from: addressFrom(line) };
  for (const kind of secretNames) {
    const secret = held[kind];
    if (secret === undefined || (secret.profile !== name && !sent.includes(kind))) continue;
    const problem = elsewhereProblem(kind, secret, place, name);
    const { words, flag } = secretSources[kind];
    if (problem !== undefined) return { words, flag: `${flag}-file`, problem };
  }
  const command = commandOf(line);
  const problem = command && commandElsewhere(command, place);
  if (problem === undefined) return undefined;
  const needed = command?.profile === name || secretsOf[auth].some((kind) => held[kind] === undefined);
  return needed ? { words: 'credential command', flag: '--credential-command', problem } : undefined;
}

/** Which profile of a lineage says where the server is. */
function addressFrom(line: Lineage): string {
  const { url, tenant } = addressHolders(line);
  return `profile "${(url ?? tenant)?.name}"`;
}
