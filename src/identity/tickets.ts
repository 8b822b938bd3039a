/**
 * Tickets: what SOAP calls are made with, and what a system user calls REST with. A login gives one; it lives for
 * 6 hours after its last use and cannot be renewed once it has expired, so another one is fetched then.
 */
import type { AgentClient } from '../agent/client.ts';
import type { ResultOf } from '../agent/contract.ts';
import { type Principal, principalIn } from '../agent/principal.ts';
import { configError, ErpsyncError } from '../errors.ts';
import type { AuthScheme } from '../profiles/setting-table.ts';
import type { KeptTicket, TicketCache } from '../profiles/ticket-cache.ts';
import type { RestCredentials, SoapCredentials } from '../transport/transport.ts';
import { type CredentialParts, credentialsFor } from './credentials.ts';
import { type Renewable, renewable } from './renewable.ts';

/** A ticket, or an access token, and whose it is. */
export interface Login extends KeptTicket {
  /** The id under which batch tasks of this login run, where the login told it. */
  readonly associateId?: number | undefined;
}

/** Where tickets of a login come from. */
export interface TicketSource {
  fetch(): Promise<Login>;
  /** Absent where the secret behind it does not come from a profile. */
  readonly kept?: TicketCache | undefined;
  /** Told of each ticket before it is used, so that it is never shown. */
  readonly conceal: (ticket: string) => void;
  /** Our clock (ms since the epoch), for those that do not live on with each use. */
  readonly now?: () => number;
}

/** The ticket of a login: a kept one as long as it is good, else a fetched one. */
export function renewableTicket({ fetch, kept, conceal, now }: TicketSource): Renewable<Login> {
  const concealed = (login: Login): Login => {
    conceal(login.ticket);
    return login;
  };
  const fetched = async (): Promise<Login> => concealed(await fetch());
  const replaced = async (stale: string | undefined): Promise<Login> =>
    kept === undefined ? await fetched() : concealed(await kept.replace(stale, fetched));
  return renewable({
    async first() {
      const found = await kept?.read();
      return found === undefined ? await replaced(undefined) : concealed(found);
    },
    another: ({ ticket }) => replaced(ticket),
    ...(now && { isSpent: ({ expiresAt }: Login) => expiresAt !== undefined && now() >= expiresAt }),
  });
}

/** The credentials of calls over REST that are made with tickets, or access tokens; `parts` say what goes along. */
export function restTickets(tickets: Renewable<Login>, parts: CredentialParts): RestCredentials {
  const auth = parts.auth === 'oidc' ? 'bearer' : 'ticket';
  return {
    async headers() {
      const { ticket } = await tickets.current();
      const secrets = { ...parts.secrets, ticket, token: ticket };
      return await credentialsFor({ ...parts, auth, secrets }).headers();
    },
    renewal: tickets.renewal,
  };
}

/** What the tickets of calls over SOAP come from. */
export interface TicketOptions extends CredentialParts, Pick<TicketSource, 'kept' | 'conceal'> {
  /** Calls SoPrincipal; the calls carry the application token and no ticket. */
  readonly service: AgentClient;
  /** The tickets of a login that is not one of SoPrincipal. */
  readonly tickets?: Renewable<Login> | undefined;
  /** What tickets are got with, of a login that has such. */
  readonly accessTokens?: Renewable<Login> | undefined;
}

/** The credentials of SOAP calls, and who they belong to. */
export interface TicketCredentials extends SoapCredentials {
  /**
   * Asks the server who we are.
   *
   * @throws ErpsyncError as for any read; `auth` if it does not take our ticket, `rejected` if it does not say it
   */
  principal(): Promise<Principal>;
  /** The id of {@link principal}, from the login itself where that told it. @throws as that does */
  associateId(): Promise<number>;
}

/**
 * The login of a scheme over SOAP.
 *
 * @throws ErpsyncError (config) for a scheme that SOAP does not know
 */
