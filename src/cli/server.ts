/** Connections to the server that the settings name, wherever it is. */
import { tenantNamed } from '../profiles/address.ts';
import { httpConnections } from '../transport/http.ts';
import type { Server, ServerParts } from './server-parts.ts';

/**
 * Opens no connection for a url; a tenant's environment is asked where it is served, unless that is known.
 *
 * @throws ErpsyncError for a tenant that is not served or whose environment does not answer
 */
export async function findServer(parts: ServerParts): Promise<Server> {
  const { settings, network, timeoutMs, context } = parts;
  const address = settings.address.value;
  if (address.kind === 'tenant') {
    const { findTenant } = await import('./tenant-server.ts');
    return await findTenant(address, parts);
  }
  const { url } = address;
  const options = { baseUrl: url, timeoutMs, stop: context.host.stopped, ...(await network(url)) };
  return { connections: httpConnections(options), url: () => url, tenant: tenantNamed(address) };
}
