/**
 * Who a request comes from. NetServer knows Basic, SOTicket and Bearer; without any of them it
 * answers 401. No reason given here ever contains what was presented.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { SandboxCredentials } from './credentials.ts';
import type { User } from './users.ts';

/** How long a ticket lives after its last use, in milliseconds (6 hours, sliding). */
const ticketLifetime = 6 * 60 * 60 * 1000;

/** The user behind a credential, or why it is refused. */
export type Login =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'refused'; readonly why: string };

/** The checks of one tenant; REST reads headers with them, SOAP its own elements. */
export interface Authentication {
  /** Judges the values of the `Authorization` and `SO-AppToken` headers. */
  byHeaders(authorization: string | undefined, appToken: string | undefined): Login;
  byPassword(username: string, password: string): Login;
  /** A good ticket is renewed to its full life by being used; an expired one stays dead. */
  byTicket(ticket: string): Login;
  byToken(token: string): Login;
  /** A new ticket of the user, as a login answers it: `7T:` and base64. It lives like every other. */
  issueTicket(user: User): string;
  /** A new access token of the user for an app: `8A:<tenant>.` and nothing that says more. @param life In ms. */
  issueToken(user: User, tenant: string, life: number): string;
  /** From now on the access token is refused; one that was not issued here stays as it is. */
  revokeToken(token: string): void;
  /**
   * On-site servers do not ask for an application token, SuperOffice Online does; a wrong one is refused
   * by both.
   */
  acceptsAppToken(appToken: string | undefined): boolean;
}

/**
 * Checks against these credentials; `users` begins with the owner of ticket and token.
 *
 * @param online Whether a request needs the application token.
 */
export function createAuthentication(
  credentials: SandboxCredentials,
  users: readonly [User, ...User[]],
  now: Clock,
  online = false,
): Authentication {
  const [owner] = users;
  const tokens = new Map<string, { readonly user: User; readonly end: number }>();
  const tickets = new Map([[credentials.ticket, { user: owner, end: now() + ticketLifetime }]]);

  const authentication: Authentication = {
    byHeaders(authorization, appToken) {
      const [scheme = '', ...rest] = (authorization ?? '').trim().split(' ');
      const value = rest.join(' ').trim();
      // A token that was issued to an app says itself which app it is.
      const isOfApp = appToken === undefined && scheme.toLowerCase() === 'bearer' && tokens.has(value);
      if (!isOfApp && !authentication.acceptsAppToken(appToken)) {
        return refused(`The application token is ${appToken === undefined ? 'missing' : 'not valid'}.`);
      }
      if (authorization === undefined) return refused('The request carries no credentials.');
      switch (scheme.toLowerCase()) {
        case 'basic': {
          const pair = decodeBasic(value);
          if (pair === undefined) return refused('The Basic credentials cannot be read.');
          return authentication.byPassword(pair.username, pair.password);
        }
        case 'soticket':
          return authentication.byTicket(value);
        case 'bearer':
          return authentication.byToken(value);
        default:
          return refused('The authorization scheme is not one of Basic, SOTicket and Bearer.');
      }
    },
    byPassword(username, password) {
      const user = users.find((one) => one.username === username && one.password === password);
      return user === undefined ? refused('User name or password is wrong.') : { kind: 'user', user };
    },
    byTicket(ticket) {
      const known = tickets.get(ticket);
      if (known === undefined) return refused('The ticket is not valid.');
      if (now() >= known.end) return refused('The ticket has expired.');
      known.end = now() + ticketLifetime;
      return { kind: 'user', user: known.user };
    },
    byToken(token) {
      if (token === credentials.token) return { kind: 'user', user: owner };
      const known = tokens.get(token);
      if (known === undefined) return refused('The access token is not valid.');
      return now() < known.end
        ? { kind: 'user', user: known.user }
        : refused('The access token has expired.');
    },
    issueTicket(user) {
      const ticket = newTicket(tickets.size);
      tickets.set(ticket, { user, end: now() + ticketLifetime });
      return ticket;
    },
    issueToken(user, tenant, life) {
      const token = `8A:${tenant}.${randomBytes(32).toString('base64url')}`;
      tokens.set(token, { user, end: now() + life });
      return token;
    },
    revokeToken(token) {
      tokens.delete(token);
    },
    acceptsAppToken(appToken) {
      return appToken === undefined ? !online : appToken === credentials.appToken;
    },
  };
  return authentication;
}

function refused(why: string): Login {
  return { kind: 'refused', why };
}

/** What a ticket of a real server holds: a GUID and a number in UTF-16. So its base64 needs no `+` and no `/`. */
function newTicket(number: number): string {
  const text = `${randomUUID().replaceAll('-', '')};${number}`;
  return `7T:${Buffer.from(text, 'utf16le').toString('base64')}`;
}

/** Base64 of UTF-8 `user:password`; the first colon divides, so a password may contain more of them. */
function decodeBasic(value: string): { username: string; password: string } | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  const text = bytes.toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0 || !Buffer.from(text, 'utf8').equals(bytes)) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
