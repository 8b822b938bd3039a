/** What a session over SOAP is made of; loaded for that transport alone. */
import { agentClient, type ClientOptions } from '../agent/client.ts';
import { newestServices } from '../agent/service-version.ts';
import type { ServicesVersion } from '../agent/wire-xml.ts';
import type { Renewable } from '../identity/renewable.ts';
import { type Login, type TicketCredentials, ticketCredentials } from '../identity/tickets.ts';
import type { Secrets } from '../profiles/profile.ts';
import type { Settings } from '../profiles/settings.ts';
import type { HttpConnections } from '../transport/http.ts';
import { rawRequests } from '../transport/raw.ts';
import { soapTransport } from '../transport/soap.ts';
import type { Transport } from '../transport/transport.ts';
import type { Context } from './context.ts';
import { keptTickets } from './kept-tickets.ts';

/** What the session has already. */
interface SoapParts {
  readonly context: Context;
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** Whether the secrets of the login are those of the profile: only then its tickets are kept there. */
  readonly storedLogin: boolean;
  /** The tickets of a login that is not one of SoPrincipal. */
  readonly tickets: Renewable<Login> | undefined;
  /** What its tickets are got with, where that is not among the secrets. */
  readonly accessTokens: Renewable<Login> | undefined;
  readonly connections: HttpConnections;
  readonly repetition: Required<Pick<ClientOptions, 'retries' | 'clock' | 'onRetry'>> &
    Pick<ClientOptions, 'stop'>;
}

/** A transport over SOAP, and who its calls come from. */
export interface SoapWire {
  readonly transport: Transport;
  readonly credentials: TicketCredentials;
}

/** @throws ErpsyncError (config) for a login that SOAP does not know; as for any read if the version is asked for */
export async function openSoap({
  context,
  settings,
  secrets,
  storedLogin,
  tickets,
  accessTokens,
  connections,
  repetition,
}: SoapParts): Promise<SoapWire> {
  const { userAgent } = context;
  const language = settings.language.value;
  const anonymous = { headers: () => Promise.resolve({}) };
  const services: ServicesVersion =
    settings.services.value === 'auto'
      ? await newestServices(
          rawRequests({ connections, credentials: anonymous, userAgent, language, ...repetition }),
        )
      : toVersion[settings.services.value];
  const wire = {
    connections,
    userAgent,
    language,
    timeZone: settings.timeZone?.value,
    services,
    soapVersion: settings.soapVersion.value,
  };
  const soapLogin = () => Promise.resolve({ ticket: undefined, applicationToken: secrets.appToken });
  const service = agentClient({
    transport: soapTransport({ ...wire, credentials: { soapLogin } }),
    ...repetition,
  });
  const credentials = ticketCredentials({
    auth: settings.auth.value,
    username: settings.username?.value,
    secrets,
    service,
    kept: keptTickets(context, settings, storedLogin),
    tickets,
    accessTokens,
    conceal: context.conceal,
  });
  return { transport: soapTransport({ ...wire, credentials }), credentials };
}

const toVersion = { '86': 86, '87': 87, '88': 88 } as const;
