/** A tenant of SuperOffice Online as a server: its environment tells where it is. Loaded for tenants alone. */
import {
  askTenantState,
  readTenantState,
  type TenantAddress,
  type TenantState,
} from '../identity/tenant-state.ts';
import { originOf } from '../profiles/address.ts';
import { keepState, keptState } from '../profiles/tenant-cache.ts';
import { httpConnections } from '../transport/http.ts';
import { movingConnections } from '../transport/moving-connections.ts';
import type { Context } from './context.ts';
import { type Server, type ServerParts, withOnline } from './server-parts.ts';

/** The state that was kept when it was asked for last, while it holds. */
export function keptTenant(
  address: TenantAddress,
  { host, configDirectory }: Context,
): TenantState | undefined {
  const place = { directory: configDirectory, uid: host.uid };
  const text = keptState(place, originOf(address), host.clock.now());
  if (text === undefined) return undefined;
  try {
    const state = readTenantState(text, address, 'the state that is kept');
    return state.validUntil > host.clock.now() ? state : undefined;
  } catch {
    return undefined;
  }
}

/** @throws ErpsyncError as {@link askTenantState} does where the state is not known from before */
export async function findTenant(address: TenantAddress, parts: ServerParts): Promise<Server> {
  const { context, settings, network, timeoutMs } = parts;
  const { host, configDirectory } = context;
  const place = { directory: configDirectory, uid: host.uid };
  const origin = originOf(address);
  const baseIn = ({ endpoint, apiBase }: TenantState): string =>
    settings.transport.value === 'soap' ? endpoint : apiBase;

  async function ask(): Promise<TenantState> {
    const { text, state } = await withOnline(address.online, parts, (requests) =>
      askTenantState(address, requests),
    );
    keepState(place, origin, text);
    return state;
  }

  const found = keptTenant(address, context);
  const baseUrl = baseIn(found ?? (await ask()));
  const networkThere = await network(baseUrl);
  const connections = movingConnections({
    baseUrl,
    fresh: found === undefined,
    connect: (there) => httpConnections({ baseUrl: there, timeoutMs, stop: host.stopped, ...networkThere }),
    async find() {
      context.note(`${originOf(address)} is not where it was; asking where it is now`);
      return baseIn(await ask());
    },
    now: host.clock.now,
    stop: host.stopped,
  });
  return { connections, url: () => connections.addressOf(''), tenant: origin };
}
