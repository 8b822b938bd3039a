/**
 * The OpenID provider of SuperOffice Online as a native app uses it: authorization code with PKCE, refresh tokens.
 * Its addresses are those that are documented, below the environment: nothing that it says leads elsewhere.
 * oauth4webapi makes the requests and judges the answers; they travel over our own HTTP.
 */
import type { AuthorizationServer, Client, ClientAuth } from 'oauth4webapi';
import { ErpsyncError, internalError } from '../errors.ts';
import { readBoundedJson } from '../transport/bounded-json.ts';
import { clockSkewMs } from '../transport/clock-skew.ts';
import type { Answer } from '../transport/http.ts';
import type { RawRequests } from '../transport/raw.ts';
import type { OidcApp } from './oidc-app.ts';
import { refusalOf } from './oidc-refusals.ts';
import { oauthPaths } from './online.ts';
import { checkService, notAnswered } from './service-errors.ts';
import type { Login } from './tickets.ts';

/** What the service and its answers are judged with. */
export interface OidcSurroundings {
  /** Requests to the environment. */
  readonly requests: RawRequests;
  /** Our clock: milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told of what must never be shown, before it is sent or used. */
  readonly conceal: (secret: string) => void;
}

/** What the service gives in place of a code or a refresh token. */
export interface GivenTokens {
  readonly login: Login;
  /** Absent where the one that was sent holds on, as SuperOffice has it. */
  readonly refreshToken: string | undefined;
}

/** So long before its end an access token is not used any more (ms): a request takes its time. */
const marginMs = 60_000;
/** Larger answers are none of the service (bytes). */
const largestAnswer = 256 * 1024;
/** Access tokens live for an hour; what a service says beyond a year is nonsense (s). */
const longestLifeS = 366 * 86_400;
/** How far the times of a token and the service's own clock may differ (s). */
const toleranceS = 5 * 60;

/** oauth4webapi, and what it has to know of a service and an app. */
export interface OidcParts {
  readonly oauth: typeof import('oauth4webapi');
  readonly server: AuthorizationServer;
  readonly client: Client;
  readonly authentication: ClientAuth;
}

/** Loads the library. */
export async function oidcParts({ address, clientId, clientSecret }: OidcApp): Promise<OidcParts> {
  const oauth = await import('oauth4webapi');
  const { baseUrl } = address.online;
  return {
    oauth,
    server: {
      issuer: baseUrl,
      authorization_endpoint: baseUrl + oauthPaths.authorize,
      token_endpoint: baseUrl + oauthPaths.tokens,
      revocation_endpoint: baseUrl + oauthPaths.revoke,
    },
    client: { client_id: clientId, [oauth.clockTolerance]: toleranceS },
    authentication: clientSecret === undefined ? oauth.None() : oauth.ClientSecretPost(clientSecret),
  };
}

/** The app as it judges the times of an answer: by the clock of the service, where that tells its time. */
export function atTimeOf(answer: Answer, { oauth, client }: OidcParts, now: number): Client {
  const skewMs = clockSkewMs(answer, now);
  return skewMs === undefined ? client : { ...client, [oauth.clockSkew]: Math.round(skewMs / 1_000) };
}

/** A request of the library over our own HTTP, and the answer as both need it. */
export async function exchanged(
  parts: OidcParts,
  { requests }: OidcSurroundings,
  reads: boolean,
  request: (options: object) => Promise<Response>,
): Promise<{ readonly answer: Answer; readonly response: Response }> {
  const { oauth, server } = parts;
  let answer: Answer | undefined;
  const overOurs = async (
    url: string,
    { headers, body }: { headers: Record<string, string>; body: URLSearchParams },
  ): Promise<Response> => {
    const path = url.slice(server.issuer.length);
    const exchange = await requests.send({ method: 'POST', path, headers, body: body.toString(), reads });
    if (exchange.kind === 'failure') throw notAnswered('the login service gives no tokens', exchange);
    answer = exchange;
    return asResponse(exchange);
  };
  // What may travel in the clear was decided where the address was read.
  const response = await request({ [oauth.customFetch]: overOurs, [oauth.allowInsecureRequests]: true });
  if (answer === undefined) throw internalError('a request without an exchange');
  return { answer, response };
}

