/**
 * What SuperOffice Online documents of its addresses. They follow from where the environment is, so that one setting
 * moves them all: to a private cloud, or to a sandbox.
 */
import type { Online } from '../profiles/address.ts';

/** Where a tenant is served just now, and whether it is. No login is asked for. */
export function statePath(tenant: string): string {
  return `/api/state/${encodeURIComponent(tenant)}`;
}

/** Where a person logs in with a browser, where codes and refresh tokens become access tokens, and where they end. */
export const oauthPaths = {
  authorize: '/login/common/oauth/authorize',
  tokens: '/login/common/oauth/tokens',
  revoke: '/login/common/oauth/Revoke',
} as const;

/** The keys that prove tokens of the login service: a JSON Web Key Set. */
export const jwksPath = '/login/.well-known/jwks';

/**
 * The hosts that may serve tenants of an environment: any below `superoffice.com`; of another address its own host,
 * those below it, and those that carry a number behind its first label (`online2.example.com` for `online.`).
 */
export function mayServe({ name, baseUrl }: Online, hostname: string): boolean {
  const host = hostname.toLowerCase();
  if (name !== baseUrl) return /^(?:[a-z\d-]+\.)+superoffice\.com$/.test(host);
  const own = new URL(baseUrl).hostname.toLowerCase();
  if (host === own || host.endsWith(`.${own}`)) return true;
  const [first = '', ...rest] = own.split('.');
  const [numbered = '', ...others] = host.split('.');
  const isNumbered = numbered.startsWith(first) && /^\d+$/.test(numbered.slice(first.length));
  return isNumbered && /[a-z]$/.test(first) && rest.length > 1 && rest.join() === others.join();
}
