/**
 * The state of a tenant of SuperOffice Online: `GET /api/state/Cust12345` of its environment says where it is served
 * and whether it is. It is an answer from outside: what is not as documented is refused, and no other address
 * (a claim of a token, an older state) is ever followed.
 */
import { configError, ErpsyncError, type ErrorCode } from '../errors.ts';
import { type Address, environmentsInWords } from '../profiles/address.ts';
import { normaliseUrl } from '../profiles/server-url.ts';
import { type RawRequests, statusError } from '../transport/raw.ts';
import { mayServe, statePath } from './online.ts';
import { notAnswered, notOfService, refusedBy } from './service-errors.ts';

/** A tenant, as settings name it. */
export type TenantAddress = Extract<Address, { kind: 'tenant' }>;

/** Where a tenant that works is served. */
export interface TenantState {
  /** What comes before `/Remote/Services88`, without a slash at its end. */
  readonly endpoint: string;
  /** What comes before `/api/v1`, the same in all that is documented. */
  readonly apiBase: string;
  /** When to ask again: milliseconds since the epoch, or 0 where the state does not say. */
  readonly validUntil: number;
}

/** Larger answers are no state (bytes). */
const largestState = 64 * 1024;

/** The states in the order of their numbers; a number without a name is none. */
const stateNames: ReadonlyMap<number, string> = new Map([
  [0, 'Unknown'],
  [1, 'Provisioning'],
  [2, 'Running'],
  [3, 'Deleted'],
  [4, 'Suspended'],
  [5, 'OnlineMaintenance'],
  [6, 'OfflineMaintenance'],
  [8, 'ProvisioningFailed'],
  [10, 'Deleting'],
  [11, 'DeleteFailed'],
  [12, 'MigrationPending'],
]);

/** The states in which a tenant is served. */
const serving: ReadonlySet<string> = new Set(['Running', 'OnlineMaintenance']);

const later = 'run the same command again later; SuperOffice announces maintenance on its status page';
const support = 'ask SuperOffice, or the administrator of the tenant, and then run the same command again';
const check = 'check --tenant and --env: erpsync config explain';

/** What the other states mean: whether waiting helps, and what to do. */
const standing: ReadonlyMap<string, readonly [ErrorCode, meaning: string, next: string]> = new Map([
  ['Unknown', ['config', 'the environment does not know it', check]],
  ['Provisioning', ['unavailable', 'it is being set up', 'run the same command again when it is ready']],
  ['Deleted', ['config', 'it has been deleted', check]],
  ['Suspended', ['unavailable', 'it has been suspended', support]],
  ['OfflineMaintenance', ['unavailable', 'it is closed for maintenance', later]],
  ['ProvisioningFailed', ['unavailable', 'setting it up has failed', support]],
  ['Deleting', ['config', 'it is being deleted', check]],
  ['DeleteFailed', ['config', 'it was to be deleted', check]],
  ['MigrationPending', ['unavailable', 'it is about to move to another host', later]],
]);

/**
 * Asks for the state, without any credential.
 *
 * @param requests to the environment
 * @returns the text of the answer, to be kept, and what it says
 * @throws ErpsyncError (network, unavailable, config) for no answer, none that can be used, and a tenant that is not
 *   served
 */
export async function askTenantState(
  address: TenantAddress,
  requests: RawRequests,
): Promise<{ readonly text: string; readonly state: TenantState }> {
  const path = statePath(address.tenant);
  const exchange = await requests.send({ method: 'GET', path });
  const where = requests.addressOf(path);
  const untold = `the state of tenant ${address.tenant} is not told`;
  if (exchange.kind === 'failure') throw notAnswered(untold, exchange);
  if (exchange.status === 404 || exchange.status === 400) {
    throw configError({
      what: `there is no tenant ${address.tenant}`,
      why: `${where} knows none with this name (HTTP ${exchange.status})`,
      next: `check --tenant, and --env: ${environmentsInWords}`,
      httpStatus: exchange.status,
    });
  }
  const error = statusError(exchange);
  if (error !== undefined) {
    const code = error.code === 'rejected' ? 'network' : error.code;
    throw refusedBy(where, untold, error, code);
  }
  if (exchange.status !== 200 || exchange.body.length > largestState) throw noState(where);
  const text = exchange.body.toString('utf8');
  return { text, state: readTenantState(text, address, where) };
}