/** Whether the library would fail on JSON in ways that it does not tell of: it makes a number of whatever the life is. */
function breaksReader(text: string): boolean {
  const read = readBoundedJson(text);
  if (read.kind !== 'json' || typeof read.value !== 'object' || read.value === null)
    return read.kind === 'too deep';
  const life: unknown = Reflect.get(read.value, 'expires_in');
  return typeof life === 'object' && life !== null;
}

function asResponse({ status, headers, body }: Answer): Response {
  const isBare =
    [204, 205, 304].includes(status) || body.length > largestAnswer || breaksReader(body.toString('utf8'));
  const type = headers.get('content-type');
  return new Response(isBare ? null : new Uint8Array(body), {
    // Higher ones there are not, but servers can send them.
    status: Math.min(status, 599),
    headers: type === undefined ? {} : { 'Content-Type': type },
  });
}

/**
 * An access token for a refresh token. It is repeated as a read is, since the refresh token stays as it is.
 *
 * @throws ErpsyncError (auth) with a code of {@link refusalOf} when it is refused; (network, unavailable, rejected)
 */
export async function refreshedTokens(
  app: OidcApp,
  refreshToken: string,
  surroundings: OidcSurroundings,
): Promise<GivenTokens> {
  const parts = await oidcParts(app);
  const { oauth, server, client, authentication } = parts;
  const startedAt = surroundings.clock();
  const { answer, response } = await exchanged(parts, surroundings, true, (options) =>
    oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options),
  );
  try {
    const judge = atTimeOf(answer, parts, surroundings.clock());
    return givenTokens(
      await oauth.processRefreshTokenResponse(server, judge, response),
      startedAt,
      surroundings,
    );
  } catch (error) {
    throw refusalOf(error, { answer, app, ...placeOf(oauthPaths.tokens, surroundings) });
  }
}

/** Where an answer came from, and when: for its refusal. */
export function placeOf(path: string, { requests, clock }: OidcSurroundings) {
  return { where: requests.addressOf(path), now: clock() };
}

/** The tokens of an answer that has been found good. */
export function givenTokens(
  given: { access_token: string; expires_in?: number | undefined; refresh_token?: string | undefined },
  startedAt: number,
  { conceal }: OidcSurroundings,
): GivenTokens {
  const { access_token: ticket, expires_in: seconds, refresh_token: refreshToken } = given;
  for (const secret of [ticket, refreshToken]) {
    if (secret === undefined) continue;
    if (!/^[\x21-\x7e]+$/.test(secret)) {
      throw new ErpsyncError('auth', {
        what: 'the token of the login service is not taken',
        why: 'it holds blanks or characters that no header can carry',
        next: checkService,
      });
    }
    conceal(secret);
  }
  const lifeMs = seconds === undefined ? undefined : Math.min(seconds, longestLifeS) * 1_000;
  const expiresAt = lifeMs === undefined ? undefined : startedAt + Math.max(lifeMs - marginMs, lifeMs / 2);
  return { login: { ticket, expiresAt }, refreshToken };
}

/**
 * Has the service forget a refresh token.
 *
 * @throws ErpsyncError for whatever answer but success
 */
export async function revokeToken(
  app: OidcApp,
  refreshToken: string,
  surroundings: OidcSurroundings,
): Promise<void> {
  const parts = await oidcParts(app);
  const { oauth, server, client, authentication } = parts;
  const { answer, response } = await exchanged(parts, surroundings, true, (options) =>
    oauth.revocationRequest(server, client, authentication, refreshToken, {
      ...options,
      additionalParameters: { token_type_hint: 'refresh_token' },
    }),
  );
  if (response.ok) return;
  const error = await oauth.processRevocationResponse(response).catch((reason: unknown) => reason);
  throw refusalOf(error, { answer, app, ...placeOf(oauthPaths.revoke, surroundings) });
}
