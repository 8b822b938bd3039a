import type { TenantAddress } from './tenant-state.ts';

/** An app that a person logs in to, for one tenant. */
export interface OidcApp {
  readonly address: TenantAddress;
  readonly clientId: string;
  /** The application token; a native app has none. */
  readonly clientSecret: string | undefined;
}

/** What a login came to that was not finished. */
export const lostLogin = 'the login was given up, and nothing was stored';
