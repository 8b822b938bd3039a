/**
 * Tickets: what SOAP calls are made with, and what a system user calls REST with. A login gives one; it lives for
 * 6 hours after its last use and cannot be renewed once it has expired, so another one is fetched then.
 */
import type { AgentClient } from '../agent/client.ts';
import { configError, ErpsyncError } from '../errors.ts';
import type { Secrets } from '../profiles/profile.ts';
import type { AuthScheme } from '../profiles/setting-table.ts';
import type { TicketCache } from '../profiles/ticket-cache.ts';
import type { RestCredentials, SoapCredentials } from '../transport/transport.ts';
import { credentialsFor } from './credentials.ts';
import { type LoginParts, type LoginSecrets, loginWith } from './login-secrets.ts';
import { type Renewable, renewable } from './renewable.ts';

/** A ticket and whose it is. */
export interface Login {
  readonly ticket: string;
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
}

/** The ticket of a login: a kept one as long as it is good, else a fetched one. */
export function renewableTicket({ fetch, kept, conceal }: TicketSource): Renewable<Login> {
  const concealed = (login: Login): Login => {
    conceal(login.ticket);
    return login;
  };
  const fetched = async (): Promise<Login> => concealed(await fetch());
  const replaced = async (stale: string | undefined): Promise<Login> =>
    kept === undefined ? await fetched() : concealed(await kept.replace(stale, fetched));
  return renewable({
    async first() {
      const ticket = await kept?.read();
      return ticket === undefined ? await replaced(undefined) : concealed({ ticket });
    },
    another: ({ ticket }) => replaced(ticket),
  });
}

/** The credentials of calls over REST that are made with tickets; `parts` say what goes along. */
export function restTickets(tickets: Renewable<Login>, parts: LoginParts): RestCredentials {
  return {
    async headers() {
      const { ticket } = await tickets.current();
      return await credentialsFor({
        ...parts,
        auth: 'ticket',
        secrets: { ...(await parts.secrets.current()), ticket },
      }).headers();
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
}

/** The credentials of SOAP calls, and who they belong to. */
export interface TicketCredentials extends SoapCredentials {
  /** @throws ErpsyncError as for any read; `rejected` if the server does not say who we are */
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
    return {
      soapLogin: async () => ({ ticket: undefined, applicationToken: (await secrets.current()).appToken }),
      associateId: () => Promise.reject(new ErpsyncError('auth', 'auth none does not say who we are')),
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
    async associateId() {
      const { ticket, associateId } = await current();
      return associateId ?? (await ownerOf(ticket, service));
    },
  };
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

/** Whose a ticket is: the server takes one in place of a user name, with a blank password. */
async function ownerOf(ticket: string, service: AgentClient): Promise<number> {
  const answer = await service.read('AuthenticateUsernamePassword', { UserName: ticket, Password: '' });
  const id = answer?.Response?.AssociateId;
  if (answer?.AuthenticationSucceeded === true && typeof id === 'number') return id;
  throw new ErpsyncError('rejected', 'the server does not say whose the ticket is', {
    hint: 'check the url of the profile',
  });
}

async function fetchTicket(
  { auth, username = '', service }: TicketOptions,
  secrets: Secrets,
): Promise<Login> {
  const answer =
    auth === 'bearer'
      ? await service.read('AuthenticateWithAccessToken', { AccessToken: secrets.token ?? '' })
      : await service.read('AuthenticateUsernamePassword', {
          UserName: username,
          Password: secrets.password ?? '',
        });
  const ticket = answer?.Credentials?.Ticket;
  if (answer?.AuthenticationSucceeded === true && typeof ticket === 'string' && ticket !== '') {
    return { ticket, associateId: answer.Response?.AssociateId ?? undefined };
  }
  throw refusedLogin(auth);
}

function refusedLogin(auth: AuthScheme): ErpsyncError {
  return auth === 'bearer'
    ? new ErpsyncError('auth', 'the server gives no ticket for the access token', {
        hint: 'access tokens expire after an hour; get a new one',
      })
    : new ErpsyncError('auth', 'the server does not accept the user name or password', {
        hint: 'check username and password of the profile',
      });
}
