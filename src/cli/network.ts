/** What connections are made with besides the address: a proxy, and whom TLS trusts. */
import { configError } from '../errors.ts';
import type { Lineage } from '../profiles/inheritance.ts';
import { type Setting, type Settings, variable } from '../profiles/settings.ts';
import type { WireTrace } from '../transport/http.ts';
import type { HttpProxy } from '../transport/proxy.ts';
import type { Trust } from '../transport/trust.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';
import type { HeldReader } from './login-secrets.ts';
import { secretFromOutside } from './secret-input.ts';

/** The proxy, the trust and who is told of a connection; absent where nothing but the defaults is asked for. */
export interface Network {
  readonly proxy?: HttpProxy;
  readonly trust?: Trust;
  readonly trace?: WireTrace;
}

/** The network to a URL. What it is made of is read once, the password from standard input too. */
export type NetworkFinder = (url: string) => Promise<Network>;

/**
 * Reads what the settings name. Modules for it are loaded only where there is something to read.
 *
 * @throws ErpsyncError (config, usage), when it is asked, for a file or an address that cannot be used
 */
export function networkOf(
  context: Context,
  flags: ConnectionFlags,
  settings: Settings,
  held: HeldReader,
): NetworkFinder {
  let trace: WireTrace | undefined;
  let given: Promise<Setting<string> | undefined> | undefined;
  const givenPassword = () => {
    given ??= secretFromOutside(context, flags, 'proxyPassword');
    return given;
  };
  return async (url) => {
    const proxy = await proxyOf(url, context, settings, held, givenPassword);
    const trust = await trustOf(url, context, settings);
    trace ??= context.globals.verbose > 0 ? (await import('./wire-trace.ts')).wireTrace(context) : undefined;
    return { ...(proxy && { proxy }), ...(trust && { trust }), ...(trace && { trace }) };
  };
}

async function proxyOf(
  url: string,
  context: Context,
  { proxyTo, line }: Settings,
  held: HeldReader,
  givenPassword: () => Promise<Setting<string> | undefined>,
): Promise<HttpProxy | undefined> {
  const proxy = proxyTo(url);
  if (proxy === undefined) return undefined;
  const { readProxy } = await import('../transport/proxy.ts');
  const password = (await givenPassword())?.value ?? (await ownPassword(proxy, line, held));
  const read = readProxy(proxy.value, proxy.from, password);
  if (password !== undefined) context.conceal(password);
  if (read.authorization !== undefined) concealLogin(read.authorization, context);
  return read;
}

/** A profile's password goes to the proxy that it has or inherits, and to no other: not to that of an heir. */
async function ownPassword(
  proxy: Setting<string>,
  line: Lineage,
  held: HeldReader,
): Promise<string | undefined> {
  const rank = line.findIndex(({ name }) => proxy.from === `profile "${name}"`);
  const isFor = (profile: string | undefined): boolean =>
    rank >= line.findIndex(({ name }) => name === profile) && rank >= 0;
  const stored = held.stored('proxyPassword') ?? held.behind('proxyPassword');
  if (stored !== undefined) {
    return isFor(stored.profile) ? (await held.read(['proxyPassword'])).proxyPassword : undefined;
  }
  // Only where a user name says that there is a password.
  const named = /\/\/[^/]+@/.test(proxy.value);
  if (!named || held.command === undefined || !isFor(held.commandProfile)) return undefined;
  return (await (await held.command()).current()).proxyPassword;
}

function concealLogin(authorization: string, { conceal }: Context): void {
  const login = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString('utf8');
  conceal(login);
  const password = login.slice(login.indexOf(':') + 1);
  if (password !== '') conceal(password);
}

async function trustOf(url: string, context: Context, settings: Settings): Promise<Trust | undefined> {
  const trust = await trustInFiles(url, context, settings);
  if (settings.verifyTls.value === 'yes' || url.startsWith('http:')) return trust;
  const { host } = new URL(url);
  context.warn(
    `warning: certificates are not checked (${settings.verifyTls.from}): whoever stands between here and ${host} can read and change everything; trust its CA with --ca-file instead, and: erpsync profile set <name> --verify-tls yes`,
  );
  return { minVersion: 'TLSv1.2', ...trust, rejectUnauthorized: false };
}

async function trustInFiles(url: string, { host }: Context, settings: Settings): Promise<Trust | undefined> {
  const { caFile, clientCert, clientKey } = settings;
  const files = [caFile, clientCert, clientKey].filter((file) => file !== undefined);
  if (files.length === 0) return undefined;
  if (url.startsWith('http:')) {
    const typed = files.find(({ from }) => from.startsWith('--'))?.from;
    if (typed !== undefined) {
      throw configError({
        what: `${typed} cannot be used`,
        why: `it is for https, and the address is ${url}`,
        next: `leave out ${typed}`,
      });
    }
    return undefined;
  }
  const { readTrust } = await import('../transport/trust.ts');
  const paths = { caFile: caFile?.value, clientCert: clientCert?.value, clientKey: clientKey?.value };
  return readTrust(paths, variable(host.environment, 'NODE_EXTRA_CA_CERTS'));
}
