/** The login of a person in a browser: authorization code with PKCE S256, and an id token that has to be proved. */

import { ErpsyncError } from '../errors.ts';
import { lostLogin, type OidcApp } from './oidc-app.ts';
import { oauthRefusal, refusalOf } from './oidc-refusals.ts';
import type { GivenTokens, OidcSurroundings } from './oidc-service.ts';
import { atTimeOf, exchanged, givenTokens, oidcParts, placeOf } from './oidc-service.ts';
import { oauthPaths } from './online.ts';
import { type Claims, claim, claimInWords, provenClaims, publishedKeys } from './proven-token.ts';

/** A login that has been begun. */
export interface BegunLogin {
  /** What the browser has to open. */
  readonly address: string;
  readonly state: string;
  /**
   * Ends it.
   *
   * @param parameters of the answer that the browser brought
   * @throws ErpsyncError (auth) for an answer that is an error, and for tokens that are not what they should be;
   *   (network, unavailable, rejected)
   */
  finish(parameters: URLSearchParams, surroundings: OidcSurroundings): Promise<FinishedLogin>;
}

/** Tokens, and whose they are by the id token. */
export interface FinishedLogin extends GivenTokens {
  readonly refreshToken: string;
  /** Address or name of the person, as far as the token tells. */
  readonly user: string | null;
  readonly associateId: number | null;
}

/** Makes what only the two ends of this login know, and the address of the login page. */
export async function beginLogin(app: OidcApp, redirectUri: string): Promise<BegunLogin> {
  const parts = await oidcParts(app);
  const { oauth, server } = parts;
  const [verifier, state, nonce] = [
    oauth.generateRandomCodeVerifier(),
    oauth.generateRandomState(),
    oauth.generateRandomNonce(),
  ];
  const address = new URL(server.authorization_endpoint ?? '');
  address.search = new URLSearchParams({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: 'openid',
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    // The service takes "plain" for granted where nothing is said.
    code_challenge_method: 'S256',
    // No question for the tenant.
    acr_values: `tenant:${app.address.tenant}`,
  }).toString();
  return {
    address: address.href,
    state,
    async finish(parameters, surroundings) {
      const error = parameters.get('error');
      if (error !== null) throw oauthRefusal(app, error, parameters.get('error_description') ?? undefined);
      const { conceal, clock, requests } = surroundings;
      for (const secret of [parameters.get('code') ?? '', verifier]) conceal(secret);
      const code = codeIn(parameters, parts, state);
      const startedAt = clock();
      const { answer, response } = await exchanged(parts, surroundings, false, (options) =>
        oauth.authorizationCodeGrantRequest(
          server,
          parts.client,
          parts.authentication,
          code,
          redirectUri,
          verifier,
          options,
        ),
      );
      try {
        const judge = atTimeOf(answer, parts, clock());
        const given = await oauth.processAuthorizationCodeResponse(server, judge, response, {
          expectedNonce: nonce,
          requireIdToken: true,
        });
        const tokens = givenTokens(given, startedAt, surroundings);
        conceal(given.id_token ?? '');
        const claims = await provenClaims(given.id_token ?? '', await publishedKeys(requests));
        return { ...tokens, ...personIn(claims, app), refreshToken: kept(tokens.refreshToken) };
      } catch (error) {
        throw refusalOf(error, { answer, app, ...placeOf(oauthPaths.tokens, surroundings) });
      }
    },
  };
}

function codeIn(
  parameters: URLSearchParams,
  { oauth, server, client }: Awaited<ReturnType<typeof oidcParts>>,
  state: string,
): URLSearchParams {
  try {
    const validated = oauth.validateAuthResponse(server, client, parameters, state);
    const [code, another] = validated.getAll('code');
    if (code && another === undefined) return validated;
  } catch {
    // What the library says of it could quote it.
  }
  throw new ErpsyncError('auth', {
    what: lostLogin,
    why: 'the browser brought an answer that is not of this login',
    next: 'run the same command again',
  });
}

function kept(refreshToken: string | undefined): string {
  if (refreshToken !== undefined) return refreshToken;
  throw new ErpsyncError('auth', {
    what: lostLogin,
    why: 'the login service gives the app no refresh token',
    next: 'give the client id of a native app with --client-id',
  });
}

/** Whose the proved token is. @throws ErpsyncError (auth) when it is of another tenant */
function personIn(claims: Claims, { address }: OidcApp): Pick<FinishedLogin, 'user' | 'associateId'> {
  const context = claims[claim('ctx')];
  const { tenant } = address;
  if (typeof context !== 'string' || context.toLowerCase() !== tenant.toLowerCase()) {
    throw new ErpsyncError('auth', {
      what: lostLogin,
      why: `it is for tenant ${claimInWords(context)}, not for ${tenant}`,
      next: 'choose the right one in the browser, or name the other one: erpsync profile set <name> --tenant <id>',
    });
  }
  const text = (name: string): string | undefined => {
    const value = claims[claim(name)];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const told = text('associateid') ?? claims[claim('associateid')];
  const id = typeof told === 'string' || typeof told === 'number' ? Number(told) : Number.NaN;
  return {
    user: text('upn') ?? text('email') ?? text('so_primary_email_address') ?? text('initials') ?? null,
    associateId: Number.isInteger(id) && id > 0 ? id : null,
  };
}
