/**
 * Tickets: what SOAP calls are made with, and what a system user calls REST with. A login gives one; it lives for
 * 6 hours after its last use and cannot be renewed once it has expired, so another one is fetched then.
 */
import type { AgentClient } from '../agent/client.ts';
import type { ResultOf } from '../agent/contract.ts';
import { type Principal, principalIn } from '../agent/principal.ts';
import { configError, ErpsyncError } from '../errors.ts';
import type { Secrets } from '../profiles/profile.ts';
import type { AuthScheme } from '../profiles/setting-table.ts';
import type { KeptTicket, TicketCache } from '../profiles/ticket-cache.ts';
import { credentialError, type LoginKind } from '../transport/status-errors.ts';
import type { RestCredentials, SoapCredentials } from '../transport/transport.ts';
import { credentialsFor } from './credentials.ts';
import { type LoginParts, type LoginSecrets, loginWith } from './login-secrets.ts';
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
export function restTickets(tickets: Renewable<Login>, parts: LoginParts): RestCredentials {
  const auth = parts.auth === 'oidc' ? 'bearer' : 'ticket';
  return {
    async headers() {
      const { ticket } = await tickets.current();
      const secrets = { ...(await parts.secrets.current()), ticket, token: ticket };
      return await credentialsFor({ ...parts, auth, secrets }).headers();
    },
    renewal: tickets.renewal,
  };
}

/** What the tickets of calls over SOAP come from. */
export interface TicketOptions extends LoginParts, Pick<TicketSource, 'kept' | 'conceal'> {
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
    throw configError({
      what: 'auth xsrf cannot be used over SOAP',
      why: 'it is a login of the web client, which SOAP does not know',
      next: 'give --transport rest, or name another login with --auth',
    });
  }
  if (auth === 'none') {
    const nobody = () => Promise.reject(noUser());
    return {
      soapLogin: async () => ({ ticket: undefined, applicationToken: (await secrets.current()).appToken }),
      principal: nobody,
      associateId: nobody,
    };
  }
  const fetch = () => loginWith(secrets, (present) => fetchTicket(options, present));
  const tickets =
    auth === 'ticket' ? givenTicket(secrets) : (options.tickets ?? renewableTicket({ fetch, kept, conceal }));
  const current = (): Promise<Login> => tickets.current();
  return {
    async soapLogin() {
      return { ticket: (await current()).ticket, applicationToken: (await secrets.current()).appToken };
    },
    ...(tickets.renewal && { renewal: tickets.renewal }),
    principal,
    async associateId() {
      return (await current()).associateId ?? (await principal()).associateId;
    },
  };

  async function principal(): Promise<Principal> {
    const { ticket } = await current();
    const { renewal } = tickets;
    const generation = renewal?.generation;
    const owner = await ownerOf(ticket, service);
    if (owner !== undefined) return owner;
    if (renewal === undefined || generation === undefined) throw refusedLogin(auth);
    await renewal.renew(generation);
    const again = await ownerOf((await current()).ticket, service);
    if (again !== undefined) return again;
    throw refusedLogin(auth);
  }
}

/** A ticket that is a secret of the login itself: it is as renewable as that. */
function givenTicket(
  secrets: LoginSecrets,
): Pick<Renewable<Login>, 'current'> & Pick<LoginSecrets, 'renewal'> {
  return {
    current: async () => ({ ticket: (await secrets.current()).ticket ?? '' }),
    renewal: secrets.renewal,
  };
}

/** Whose a ticket is: the server takes one in place of a user name, with a blank password. Undefined for one that it does not take. */
async function ownerOf(ticket: string, service: AgentClient): Promise<Principal | undefined> {
  const answer = await service.read('AuthenticateUsernamePassword', { UserName: ticket, Password: '' });
  if (answer?.AuthenticationSucceeded !== true) return undefined;
  const principal = principalIn(answer.Response);
  if (principal !== undefined) return principal;
  throw new ErpsyncError('rejected', {
    what: 'the server does not say who we are',
    why: 'it takes the ticket, and its answer names no user',
    next: 'check the url of the profile: erpsync doctor',
  });
}

async function fetchTicket(options: TicketOptions, secrets: Secrets): Promise<Login> {
  const { auth, username = '', service, accessTokens } = options;
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

function noUser(): ErpsyncError {
  return new ErpsyncError('auth', {
    what: 'the server cannot be asked who we are',
    why: 'auth none sends no login',
    next: 'name a login with --auth or --profile',
  });
}

/** Why SOAP gives no ticket: the words of a refusal over REST. */
const kinds: { readonly [S in AuthScheme]?: LoginKind } = {
  basic: 'password',
  bearer: 'token',
  oidc: 'renewed-token',
};

function refusedLogin(auth: AuthScheme): ErpsyncError {
  return credentialError({}, kinds[auth] ?? 'ticket');
}
