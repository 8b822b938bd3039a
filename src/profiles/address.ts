/** Where a server is: a base URL, or a tenant of SuperOffice Online, whose address its environment tells. */
import { originOf as originOfUrl } from './server-url.ts';

/** The environments of SuperOffice Online: development, stage and production. */
export const environments = ['sod', 'qaonline', 'online'] as const;
/** One of {@link environments}. */
export type Environment = (typeof environments)[number];

/** What asks for the environment, with what each of them is. */
export const environmentsInWords = 'sod (development), qaonline (stage) or online (production)';

/** Where tenants, logins and keys of SuperOffice Online are asked for. */
export interface Online {
  /** What secrets are bound to: the name of the environment, or the address that was given in its place. */
  readonly name: string;
  /** Without a slash at its end. Hosts with a number (`online2`) serve tenants, this one only says where they are. */
  readonly baseUrl: string;
}

/** A server, found or to be asked for. */
export type Address =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'tenant'; readonly tenant: string; readonly online: Online };

/** An environment by its name, or by the address of its own that was given for it. */
export function onlineOf(
  place: { readonly environment: Environment } | { readonly onlineUrl: string },
): Online {
  if ('onlineUrl' in place) return { name: place.onlineUrl, baseUrl: place.onlineUrl };
  return { name: place.environment, baseUrl: `https://${place.environment}.superoffice.com` };
}

/**
 * What a secret belongs to: scheme, host and port of a URL, or a tenant of an environment (`online/Cust12345`),
 * wherever it is served just now.
 */
export function originOf(address: Address): string {
  return address.kind === 'url' ? originOfUrl(address.url) : `${address.online.name}/${address.tenant}`;
}

/** What a secret belongs to that is stored for no tenant of an environment, and so for each of them. */
export function originOfAll({ name }: Online): string {
  return `${name}/*`;
}

/** Whether a secret that was stored for an origin belongs to an address. */
export function belongsTo(origin: string, address: Address): boolean {
  return (
    origin === originOf(address) || (address.kind === 'tenant' && origin === originOfAll(address.online))
  );
}

/** Hosts that serve tenants: `https://online2.superoffice.com/Cust12345`. */
const servedTenant = new RegExp(
  `^https://(${environments.join('|')})\\d*\\.superoffice\\.com/(cust\\d+)$`,
  'i',
);

/**
 * What two addresses of one tenant have in common, for the lock of a tenant and for `resume`: the canonical URL,
 * Online environment and tenant, also where a URL names the host that serves it.
 */
export function tenantNamed(address: Address): string {
  if (address.kind === 'tenant') return originOf(address);
  const [, environment = '', tenant = ''] = servedTenant.exec(address.url) ?? [];
  return tenant === '' ? address.url : `${environment.toLowerCase()}/${canonicalTenant(tenant)}`;
}

/** The one form of a tenant's name: `Cust12345`. */
export function canonicalTenant(name: string): string {
  return name.replace(/^cust(?=\d+$)/i, 'Cust');
}

/** An address as people are shown it before it is known where the tenant is served. */
export function addressInWords(address: Address): string {
  return address.kind === 'url' ? address.url : originOf(address);
}

/** The settings that an address is made of. */
export const addressParts = ['url', 'tenant', 'environment', 'onlineUrl'] as const;
/** One of {@link addressParts}. */
export type AddressPart = (typeof addressParts)[number];

/** What one place (the flags, the variables, a profile) says of an address. */
export type SaidAddress = { readonly [P in AddressPart]?: string | undefined };

/**
 * Which of several places, nearest first, says each part that counts. A url and a tenant are two addresses: the
 * nearer one counts, and nothing that stands behind a url is added to a tenant. So are an environment and an
 * address in its place.
 */
export function countingParts<P extends SaidAddress>(
  places: readonly P[],
): { readonly [K in AddressPart]?: P } {
  const found: { [K in AddressPart]?: P } = {};
  for (const place of places) {
    if (place.url !== undefined) return found.tenant === undefined ? { url: place } : found;
    if (place.tenant !== undefined) found.tenant ??= place;
    if (found.environment !== undefined || found.onlineUrl !== undefined) continue;
    if (place.onlineUrl !== undefined) found.onlineUrl = place;
    else if (place.environment !== undefined) found.environment = place;
  }
  return found;
}

/** The parts that would be another address than each part. */
const rivals: Readonly<Record<AddressPart, readonly AddressPart[]>> = {
  url: ['tenant', 'environment', 'onlineUrl'],
  tenant: ['url'],
  environment: ['url', 'onlineUrl'],
  onlineUrl: ['url', 'environment'],
};

/** Two parts of one place that are two addresses; undefined where it says one, or none. */
export function rivalParts(said: SaidAddress): readonly [AddressPart, AddressPart] | undefined {
  for (const part of addressParts) {
    const rival = rivals[part].find((each) => said[each] !== undefined);
    if (said[part] !== undefined && rival !== undefined) return [part, rival];
  }
  return undefined;
}

/** The parts of an address that what is said now takes the place of. */
export function replacedParts(said: SaidAddress): readonly AddressPart[] {
  return addressParts.flatMap((part) => (said[part] === undefined ? [] : rivals[part]));
}
