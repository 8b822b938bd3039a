/** Where the tickets of a profile's login are kept. Loaded for logins that are made with tickets. */
import { addressInWords } from '../profiles/address.ts';
import type { Settings } from '../profiles/settings.ts';
import { type KeptKind, type TicketCache, ticketCache } from '../profiles/ticket-cache.ts';
import type { Context } from './context.ts';

/**
 * Undefined where there is no profile to keep them with.
 *
 * @param storedLogin whether the secrets of the login are those of the profile: only then its tickets are kept there
 */
export function keptTickets(
  { configDirectory, host }: Context,
  { profile, address, auth, username, clientId }: Settings,
  storedLogin: boolean,
  kind?: KeptKind,
): TicketCache | undefined {
  if (profile === undefined || !storedLogin) return undefined;
  const owner = {
    profile: profile.value,
    server: addressInWords(address.value),
    auth: auth.value,
    username: username?.value,
    clientId: clientId?.value,
  };
  return ticketCache({ directory: configDirectory, uid: host.uid }, owner, host.clock.now, kind);
}
