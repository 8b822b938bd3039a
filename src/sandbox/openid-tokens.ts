/** The endpoints that an app itself asks: tokens for a code or a refresh token, and their revocation. */
import { type Answer, jsonAnswer } from './answers.ts';
import { claim, personClaims, tenantClaims } from './claims.ts';
import type { Clock } from './clock.ts';
import type { SandboxCredentials } from './credentials.ts';
import { type Parameters, readForm } from './form.ts';
import type { Granted, Grants } from './grants.ts';
import { registeredRedirect } from './openid-authorize.ts';
import type { Body, RequestHead } from './request.ts';
import type { SigningKey } from './signing-key.ts';
import type { Voice } from './voice.ts';

/** What the endpoints work with. */
export interface TokenParts {
  readonly credentials: SandboxCredentials;
  readonly grants: Grants;
  readonly signingKey: SigningKey;
  readonly now: Clock;
  readonly tenant: string;
  /** Where the tenant is served. */
  readonly tenantUrl: () => string;
  /** Where the login service is, without a slash at its end: the issuer. */
  readonly origin: () => string;
  /** How long access tokens live (ms). */
  readonly tokenLife: number;
}

/** How long an id token holds (s). */
const idTokenLife = 300;

/** Answers a request for tokens. */
export function answerTokens(head: RequestHead, body: Body, parts: TokenParts): Answer {
  return asClient(head, body, parts.credentials, (form) => {
    const given = grant(form, parts.grants);
    if (typeof given === 'string') return oauthError(400, 'invalid_request', given);
    if (given === undefined) return oauthError(400, 'unsupported_grant_type', 'No such grant_type here.');
    if (given.kind === 'refused') return oauthError(400, 'invalid_grant', given.why);
    const isNew = form.get('grant_type') === 'authorization_code';
    return jsonAnswer(
      200,
      {
        token_type: 'Bearer',
        access_token: given.accessToken,
        expires_in: Math.ceil(parts.tokenLife / 1000),
        // It stays the same, so a refresh does not answer it again.
        ...(isNew && { refresh_token: given.refreshToken }),
        id_token: idToken(given, parts),
      },
      uncached,
    );
  });
}

/** Answers a revocation; that of a token that nobody knows is a success too. */
export function answerRevocation(head: RequestHead, body: Body, { credentials, grants }: TokenParts): Answer {
  return asClient(head, body, credentials, (form) => {
    const token = form.get('token');
    if (token === undefined) return oauthError(400, 'invalid_request', 'token is missing.');
    grants.revoke(token);
    return { status: 200, headers: uncached, body: '' };
  });
}

/** What was granted; the name of what is missing; undefined for a grant that is not given here. */
function grant(form: Parameters, grants: Grants): Granted | string | undefined {
  const redirectUri = form.get('redirect_uri');
  switch (form.get('grant_type')) {
    case undefined:
      return 'grant_type is missing.';
    case 'authorization_code': {
      const code = form.get('code');
      return code === undefined
        ? 'code is missing.'
        : grants.redeem(code, redirectUri, form.get('code_verifier'));
    }
    case 'refresh_token': {
      const refreshToken = form.get('refresh_token');
      if (refreshToken === undefined) return 'refresh_token is missing.';
      const isStrange = redirectUri !== undefined && !registeredRedirect.test(redirectUri);
      return isStrange ? { kind: 'refused', why: 'InvalidRedirectUrl (2).' } : grants.refresh(refreshToken);
    }
    default:
      return undefined;
  }
}

function idToken({ user, nonce }: Extract<Granted, { kind: 'granted' }>, parts: TokenParts): string {
  const { credentials, signingKey, now, tenant, tenantUrl, origin } = parts;
  const seconds = Math.floor(now() / 1000);
  return signingKey.token({
    ...personClaims(user),
    ...tenantClaims(tenant, tenantUrl(), user),
    // Whoever may approve the app learns the token of its system user.
    ...(user.roleId === 1 && { [claim('system_token')]: credentials.systemUserToken }),
    ...(nonce !== undefined && { nonce }),
    iat: seconds,
    nbf: seconds,
    exp: seconds + idTokenLife,
    iss: origin(),
    aud: credentials.clientId,
  });
}

/**
 * Does what the app of this client id asks in a form. A native app has no secret; one that is given must be right, in
 * the form or as Basic credentials, not in both.
 */
function asClient(
  head: RequestHead,
  body: Body,
  { clientId, appToken }: SandboxCredentials,
  work: (form: Parameters) => Answer,
): Answer {
  const posted = readForm(head, body);
  if (posted.kind === 'problem') return oauthError(posted.status, 'invalid_request', posted.problem);
  const { parameters: form } = posted;
  if (form.repeated !== undefined) {
    return oauthError(400, 'invalid_request', `${form.repeated.slice(0, 40)} is given twice.`);
  }
  if (head.query !== undefined && /(?:^|&)(?:code|refresh_token|client_secret|token)=/.test(head.query)) {
    return oauthError(
      400,
      'invalid_request',
      'A secret is in the address: the parameters belong in the body.',
    );
  }
  const basic = basicClient(head.header('authorization'));
  if (basic !== undefined && form.get('client_secret') !== undefined) {
    return oauthError(400, 'invalid_request', 'The client authenticates in two ways.');
  }
  const id = basic?.id ?? form.get('client_id');
  const secret = basic?.secret ?? form.get('client_secret') ?? '';
  const isOther = form.get('client_id') !== undefined && form.get('client_id') !== id;
  if (isOther || id !== clientId || (secret !== '' && secret !== appToken)) {
    const headers = { 'WWW-Authenticate': 'Basic realm="SuperOffice"' };
    return oauthError(401, 'invalid_client', 'No app with this client_id and client_secret.', headers);
  }
  return work(form);
}

/** Both halves are form-encoded before they are joined; what cannot be read is nobody. */
function basicClient(
  header: string | undefined,
): { readonly id: string; readonly secret: string } | undefined {
  if (header === undefined) return undefined;
  const [, text = ''] = /^basic +([\w+/]+={0,2})$/i.exec(header.trim()) ?? [];
  const [, id = '', secret = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(text, 'base64').toString('utf8')) ?? [];
  const decoded = (half: string): string => new URLSearchParams(`half=${half}`).get('half') ?? '';
  return { id: decoded(id), secret: decoded(secret) };
}

const uncached = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** The error object of OAuth. */
function oauthError(
  status: number,
  error: string,
  description: string,
  headers: Answer['headers'] = {},
): Answer {
  const answer = jsonAnswer(status, { error, error_description: description }, { ...uncached, ...headers });
  return { ...answer, isRefusal: true };
}

/** How faults are worded here. */
export const oauthVoice: Voice = {
  failure: (message) => oauthError(500, 'server_error', message),
  error: (status, message) => oauthError(status, 'server_error', message),
  refusal: (message) => oauthError(400, 'invalid_grant', message),
  nullResult: () => jsonAnswer(200, null),
};
