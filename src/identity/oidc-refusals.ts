/** Why the login service of SuperOffice Online gives no tokens, in words. */
import type { OperationProcessingError } from 'oauth4webapi';
import { ErpsyncError, type ErrorCode } from '../errors.ts';
import { clockSkewInWords, clockSkewMs } from '../transport/clock-skew.ts';
import { errorMessageIn } from '../transport/error-object.ts';
import type { Answer } from '../transport/http.ts';
import { statusError } from '../transport/raw.ts';
import type { OidcApp } from './oidc-app.ts';
import { claimInWords } from './proven-token.ts';
import { checkSettings, notOfService, refusedBy, setClock } from './service-errors.ts';

/** The request that was answered. */
interface Asked {
  readonly answer: Answer;
  readonly app: OidcApp;
  /** Its address. */
  readonly where: string;
  /** Our clock when it came (ms since the epoch). */
  readonly now: number;
}

type Meaning = readonly [why: string, next: string, code?: ErrorCode];

const approve = 'have an administrator of the tenant approve the app';
const checkApp = 'check that --client-id is that of the app, for this environment: erpsync config explain';
const nativeApp = 'give the client id of a native app with --client-id';
const again = 'log in again: erpsync auth login';
const later = 'run the same command again later';
const address: Meaning = [
  'the app has another redirect address',
  'register ^http://127.0.0.1\\:\\d{4,10}$ for it, and run the same command again',
];

/** The codes of OAuth, and those of SuperOffice by name and by number. */
const meanings: Readonly<Record<string, Meaning>> = {
  access_denied: ['the login was denied, or given up in the browser', again],
  invalid_client: [
    'it does not know the app, or not with this secret',
    'check --client-id, and the application token where the app has a secret: erpsync config explain',
  ],
  invalid_grant: ['it does not take the code or refresh token any more', again],
  unauthorized_client: ['the app may not log in this way', nativeApp],
  unsupported_grant_type: ['the app may not log in this way', nativeApp],
  invalid_request: ['it does not understand the request', checkApp],
  invalid_scope: ['the app may not ask for a login', checkApp],
  invalid_redirect_uri: address,
  login_required: ['nobody is logged in', again],
  consent_required: ['the app is not approved', `${approve}, and ${again}`],
  interaction_required: ['the login was not finished in the browser', again],
  server_error: ['it has failed', later, 'unavailable'],
  temporarily_unavailable: ['it is not available now', later, 'unavailable'],
  revoked: ['the approval of the app has been revoked', `${approve} again, and ${again}`],
  invalidredirecturl: address,
  expired: ['the login took too long', again],
  denied: ['the login was denied', `${approve}, and ${again}`],
  needsreapproval: ['the app has to be approved again', `${approve}, and ${again}`],
  invalidtimestamp: ['the time of the request is off', 'check the clock of this machine: erpsync doctor'],
  invalidsignature: ['the signature of the request is wrong', checkApp],
};
const numbered = [
  undefined,
  'revoked',
  'invalidredirecturl',
  'expired',
  'denied',
  'needsreapproval',
  'invalidtimestamp',
  'invalidsignature',
] as const;

/** What a code means; codes of SuperOffice also stand in the description of a general one, by name or alone by number. */
function meaningOf(error: string, description: string): Meaning | undefined {
  const known = (text: string): Meaning | undefined => {
    const name = /^\d$/.test(text) ? numbered[Number(text)] : text;
    return name !== undefined && Object.hasOwn(meanings, name) ? meanings[name] : undefined;
  };
  const words = description.toLowerCase().match(/[a-z_]+|\d+/g) ?? [];
  const own = numbered.find((name) => name !== undefined && words.some((word) => word === name));
  return known(own ?? '') ?? known(error.toLowerCase()) ?? known(description.trim().toLowerCase());
}

/** The error of an answer that is one by itself: of the browser, or of the service. */
export function oauthRefusal(
  { address }: OidcApp,
  error: string,
  description: string | undefined,
  httpStatus?: number,
): ErpsyncError {
  const [why, next, code = 'auth'] = meaningOf(error, description ?? '') ?? ['it gives no tokens', checkApp];
  const said = [error, description].filter((text) => text !== undefined && text !== '').join(': ');
  const shown = said.length > 300 ? `${said.slice(0, 300)}...` : said;
  const where = `${address.online.name}/${address.tenant}`;
  return new ErpsyncError(code, {
    what: `the login service gives no login for ${where}`,
    why: `${why} (${shown})`,
    next,
    httpStatus,
  });
}

/**
 * The error that stands behind what oauth4webapi throws of an answer. What is ours already stays as it is.
 *
 * @throws what is a bug
 */
export function refusalOf(error: unknown, { answer, app, where, now }: Asked): ErpsyncError {
  if (error instanceof ErpsyncError) return error;
  if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('OAUTH_'))
    throw error;
  const { status } = answer;
  if ('error' in error && typeof error.error === 'string') {
    const description = 'error_description' in error ? error.error_description : undefined;
    return oauthRefusal(app, error.error, typeof description === 'string' ? description : undefined, status);
  }
  const json = jsonOf(answer);
  const problem = json === undefined ? undefined : claimProblem(error as OperationProcessingError, app);
  if (problem !== undefined) {
    const skew = clockSkewInWords(clockSkewMs(answer, now));
    return new ErpsyncError('auth', {
      what: `the id token for ${app.address.tenant} is not taken`,
      why: skew === undefined ? problem : `${problem}, and ${skew}`,
      next: skew === undefined ? checkSettings : setClock,
    });
  }
  const said = errorMessageIn(json);
  if (said !== undefined && status < 500) return oauthRefusal(app, said, undefined, status);
  const refused = statusError(answer);
  if (refused !== undefined && status !== 404) {
    return refusedBy(where, 'the login service gives no tokens', refused);
  }
  return notOfService(where, 'it is not that of the login service', status);
}

/** What is wrong with the id token; undefined where something else is wrong. */
function claimProblem(
  { code, cause, message }: OperationProcessingError,
  { clientId }: OidcApp,
): string | undefined {
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return 'it does not hold at the time';
  const part = (name: string): unknown =>
    typeof cause === 'object' && cause !== null ? Reflect.get(cause, name) : undefined;
  if (code === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED') {
    const [claims, claim] = [part('claims'), part('claim')];
    const value: unknown =
      typeof claims === 'object' && claims !== null ? Reflect.get(claims, String(claim)) : undefined;
    if (claim === 'iss') return `its issuer is ${claimInWords(value)}`;
    if (claim === 'aud') return `it is for ${claimInWords(value)}, not for the app ${clientId}`;
    if (claim === 'nonce') return 'it belongs to another login';
    return `its claim ${String(claim)} is ${claimInWords(value)}`;
  }
  const isOfToken = part('claims') !== undefined || part('header') !== undefined;
  // The library's words name the claim that is missing, and quote nothing.
  return isOfToken || code === 'OAUTH_PARSE_ERROR' ? message : undefined;
}

function jsonOf({ body }: Answer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
