/** The checks of `doctor`, in the order in which one builds on the other. */
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { ConnectionFlags } from '../cli/connection-flags.ts';
import type { Context } from '../cli/context.ts';
import { networkOf } from '../cli/network.ts';
import { openSession, type Session } from '../cli/session.ts';
import { ErpsyncError, type ErrorCode } from '../errors.ts';
import { checkDirectory } from '../files/file-safety.ts';
import { addressInWords } from '../profiles/address.ts';
import { resolveSettings, type Settings } from '../profiles/settings.ts';
import { openProfileStore } from '../profiles/store.ts';
import { clockSkewInWords, clockSkewMs } from '../transport/clock-skew.ts';
import { addressesOf, placeOf, reachPort, tlsFacts } from '../transport/probe.ts';
import { statusError } from '../transport/raw.ts';
import { runPlace } from './run-place.ts';

/** What came of one check. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, or why it failed, or what it needs. */
  readonly detail: string;
  /** What to do; null where there is nothing to do. */
  readonly fix: string | null;
  /** Of a failure. */
  readonly code?: ErrorCode;
}

/** What a check found: a text, or one with something to see to. */
type Finding = string | { readonly detail: string; readonly fix: string };

/** Each step of a connection may take so long (ms), unless --timeout says otherwise. */
const stepMs = 10_000;
/** A certificate that ends sooner is worth a word (ms): 30 days. */
const soonMs = 30 * 24 * 60 * 60 * 1_000;

/** Never throws for what it finds wrong. */
export async function doctorChecks(context: Context, flags: ConnectionFlags): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const broken = new Set<string>();
  /** Makes a check unless one that it needs went wrong; what it made is there for the next ones. */
  async function check<T>(
    name: string,
    needs: readonly string[],
    look: () => Promise<{ readonly found: Finding; readonly made: T }>,
  ): Promise<T | undefined> {
    const missing = needs.find((each) => broken.has(each));
    if (missing !== undefined) {
      broken.add(name);
      checks.push({ name, status: 'skipped', detail: `needs ${missing}`, fix: null });
      return undefined;
    }
    try {
      const { found, made } = await look();
      checks.push(
        typeof found === 'string'
          ? { name, status: 'ok', detail: found, fix: null }
          : { name, status: 'warning', ...found },
      );
      return made;
    } catch (error) {
      if (!(error instanceof ErpsyncError)) throw error;
      broken.add(name);
      const { message: detail, hint = null, code } = error;
      checks.push({ name, status: 'failed', detail, fix: hint, code });
      return undefined;
    }
  }
  const only = (found: Finding) => Promise.resolve({ found, made: undefined });

  await check('config directory', [], () => only(directoryFound(context.configDirectory, context)));
  await check('state directory', [], () => only(directoryFound(runPlace(context).directory, context)));
  const settings = await check('settings', ['config directory'], () => settingsFound(context, flags));
  const route = await check('address', ['settings'], async () => routeFound(context, flags, settings));
  const timeoutMs = context.globals.timeout ?? stepMs;
  await check('dns', ['address'], async () => {
    const addresses = await addressesOf(placeOf(route?.first ?? ''));
    return { found: `${placeOf(route?.first ?? '').host} is ${addresses.join(', ')}`, made: undefined };
  });
  await check('port', ['dns'], async () => {
    const place = placeOf(route?.first ?? '');
    await reachPort(place, timeoutMs);
    return { found: `${place.host}:${place.port} answers`, made: undefined };
  });
  if (route?.url.startsWith('https:') && route.proxy === undefined) {
    await check('tls', ['port'], () => tlsFound(route, timeoutMs, context));
  }
  const session = await check('login data', ['port', 'tls'], async () => {
    const made = await openSession(context, flags, 'read', timeoutMs);
    return { found: `there for auth ${settings?.auth.value ?? ''}`, made };
  });
  try {
    const server = await check('server', ['login data'], () => serverFound(session, context));
    await check('clock', ['server'], () => only(server?.clock ?? 'the server does not tell its time'));
    await check('login', ['server'], async () => {
      const id = await session?.associateId();
      return { found: `the server knows us as associate ${id}`, made: undefined };
    });
    await check('agent', ['login'], async () => {
      await session?.client.read('GetEngineStatus', {});
      return { found: 'the ErpSync agent answers', made: undefined };
    });
  } finally {
    await session?.client.close();
  }
  return checks;
}

