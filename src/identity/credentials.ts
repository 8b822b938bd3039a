/** What a login needs of secrets, and the headers of schemes whose credential is at hand. */
import { unusable } from '../error-words.ts';
import type { SecretName, Secrets } from '../profiles/profile.ts';
import type { AuthScheme } from '../profiles/setting-table.ts';
import type { RestCredentials } from '../transport/transport.ts';

/** The secrets that a scheme needs, all of them. */
export const secretsOf: Readonly<Record<AuthScheme, readonly SecretName[]>> = {
  basic: ['password'],
  ticket: ['ticket'],
  bearer: ['token'],
  oidc: ['refreshToken'],
  'system-user': ['systemUserToken', 'privateKey', 'appToken'],
  xsrf: ['cookie', 'xsrfToken'],
  none: [],
};

/** Everything that the headers are made of. */
export interface CredentialParts {
  readonly auth: AuthScheme;
  /** Only for basic. */
  readonly username: string | undefined;
  /**
   * What {@link secretsOf} names, and with any scheme the token of the app (`SO-AppToken`): checked
   * Online, not on-site.
   */
  readonly secrets: Secrets;
}

/**
 * The headers of a scheme: `Basic base64(user:password)`, `SOTicket 7T:...` raw, `Bearer 8A:...`, or the
 * cookie of a web client's session with the token that guards it (`X-XSRF-TOKEN`) and no Authorization. Of a
 * system user they are what goes along with its ticket, of auth oidc what goes along with its access token.
 *
 * @throws ErpsyncError (usage) for a user name or secret that a header cannot carry
 */
export function credentialsFor(parts: CredentialParts): RestCredentials {
  const headers = schemeHeaders(parts);
  const { appToken } = parts.secrets;
  if (appToken !== undefined) headers['SO-AppToken'] = visible(appToken, 'application token');
  return { headers: () => Promise.resolve(headers) };
}

function schemeHeaders({ auth, username = '', secrets }: CredentialParts): Record<string, string> {
  const {
    password = '',
    ticket = '',
    token = '',
    cookie = '',
    xsrfToken = '',
    systemUserToken = '',
    refreshToken = '',
  } = secrets;
  switch (auth) {
    case 'basic':
      if (username.includes(':'))
        throw unusable(
          'the user name',
          'it holds a colon, at which auth basic has its end',
          'give the right one with --username or ERPSYNC_USERNAME, or store it with the profile',
        );
      return { Authorization: `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}` };
    case 'ticket':
      return { Authorization: `SOTicket ${visible(ticket, 'ticket')}` };
    case 'bearer':
      return { Authorization: `Bearer ${visible(token, 'access token')}` };
    case 'xsrf':
      return { Cookie: cookieText(cookie), 'X-XSRF-TOKEN': visible(xsrfToken, 'XSRF token') };
    case 'oidc':
      // Sent for access tokens alone: see oidc-service.ts.
      visible(refreshToken, 'refresh token');
      return {};
    case 'system-user':
      // Its ticket is fetched first: see tickets.ts.
      if (!/^[^\p{C}]+$/u.test(systemUserToken)) {
        throw unusable('the system user token', 'it holds characters that cannot be sent', copyAgain);
      }
      return {};
    case 'none':
      return {};
  }
}

function visible(text: string, what: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw unusable(`the ${what}`, 'it holds blanks or characters that no header can carry', copyAgain);
}

const copyAgain = 'copy it again, whole';

/** One or more cookies (RFC 6265, section 4.2.1), or what browsers make of them. */
function cookieText(text: string): string {
  if (/^[\w!#$%&'*+.^`|~-]+=[\x21-\x7e]*(?: [\x21-\x7e]+)*$/.test(text)) return text;
  throw unusable(
    'the session cookie',
    'it is not written as a header carries it',
    'copy the value of the Cookie header, as in ASP.NET_SessionId=abc; other=def',
  );
}
