/** A stored secret goes only to the origin that it was stored for, whoever inherits it and whatever a variable says. */
import { type Address, belongsTo, originOf } from '../profiles/address.ts';
import {
  addressHolders,
  addressIn,
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

/** A secret that does not belong to the address of the profile that would send it. */
export interface Misplaced {
  readonly kind: SecretName;
  readonly problem: string;
}

/**
 * The first secret of a stored profile that does not belong to its address: of its own secrets any, of
 * the inherited ones those that its login would send.
 *
 * @throws ErpsyncError (config) when its chain of `extends` is broken
 */
export function misplacedSecret(name: string, view: StoreView): Misplaced | undefined {
  const line = lineageOf(name, view.profiles);
  const address = addressIn(line);
  if (address === undefined) return undefined;
  const held = heldSecrets(line, view.secretsOf);
  const sent = secretsSent(inherited(line, 'auth') ?? 'basic');
  for (const kind of secretNames) {
    const secret = held[kind];
    if (secret === undefined || (secret.profile !== name && !sent.includes(kind))) continue;
    const problem = elsewhereProblem(kind, secret, { value: address, from: addressFrom(line) }, name);
    if (problem !== undefined) return { kind, problem };
  }
  return undefined;
}

/** Which profile of a lineage says where the server is. */
function addressFrom(line: Lineage): string {
  const { url, tenant } = addressHolders(line);
  return `profile "${(url ?? tenant)?.name}"`;
}
