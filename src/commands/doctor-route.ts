/** What `doctor` looks at between here and a server: name, port, proxy, TLS, and the state of a tenant. */
import type { Context } from '../cli/context.ts';
import { type ServerParts, withOnline } from '../cli/server-parts.ts';
import { askTenantState, type TenantAddress } from '../identity/tenant-state.ts';
import {
  addressesOf,
  madeTunnel,
  placeOf,
  type Reached,
  reachPort,
  reachProxy,
  tlsFacts,
} from '../transport/probe.ts';
import type { Checkup, Finding, Found } from './doctor-checkup.ts';

/** A certificate that ends sooner is worth a word (ms): 30 days. */
const soonMs = 30 * 24 * 60 * 60 * 1_000;

/**
 * The steps to a server, each a check, and each named with what the server is.
 *
 * @param prefix `environment ` for the login host of SuperOffice Online; empty for the server itself
 * @param needs what tells where the server is
 * @param find undefined when that went wrong
 * @returns the names of the checks that a request needs
 */
export async function checkRoute(
  { check }: Checkup,
  { prefix, needs }: { readonly prefix: string; readonly needs: string },
  find: (() => Promise<Reached>) | undefined,
  { context, timeoutMs }: Pick<ServerParts, 'context' | 'timeoutMs'>,
): Promise<readonly string[]> {
  const [address, dns, port, proxied, tls] = ['address', 'dns', 'port', 'proxy', 'tls'].map(
    (name) => prefix + name,
  ) as [string, string, string, string, string];
  const route = await check(address, [needs], async () => {
    if (find === undefined) throw new Error('an address that nothing tells');
    return routeFound(await find());
  });
  const first = route && placeOf(route.proxy === undefined ? route.url : `http://${route.proxy.name}`);
  await check(dns, [address], async () => {
    const found = first === undefined ? [] : await addressesOf(first);
    return { found: `${first?.host} is ${found.join(', ')}`, made: undefined };
  });
  await check(port, [dns], async () => {
    if (route?.proxy !== undefined) await reachProxy(route.proxy, timeoutMs);
    else if (first !== undefined) await reachPort(first, timeoutMs);
    return { found: `${first?.host}:${first?.port} answers`, made: undefined };
  });
  if (route === undefined || route.url.startsWith('http:')) return [port];
  if (route.proxy !== undefined) {
    await check(proxied, [port], async () => {
      await madeTunnel(route, timeoutMs);
      return { found: `makes a tunnel to ${hostOf(route.url)}`, made: undefined };
    });
  }
  const before = route.proxy === undefined ? port : proxied;
  await check(tls, [before], () => tlsFound(route, timeoutMs, context));
  return [tls];
}

function hostOf(url: string): string {
  const { host, port } = placeOf(url);
  return `${host}:${port}`;
}

function routeFound(route: Reached): Found<Reached> {
  const { url, proxy } = route;
  const via = proxy === undefined ? 'straight' : `through the proxy ${proxy.name}`;
  return { found: `${hostOf(url)}, ${via}`, made: route };
}

async function tlsFound(route: Reached, timeoutMs: number, { host }: Context): Promise<Found<undefined>> {
  const { protocol, issuer, validTo } = await tlsFacts(route, timeoutMs);
  const end = Number.isNaN(validTo) ? 'unknown' : new Date(validTo).toISOString().slice(0, 10);
  const detail = `${protocol}, certificate of ${issuer === '' ? 'an unnamed CA' : issuer}, valid to ${end}`;
  const found: Finding =
    validTo - host.clock.now() < soonMs ? { detail, fix: 'have it renewed soon' } : detail;
  return { found, made: undefined };
}

/**
 * Where the environment says that the tenant is served.
 *
 * @throws ErpsyncError as the question itself does: for a tenant that is not served, too
 */
export async function tenantFound(address: TenantAddress, parts: ServerParts): Promise<Found<string>> {
  const { state } = await withOnline(address.online, parts, (requests) => askTenantState(address, requests));
  const made = parts.settings.transport.value === 'soap' ? state.endpoint : state.apiBase;
  return { found: `${address.tenant} is served at ${made}`, made };
}
