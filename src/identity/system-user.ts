/**
 * The system user of a tenant of SuperOffice Online: what an app is there without a person. The app signs the token
 * that it got when an administrator of the tenant approved it, and is given a JWT that holds a ticket.
 */
import { type KeyObject, sign } from 'node:crypto';
import { continued, ErpsyncError } from '../errors.ts';
import { clockSkewInWords, clockSkewMs } from '../transport/clock-skew.ts';
import type { Answer } from '../transport/http.ts';
import type { RawRequests } from '../transport/raw.ts';
import { exchangeToken, type PartnerProtocol } from './partner-exchange.ts';
import { type Claims, claim, claimInWords, provenClaims, publishedKeys } from './proven-token.ts';
import { setClock } from './service-errors.ts';
import type { TenantAddress } from './tenant-state.ts';
import type { Login } from './tickets.ts';

/** An app at a tenant. */
export interface SystemUserApp {
  readonly address: TenantAddress;
  /** `<name of the app>-<random>`: one for each tenant and app. */
  readonly systemUserToken: string;
  /** The private key of the app. */
  readonly key: KeyObject;
  /** The client secret of the app. */
  readonly applicationToken: string;
}

/** What the login takes from the outside. */
export interface SystemUserSurroundings {
  /** Our clock: milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told of what must never be shown, before it is sent. */
  readonly conceal: (secret: string) => void;
}

/** How far the times of a token and the service's own clock may differ (ms), as its clients have it. */
const toleranceMs = 5 * 60_000;

/**
 * What is sent in place of the token: `<token>.<yyyyMMddHHmm in UTC>.<signature of that>`, the signature being
 * RSA PKCS#1 v1.5 over SHA-256 in base64.
 *
 * @param now milliseconds since the epoch
 */
export function signedToken(token: string, key: KeyObject, now: number): string {
  const minute = new Date(now).toISOString().replace(/\D/g, '').slice(0, 12);
  const content = `${token}.${minute}`;
  return `${content}.${sign('RSA-SHA256', Buffer.from(content, 'utf8'), key).toString('base64')}`;
}

/**
 * Logs in as the system user: one exchange, and one look at the published keys.
 *
 * @param requests to the environment
 * @throws ErpsyncError (auth) when the service refuses, or its token is not what it should be; (network, unavailable,
 *   rejected) when it does not answer as it should
 */
export async function systemUserLogin(
  app: SystemUserApp,
  protocol: PartnerProtocol,
  requests: RawRequests,
  { clock, conceal }: SystemUserSurroundings,
): Promise<Login> {
  const { address, systemUserToken, key, applicationToken } = app;
  const signed = signedToken(systemUserToken, key, clock());
  conceal(signed);
  const request = {
    signedToken: signed,
    applicationToken,
    contextIdentifier: address.tenant,
  };
  const reply = await exchangeToken(request, protocol, requests);
  const skewMs = clockSkewMs(reply.answer, clock());
  if (reply.kind === 'refused') throw refusal(reply.message, reply.answer, address, skewMs);
  conceal(reply.token);
  const claims = await provenClaims(reply.token, await publishedKeys(requests));
  const problem = problemIn(claims, address, clock() + (skewMs ?? 0));
  if (problem !== undefined) {
    throw new ErpsyncError('auth', {
      what: `the token for the system user of ${address.tenant} is not taken`,
      why: problem,
      next: 'check --tenant and --env: erpsync config explain',
    });
  }
  return { ticket: String(claims[claim('ticket')]) };
}

/** Why the claims are not those of this tenant's system user, now; undefined where they are. */
function problemIn(claims: Claims, { tenant, online }: TenantAddress, now: number): string | undefined {
  const { iss, aud } = claims;
  if (iss !== 'SuperOffice AS' && iss !== online.baseUrl) return `its issuer is ${claimInWords(iss)}`;
  const audience = `spn:${textIn(claims[claim('serial')])}`;
  if (![aud].flat().includes(audience))
    return `it is for ${claimInWords(aud)}, not ${claimInWords(audience)}`;
  const context = claims[claim('ctx')];
  if (context !== undefined && textIn(context).toLowerCase() !== tenant.toLowerCase()) {
    return `it is for tenant ${claimInWords(context)}`;
  }
  const [from, to] = [instantOf(claims['nbf'], 0), instantOf(claims['exp'], Number.POSITIVE_INFINITY)];
  if (!(from - toleranceMs <= now && now <= to + toleranceMs)) return 'it does not hold at the time';
  const ticket = claims[claim('ticket')];
  return typeof ticket === 'string' && /^[\x21-\x7e]+$/.test(ticket) ? undefined : 'it holds no ticket';
}

/** A claim as text; none for what is neither text nor number. */
function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Seconds since the epoch, as a number or as text, in ms; NaN for anything else. */
function instantOf(seconds: unknown, absent: number): number {
  if (seconds === undefined) return absent;
  const text = textIn(seconds);
  return text === '' ? Number.NaN : Number(text) * 1_000;
}

const approve = 'have an administrator of the tenant approve the app again';
/** What the codes of the login service mean for an app; the service names or numbers them. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /revoked|\b1\b/i,
    `${approve}, which may change its system user token: erpsync profile set <name> --system-user-token-file <file>`,
  ],
  [/needsreapproval|\b5\b/i, `${approve}, and run the same command again`],
  [
    /invalidsignature|\b7\b/i,
    'store the private key that is the one of the app: erpsync profile set <name> --private-key-file <file>',
  ],
  [
    /invalidtimestamp|\b6\b/i,
    'check the clock of this machine, since the signed token holds the time: erpsync doctor',
  ],
];

function refusal(
  message: string,
  { status }: Answer,
  { tenant, online }: TenantAddress,
  skewMs: number | undefined,
): ErpsyncError {
  const skew = clockSkewInWords(skewMs);
  const remedy =
    remedies.find(([words]) => words.test(message))?.[1] ??
    'check that application token, system user token and private key are of one app and one environment: erpsync config explain';
  return new ErpsyncError('auth', {
    what: `${online.name} gives no ticket for the system user of ${tenant}`,
    why: skew === undefined ? message : continued(message, `and ${skew}`, ','),
    next: skew === undefined ? remedy : setClock,
    httpStatus: status,
  });
}