export function ticketCredentials(options: TicketOptions): TicketCredentials {
  const { auth, secrets, service, kept, conceal } = options;
  if (auth === 'xsrf') {
    throw configError(
      'auth xsrf is a login of the web client, which SOAP does not know',
      'use --transport rest, or another auth',
    );
  }
  if (auth === 'none') {
    const nobody = () => Promise.reject(new ErpsyncError('auth', 'auth none does not say who we are'));
    return {
      soapLogin: () => Promise.resolve({ ticket: undefined, applicationToken: secrets.appToken }),
      principal: nobody,
      associateId: nobody,
    };
  }
  const given = auth === 'ticket' ? { ticket: secrets.ticket ?? '' } : undefined;
  const tickets = options.tickets ?? renewableTicket({ fetch: () => fetchTicket(options), kept, conceal });
  const current = (): Promise<Login> => (given ? Promise.resolve(given) : tickets.current());
  return {
    async soapLogin() {
      return { ticket: (await current()).ticket, applicationToken: secrets.appToken };
    },
    ...(given === undefined && { renewal: tickets.renewal }),
    principal,
    async associateId() {
      return (await current()).associateId ?? (await principal()).associateId;
    },
  };

  async function principal(): Promise<Principal> {
    const { ticket } = await current();
    const { generation } = tickets.renewal;
    const owner = await ownerOf(ticket, service);
    if (owner !== undefined) return owner;
    if (given !== undefined) throw refusedLogin(auth);
    await tickets.renewal.renew(generation);
    const again = await ownerOf((await current()).ticket, service);
    if (again !== undefined) return again;
    throw refusedLogin(auth);
  }
}

/** Whose a ticket is: the server takes one in place of a user name, with a blank password. Undefined for one that it does not take. */
async function ownerOf(ticket: string, service: AgentClient): Promise<Principal | undefined> {
  const answer = await service.read('AuthenticateUsernamePassword', { UserName: ticket, Password: '' });
  if (answer?.AuthenticationSucceeded !== true) return undefined;
  const principal = principalIn(answer.Response);
  if (principal !== undefined) return principal;
  throw new ErpsyncError('rejected', 'the server does not say whose the ticket is', {
    hint: 'check the url of the profile',
  });
}

async function fetchTicket(options: TicketOptions): Promise<Login> {
  const { auth, username = '', secrets, service, accessTokens } = options;
  if (accessTokens !== undefined) return await ticketForToken(accessTokens, service);
  const login =
    auth === 'bearer'
      ? await byToken(secrets.token ?? '', service)
      : loginIn(
          await service.read('AuthenticateUsernamePassword', {
            UserName: username,
            Password: secrets.password ?? '',
          }),
        );
  if (login !== undefined) return login;
  throw refusedLogin(auth);
}

/** With an access token that is not taken, once more with another one. */
async function ticketForToken(accessTokens: Renewable<Login>, service: AgentClient): Promise<Login> {
  const { ticket: token } = await accessTokens.current();
  const { generation } = accessTokens.renewal;
  const login = await byToken(token, service).catch((error: unknown) => {
    if (error instanceof ErpsyncError && error.code === 'auth') return undefined;
    throw error;
  });
  if (login !== undefined) return login;
  await accessTokens.renewal.renew(generation);
  const another = await byToken((await accessTokens.current()).ticket, service);
  if (another !== undefined) return another;
  throw refusedLogin('oidc');
}

async function byToken(token: string, service: AgentClient): Promise<Login | undefined> {
  return loginIn(await service.read('AuthenticateWithAccessToken', { AccessToken: token }));
}

function loginIn(answer: ResultOf<'AuthenticateWithAccessToken'>): Login | undefined {
  const ticket = answer?.Credentials?.Ticket;
  if (answer?.AuthenticationSucceeded !== true || typeof ticket !== 'string' || ticket === '')
    return undefined;
  return { ticket, associateId: answer.Response?.AssociateId ?? undefined };
}

const refusedHints: { readonly [S in AuthScheme]?: readonly [what: string, hint: string] } = {
  basic: ['does not accept the user name or password', 'check username and password of the profile'],
  bearer: ['gives no ticket for the access token', 'access tokens expire after an hour; get a new one'],
  oidc: ['gives no ticket for a new access token', 'the app may not be allowed to use the web services'],
};

function refusedLogin(auth: AuthScheme): ErpsyncError {
  const [what, hint] = refusedHints[auth] ?? ['does not accept the ticket', 'log in again, for another one'];
  return new ErpsyncError('auth', `the server ${what}`, { hint });
}
