/** What users have allowed the app: codes that live for minutes, and refresh tokens that live until they are revoked. */
import { createHash, randomBytes } from 'node:crypto';
import type { Authentication } from './authentication.ts';
import type { Clock } from './clock.ts';
import type { User } from './users.ts';

/** What a code was asked for with, and must be redeemed with. */
export interface CodeRequest {
  readonly user: User;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly method: 'S256' | 'plain';
  readonly nonce: string | undefined;
}

/** A user's consent, with everything that came of it. */
interface Grant {
  readonly user: User;
  readonly refreshToken: string;
  readonly accessTokens: string[];
  isRevoked: boolean;
}

/** New tokens, or why there are none. */
export type Granted =
  | {
      readonly kind: 'granted';
      readonly user: User;
      readonly accessToken: string;
      readonly refreshToken: string;
      readonly nonce: string | undefined;
    }
  | { readonly kind: 'refused'; readonly why: string };

/** The consents of one running sandbox; a restart forgets them. */
export interface Grants {
  /** A code for one use within ten minutes. */
  issueCode(request: CodeRequest): string;
  /** Redeems a code. A second use is refused, and revokes what the first one gave. */
  redeem(code: string, redirectUri: string | undefined, verifier: string | undefined): Granted;
  /** Another access token; the refresh token stays good. */
  refresh(refreshToken: string): Granted;
  /** An access token by itself; a refresh token with all that came of the consent. Unknown ones are as good as revoked. */
  revoke(token: string): void;
}

/** How long a code can be redeemed (ms). */
const codeLifetime = 10 * 60_000;

/** @param tokenLife How long access tokens live (ms). */
export function createGrants(
  authentication: Authentication,
  tenant: string,
  tokenLife: number,
  now: Clock,
): Grants {
  const codes = new Map<string, { readonly request: CodeRequest; readonly end: number; grant?: Grant }>();
  const used = new Set<string>();
  const grants = new Map<string, Grant>();

  const give = (grant: Grant, nonce?: string): Granted => {
    const { user, refreshToken } = grant;
    const accessToken = authentication.issueToken(user, tenant, tokenLife);
    grant.accessTokens.push(accessToken);
    return { kind: 'granted', user, accessToken, refreshToken, nonce };
  };
  const revoke = (grant: Grant): void => {
    grant.isRevoked = true;
    for (const token of grant.accessTokens) authentication.revokeToken(token);
  };

  return {
    issueCode(request) {
      const code = randomToken();
      codes.set(code, { request, end: now() + codeLifetime });
      return code;
    },
    redeem(code, redirectUri, verifier) {
      const known = codes.get(code);
      if (known === undefined) return refused('The code is not known.');
      const { request, end, grant: earlier } = known;
      if (used.has(code)) {
        if (earlier !== undefined) revoke(earlier);
        return refused('The code has been used before; what it gave is revoked.');
      }
      used.add(code);
      if (now() >= end) return refused('Expired (3): the code is older than 10 minutes.');
      if (redirectUri !== request.redirectUri)
        return refused('InvalidRedirectUrl (2): not that of the code.');
      const problem = verifierProblem(request, verifier);
      if (problem !== undefined) return refused(problem);
      const grant = {
        user: request.user,
        refreshToken: randomToken(),
        accessTokens: [],
        isRevoked: false,
      };
      known.grant = grant;
      grants.set(grant.refreshToken, grant);
      return give(grant, request.nonce);
    },
    refresh(refreshToken) {
      const grant = grants.get(refreshToken);
      if (grant === undefined) return refused('The refresh token is not known.');
      return grant.isRevoked ? refused('Revoked (1).') : give(grant);
    },
    revoke(token) {
      authentication.revokeToken(token);
      const grant = grants.get(token);
      if (grant !== undefined) revoke(grant);
    },
  };
}

function verifierProblem(
  { method, challenge }: CodeRequest,
  verifier: string | undefined,
): string | undefined {
  if (verifier === undefined) return 'code_verifier is missing.';
  const shown = method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return shown === challenge ? undefined : `code_verifier does not fit the code_challenge (${method}).`;
}

function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

function refused(why: string): Granted {
  return { kind: 'refused', why };
}
