/**
 * Tickets: what SOAP calls are made with. SoPrincipal gives one for a password or an access token; it lives
 * for 6 hours after its last use and cannot be renewed once it has expired, so another one is fetched then.
 */
import type { AgentClient } from '../agent/client.ts';
import { configError, ErpsyncError } from '../errors.ts';
import type { AuthScheme } from '../profiles/setting-table.ts';
import type { Credentials } from '../transport/transport.ts';
import type { CredentialParts } from './credentials.ts';

/** A ticket and whose it is. */
export interface Login {
  readonly ticket: string;
  /** The id under which batch tasks of this login run. */
  readonly associateId: number | undefined;
}

/** Where a ticket is kept between two commands. */
export interface KeptTicket {
  /** The ticket, or undefined where none is kept or it has expired by now. */
  read(): Promise<string | undefined>;
  /** Best effort: what cannot be kept is fetched again next time. */
  write(ticket: string): Promise<void>;
}

/** What tickets come from. */
export interface TicketOptions extends CredentialParts {
  /** Calls SoPrincipal; the calls carry the application token and no ticket. */
  readonly service: AgentClient;
  /** Absent where the secret behind it does not come from a profile. */
  readonly kept?: KeptTicket | undefined;
  /** Told of each ticket before it is used, so that it is never shown. */
  readonly conceal: (ticket: string) => void;
}

/** The credentials of SOAP calls, and who they belong to. */
export interface TicketCredentials extends Pick<Credentials, 'soapLogin' | 'renewal'> {
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
  let generation = 0;
  let keptIsGood = true;
  let login: Promise<Login> | undefined;

  async function first(): Promise<Login> {
    const given = auth === 'ticket' ? secrets.ticket : keptIsGood ? await kept?.read() : undefined;
    if (given === undefined) return await fetched();
    conceal(given);
    return { ticket: given, associateId: undefined };
  }

  async function fetched(): Promise<Login> {
    const answer = await fetchTicket(options);
    conceal(answer.ticket);
    await kept?.write(answer.ticket);
    return answer;
  }

  /** One that failed is tried anew at the next call. */
  function remember(attempt: Promise<Login>): Promise<Login> {
    login = attempt;
    attempt.catch(() => {
      if (login === attempt) login = undefined;
    });
    return attempt;
  }

  const current = (): Promise<Login> => login ?? remember(first());
  const canRenew = auth === 'basic' || auth === 'bearer';

  return {
    async soapLogin() {
      const ticket = auth === 'none' ? undefined : (await current()).ticket;
      return { ticket, applicationToken: secrets.appToken };
    },
    ...(canRenew && {
      renewal: {
        get generation() {
          return generation;
        },
        async renew(stale: number) {
          if (stale === generation) {
            generation++;
            keptIsGood = false;
            void remember(fetched());
          }
          await current();
        },
      },
    }),
    async associateId() {
      if (auth === 'none') throw new ErpsyncError('auth', 'auth none does not say who we are');
      const { ticket, associateId } = await current();
      return associateId ?? (await ownerOf(ticket, service));
    },
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

async function fetchTicket({ auth, username = '', secrets, service }: TicketOptions): Promise<Login> {
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