/** @throws ErpsyncError (config) for one that others can read, or that cannot be written */
function directoryFound(directory: string, { host }: Context): Finding {
  if (!checkDirectory(directory, host.uid)) {
    let parent = path.dirname(directory);
    while (!existsSync(parent) && parent !== path.dirname(parent)) parent = path.dirname(parent);
    writable(parent);
    return `${directory} is made when it is needed`;
  }
  writable(directory);
  return `${directory} is ours alone`;
}

function writable(directory: string): void {
  try {
    accessSync(directory, constants.W_OK);
  } catch (cause) {
    const hint = 'make it yours to write, or name another with --config-dir or ERPSYNC_STATE_DIR';
    throw new ErpsyncError('config', `${directory} cannot be written`, { hint, cause });
  }
}

async function settingsFound(context: Context, flags: ConnectionFlags) {
  const { host, globals, configDirectory } = context;
  const store = openProfileStore({ directory: configDirectory, uid: host.uid });
  const made = await resolveSettings({ ...flags, profile: globals.profile }, store, {
    environment: host.environment,
    atTerminal: host.stdinIsTerminal && host.stderrIsTerminal,
    writes: false,
  });
  const { profile, address, transport, auth } = made;
  const whose = profile === undefined ? 'no profile' : `profile ${JSON.stringify(profile.value)}`;
  const found = `${whose}, ${addressInWords(address.value)} over ${transport.value}, auth ${auth.value}`;
  return { found, made };
}

/** Where the first connection goes: to the proxy, where there is one. */
async function routeFound(context: Context, flags: ConnectionFlags, settings: Settings | undefined) {
  if (settings === undefined) throw new ErpsyncError('internal', 'there are no settings');
  const address = settings.address.value;
  const url = address.kind === 'url' ? address.url : address.online.baseUrl;
  const store = openProfileStore({ directory: context.configDirectory, uid: context.host.uid });
  const held = await store.readHeldSecrets(settings.line);
  const { proxy, trust } = await networkOf(context, flags, settings, held)(url);
  const { host, port } = placeOf(url);
  const via =
    proxy === undefined ? 'straight' : `through the proxy ${proxy.name} (${settings.proxyTo(url)?.from})`;
  const first = proxy === undefined ? url : `http${proxy.secure ? 's' : ''}://${proxy.name}`;
  return { found: `${host}:${port}, ${via}`, made: { url, first, proxy, trust } };
}

type Route = Awaited<ReturnType<typeof routeFound>>['made'];

async function tlsFound({ url, trust }: Route, timeoutMs: number, { host }: Context) {
  const { protocol, issuer, validTo } = await tlsFacts({ url, trust, proxy: undefined }, timeoutMs);
  const end = Number.isNaN(validTo) ? 'unknown' : new Date(validTo).toISOString().slice(0, 10);
  const detail = `${protocol}, certificate of ${issuer === '' ? 'an unnamed CA' : issuer}, valid to ${end}`;
  const found: Finding =
    validTo - host.clock.now() < soonMs ? { detail, fix: 'have it renewed soon' } : detail;
  return { found, made: undefined };
}

/** `GET /api` tells the versions without a login; its Date tells the time. */
async function serverFound(session: Session | undefined, { host }: Context) {
  if (session === undefined) throw new ErpsyncError('internal', 'there is no session');
  const { exchange, error } = await versionsOf(session);
  if (error !== undefined) throw error;
  const skew = clockSkewMs(exchange, host.clock.now());
  const off = clockSkewInWords(skew);
  const clock: Finding =
    off === undefined
      ? skew === undefined
        ? 'the server does not tell its time'
        : 'right, by the server'
      : { detail: off, fix: 'set it, or have it set by NTP: logins with signed tokens fail otherwise' };
  return { found: versionsIn(exchange.body.toString('utf8'), session), made: { clock } };
}

async function versionsOf({ raw }: Session) {
  const exchange = await raw.send({ method: 'GET', path: '/api' });
  if (exchange.kind === 'answer') return { exchange, error: statusError(exchange) };
  const { message, hint, cause } = exchange;
  throw new ErpsyncError('network', message, { hint, cause });
}

function versionsIn(text: string, { url }: Session): Finding {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const named = (name: string): string | undefined => {
    const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    return typeof found === 'string' ? found : undefined;
  };
  const [server, services] = [named('NetServerVersion'), named('ServicesCurrent')];
  if (server === undefined && services === undefined) {
    const fix = 'check the url of the profile: it is that of the web client';
    return { detail: `${url} answers, but not as SuperOffice does`, fix };
  }
  return [...(server ? [`NetServer ${server}`] : []), ...(services ? [`SOAP up to ${services}`] : [])].join(
    ', ',
  );
}
