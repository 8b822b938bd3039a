/** Schemes whose credential is at hand: basic, ticket, bearer, none. */
import { usageError } from '../errors.ts';
import type { AuthScheme, SecretName } from '../profiles/profile.ts';
import type { Credentials } from '../transport/transport.ts';

/** The secret that a scheme needs; undefined where it needs none. */
export const secretOf: Readonly<Record<AuthScheme, SecretName | undefined>> = {
  basic: 'password',
  ticket: 'ticket',
  bearer: 'token',
  none: undefined,
};

/** Everything that the headers are made of. */
export interface CredentialParts {
  readonly auth: AuthScheme;
  /** Only for basic. */
  readonly username: string | undefined;
  /** What {@link secretOf} names. */
  readonly secret: string | undefined;
  /** The token of the app (`SO-AppToken`): checked Online, not on-site. */
  readonly appToken: string | undefined;
}

/**
 * The headers of a scheme: `Basic base64(user:password)`, `SOTicket 7T:...` raw, `Bearer 8A:...`.
 *
 * @throws ErpsyncError (usage) for a user name or token that a header cannot carry
 */
export function credentialsFor(parts: CredentialParts): Credentials {
  const headers: Record<string, string> = {};
  const authorization = authorizationHeader(parts);
  if (authorization !== undefined) headers['Authorization'] = authorization;
  if (parts.appToken !== undefined) headers['SO-AppToken'] = visible(parts.appToken, 'application token');
  return { headers: () => Promise.resolve(headers) };
}

function authorizationHeader({ auth, username = '', secret = '' }: CredentialParts): string | undefined {
  switch (auth) {
    case 'basic':
      if (username.includes(':')) throw usageError('a user name for auth basic cannot hold a colon');
      return `Basic ${Buffer.from(`${username}:${secret}`, 'utf8').toString('base64')}`;
    case 'ticket':
      return `SOTicket ${visible(secret, 'ticket')}`;
    case 'bearer':
      return `Bearer ${visible(secret, 'access token')}`;
    case 'none':
      return undefined;
  }
}

function visible(text: string, what: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw usageError(`the ${what} holds blanks or characters that no header can carry`, 'copy it again, whole');
}
