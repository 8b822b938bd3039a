/** How a partner's app becomes the system user of the tenant: a signed token for a JWT that holds a ticket. */
import { createPublicKey, verify } from 'node:crypto';
import type { Authentication } from './authentication.ts';
import { claim, serial, tenantClaims } from './claims.ts';
import type { Clock } from './clock.ts';
import type { SandboxCredentials } from './credentials.ts';
import type { SigningKey } from './signing-key.ts';
import { systemUser } from './users.ts';

/** What an app sends, over REST or SOAP. */
export interface SystemUserRequest {
  /** `<token>.<yyyyMMddHHmm in UTC>.<base64 of the signature over what stands before>`. */
  readonly signedSystemToken: string;
  readonly applicationToken: string;
  readonly contextIdentifier: string;
  readonly returnTokenType: string;
}

/** What it is answered, under HTTP 200 in any case. */
export interface SystemUserAnswer {
  readonly IsSuccessful: boolean;
  readonly Token: string | null;
  readonly ErrorMessage: string | null;
}

/** What the exchange works with. */
export interface SystemUserParts {
  readonly credentials: SandboxCredentials;
  readonly authentication: Authentication;
  readonly signingKey: SigningKey;
  readonly now: Clock;
  readonly tenant: string;
  /** Where the tenant is served. */
  readonly tenantUrl: () => string;
}

/** How old or new the time of a signed token may be (ms). The real tolerance is not documented. */
const tolerance = 5 * 60_000;

/** Checks a request in the order of the real service's error codes, and gives a ticket out. */
export function exchangeSystemUser(request: SystemUserRequest, parts: SystemUserParts): SystemUserAnswer {
  const problem = problemOf(request, parts);
  if (problem !== undefined) return { IsSuccessful: false, Token: null, ErrorMessage: problem };
  const { authentication, signingKey, now, tenant, tenantUrl } = parts;
  const seconds = Math.floor(now() / 1000);
  const token = signingKey.token({
    sub: tenant,
    ...tenantClaims(tenant, tenantUrl(), systemUser),
    [claim('ticket')]: authentication.issueTicket(systemUser),
    iat: String(seconds),
    nbf: seconds - 60,
    exp: seconds + 300,
    iss: 'SuperOffice AS',
    aud: `spn:${serial}`,
  });
  return { IsSuccessful: true, Token: token, ErrorMessage: null };
}

function problemOf(
  request: SystemUserRequest,
  { credentials, now, tenant }: SystemUserParts,
): string | undefined {
  if (request.returnTokenType.toLowerCase() !== 'jwt') return 'The token type is not supported.';
  if (request.applicationToken !== credentials.appToken) return 'The application token is not valid.';
  if (request.contextIdentifier.toLowerCase() !== tenant.toLowerCase())
    return 'The context identifier is not known.';
  const [, signed = '', token = '', time = '', signature = ''] =
    /^((.+)\.(\d{12}))\.([A-Za-z0-9+/]+={0,2})$/s.exec(request.signedSystemToken) ?? [];
  if (token !== credentials.systemUserToken)
    return 'The system user token is not known, or has been revoked (1).';
  const difference = Math.abs(timeOf(time) - now());
  // NaN for a time that is none.
  if (!(difference <= tolerance)) return 'InvalidTimestamp (6)';
  const key = createPublicKey(credentials.privateKey);
  const holds = verify('RSA-SHA256', Buffer.from(signed, 'utf8'), key, Buffer.from(signature, 'base64'));
  return holds ? undefined : 'InvalidSignature (7)';
}

function timeOf(text: string): number {
  const [, year, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
}
