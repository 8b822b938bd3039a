/** The OpenID provider of SuperOffice Online: its paths, in any case, and what it tells of itself. */
import { type Answer, errorAnswer, jsonAnswer } from './answers.ts';
import { type AuthorizeParts, authorize } from './openid-authorize.ts';
import { answerRevocation, answerTokens, oauthVoice, type TokenParts } from './openid-tokens.ts';
import type { Prepared } from './prepared.ts';
import type { Body, RequestHead } from './request.ts';
import type { Voice } from './voice.ts';

/** What the provider works with. */
export interface OpenIdParts extends AuthorizeParts, TokenParts {}

/** Understands a request to the provider; undefined for one that is not to it. */
export function prepareOpenId(head: RequestHead, body: Body, parts: OpenIdParts): Prepared | undefined {
  const path = head.path.toLowerCase();
  switch (path) {
    case '/login/.well-known/openid-configuration':
      return only(['GET'], head, () => jsonAnswer(200, configuration(parts.origin())));
    case '/login/.well-known/jwks':
      return only(['GET'], head, () => jsonAnswer(200, parts.signingKey.keySet()));
    case '/login/common/oauth/tokens':
      return only(['POST'], head, () => answerTokens(head, body, parts), oauthVoice);
    case '/login/common/oauth/revoke':
      return only(['POST'], head, () => answerRevocation(head, body, parts), oauthVoice);
    default: {
      const [, named] = /^\/login\/([^/]+)\/oauth\/authorize$/.exec(path) ?? [];
      if (named === undefined) return undefined;
      return only(['GET', 'POST'], head, () => authorize(head, body, named, parts));
    }
  }
}

/** A request with one of these methods, or the refusal of another one; it changes nothing that is kept. */
export function only(
  methods: readonly string[],
  head: RequestHead,
  perform: () => Answer,
  voice?: Voice,
): Prepared {
  const spoken = voice === undefined ? {} : { voice };
  if (methods.includes(head.method)) {
    return { kind: 'ready', operation: null, resync: null, isRead: true, perform, ...spoken };
  }
  const headers = { Allow: methods.join(', ') };
  const answer = errorAnswer(405, 'MethodNotAllowed', `Not with ${head.method}.`, headers);
  return { kind: 'refused', operation: null, answer, ...spoken };
}

/** The discovery document; the issuer has no `/login`, and where tokens are revoked it does not tell. */
function configuration(origin: string): Readonly<Record<string, unknown>> {
  const common = `${origin}/login/common/oauth`;
  return {
    issuer: origin,
    authorization_endpoint: `${common}/authorize`,
    token_endpoint: `${common}/tokens`,
    jwks_uri: `${origin}/login/.well-known/jwks`,
    response_types_supported: ['code'],
    response_modes_supported: ['form_post', 'fragment', 'query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    scopes_supported: ['openid'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    code_challenge_methods_supported: ['S256', 'plain'],
  };
}
