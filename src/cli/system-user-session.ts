/** Tickets of a tenant's system user, from the settings of a command. Loaded for that login alone. */
import { type LoginSecrets, loginWith } from '../identity/login-secrets.ts';
import { readPrivateKey } from '../identity/private-key.ts';
import type { Renewable } from '../identity/renewable.ts';
import { systemUserLogin } from '../identity/system-user.ts';
import { type Login, renewableTicket } from '../identity/tickets.ts';
import type { Secrets } from '../profiles/profile.ts';
import { keptTickets } from './kept-tickets.ts';
import { onlineOnly, type ServerParts, withOnline } from './server-parts.ts';

/**
 * The login goes the way of the calls: over REST or over SOAP.
 *
 * @throws ErpsyncError (config, usage) for a server that is no tenant, and for a key that cannot be used
 */
export async function systemUserTickets(
  parts: ServerParts,
  secrets: LoginSecrets,
): Promise<Renewable<Login>> {
  const { settings, context } = parts;
  const address = settings.address.value;
  if (address.kind === 'url') {
    throw onlineOnly('system-user');
  }
  // One that cannot be used is told before anything is sent.
  readPrivateKey((await secrets.current()).privateKey ?? '');
  const { conceal, host } = context;
  const login = ({ systemUserToken = '', privateKey = '', appToken = '' }: Secrets): Promise<Login> => {
    const key = readPrivateKey(privateKey);
    const app = { address, systemUserToken, key, applicationToken: appToken };
    return withOnline(address.online, parts, (requests) =>
      systemUserLogin(app, settings.transport.value, requests, { clock: host.clock.now, conceal }),
    );
  };
  const fetch = (): Promise<Login> => loginWith(secrets, login);
  return renewableTicket({ fetch, kept: keptTickets(context, settings, secrets.stored), conceal });
}