/**
 * Reads a state.
 *
 * @param where what errors name
 * @throws ErpsyncError (network) for what is no state, or one of another tenant or with an address beyond the
 *   environment; (unavailable, config) for a tenant that is not served
 */
export function readTenantState(text: string, address: TenantAddress, where: string): TenantState {
  const members = membersOf(text);
  if (members === undefined) throw noState(where);
  const { ContextIdentifier: context, State: given, IsRunning: runs } = members;
  if (typeof context !== 'string') throw noState(where);
  if (context.toLowerCase() !== address.tenant.toLowerCase()) {
    throw untrusted(where, 'this is the state of another tenant');
  }
  const name = typeof given === 'number' ? stateNames.get(given) : given;
  if (typeof name !== 'string' || !/^[A-Za-z]{1,40}$/.test(name)) throw noState(where);
  // A state that is new to us says itself whether the tenant is served.
  const served = serving.has(name) || (!standing.has(name) && runs === true);
  if (!served) throw notServed(address.tenant, name);
  const validUntil = instantOf(members['ValidUntil']);
  return {
    endpoint: servedAddress('Endpoint', members, address, where),
    apiBase: servedAddress('Api', members, address, where),
    validUntil,
  };
}

function membersOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** ISO 8601 with seven digits behind the second, of which three are kept. */
function instantOf(text: unknown): number {
  if (typeof text !== 'string') return 0;
  const [, whole, fraction = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|[+]00:00)?$/.exec(text) ?? [];
  const instant =
    whole === undefined ? Number.NaN : Date.parse(`${whole}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  return Number.isNaN(instant) ? 0 : instant;
}

function servedAddress(
  member: 'Endpoint' | 'Api',
  members: Readonly<Record<string, unknown>>,
  { online }: TenantAddress,
  where: string,
): string {
  const text = members[member];
  if (typeof text !== 'string') throw noState(where);
  // Nothing that two readers of addresses could take for different things.
  if (!/^[\w:/.~%[\]-]+$/.test(text) || /\/(?:\.|%2e){1,2}(?:\/|$)/i.test(text))
    throw untrusted(where, `its ${member} is no address that can be used`);
  const insecure = online.baseUrl.startsWith('http:');
  let normalised: string;
  try {
    normalised = normaliseUrl(text, { where: member, allowHttp: insecure, code: 'config' });
  } catch {
    throw untrusted(where, `its ${member} is no address that can be used`);
  }
  const { protocol, hostname, port } = new URL(normalised);
  if (protocol !== 'https:' && !insecure) throw untrusted(where, `its ${member} is not https`);
  if (!mayServe(online, hostname)) {
    throw untrusted(where, `its ${member} is on ${hostname}, which is no host of ${online.name}`);
  }
  if (port !== '' && online.name !== online.baseUrl) throw untrusted(where, `its ${member} names a port`);
  if (member === 'Api' && !/\/api\/?$/i.test(text)) throw untrusted(where, 'its Api does not end in /api');
  return normalised;
}

function notServed(tenant: string, state: string): ErpsyncError {
  const [code, meaning, next] = standing.get(state) ?? ['unavailable', 'it is not served now', later];
  return new ErpsyncError(code, {
    what: `tenant ${tenant} cannot be used`,
    why: `${meaning} (state ${state})`,
    next,
  });
}

function noState(where: string): ErpsyncError {
  return notOfService(where, 'it is no state of a tenant');
}

function untrusted(where: string, problem: string): ErpsyncError {
  return new ErpsyncError('network', {
    what: `the answer of ${where} is not followed`,
    why: problem,
    next: 'check --env; for a server with addresses of its own give --url in place of --tenant',
  });
}
