/** The checks of `doctor`, in the order in which one builds on the other. */
import type { ConnectionFlags } from '../cli/connection-flags.ts';
import type { Context } from '../cli/context.ts';
import { heldReader } from '../cli/login-secrets.ts';
import { networkOf } from '../cli/network.ts';
import type { ServerParts } from '../cli/server-parts.ts';
import { openSession } from '../cli/session.ts';
import { addressInWords } from '../profiles/address.ts';
import { resolveSettings, type Settings } from '../profiles/settings.ts';
import { openProfileStore } from '../profiles/store.ts';
import type { Reached } from '../transport/probe.ts';
import { type Check, type Checkup, checkup, type Found, only } from './doctor-checkup.ts';
import { directoryFound, filesFound, spaceFound } from './doctor-files.ts';
import { checkRoute, tenantFound } from './doctor-route.ts';
import { checkServer } from './doctor-server.ts';
import { runPlace } from './run-place.ts';

/** Each step of a connection may take so long (ms), unless --timeout says otherwise. */
const stepMs = 10_000;

/** Never throws for what it finds wrong. What it tells names no user, and no home directory. */
export async function doctorChecks(context: Context, flags: ConnectionFlags): Promise<readonly Check[]> {
  const made = checkup();
  const { check } = made;
  const timeoutMs = context.globals.timeout ?? stepMs;
  const { configDirectory } = context;
  const { directory: stateDirectory } = runPlace(context);
  await check('config directory', [], () => only(directoryFound(configDirectory, context)));
  await check('stored files', ['config directory'], () => only(filesFound(configDirectory, context)));
  await check('state directory', [], () => only(directoryFound(stateDirectory, context)));
  await check('disk space', [], () => only(spaceFound([configDirectory, stateDirectory])));
  const stored = ['config directory', 'stored files'];
  const parts = await check('settings', stored, () => settingsFound(context, flags, timeoutMs));
  const { url, needs } = await checkAddress(made, parts, { context, timeoutMs });
  const transport =
    parts && url !== undefined ? await checkServer(made, needs, url, parts) : await skipServer(made, needs);
  await checkLogin(made, transport, context, flags, timeoutMs);
  return made.checks.map((each) => shareable(each, context, parts?.settings));
}

/** The way to the server; of a tenant first that to its environment, which tells where it is. */
async function checkAddress(
  made: Checkup,
  parts: ServerParts | undefined,
  how: Pick<ServerParts, 'context' | 'timeoutMs'>,
): Promise<{ readonly url: string | undefined; readonly needs: readonly string[] }> {
  const reached = (url: string) => async (): Promise<Reached> => {
    const { proxy, trust } = (await parts?.network(url)) ?? {};
    return { url, proxy, trust };
  };
  const server = { prefix: '', needs: 'settings' };
  if (parts === undefined) return { url: undefined, needs: await checkRoute(made, server, undefined, how) };
  const address = parts.settings.address.value;
  if (address.kind === 'url') {
    return { url: address.url, needs: await checkRoute(made, server, reached(address.url), how) };
  }
  const environment = { prefix: 'environment ', needs: 'settings' };
  const asked = await checkRoute(made, environment, reached(address.online.baseUrl), how);
  const url = await made.check('tenant', asked, () => tenantFound(address, parts));
  const find = url === undefined ? undefined : reached(url);
  return { url, needs: await checkRoute(made, { prefix: '', needs: 'tenant' }, find, how) };
}

/** What would be asked of a server that is not known. */
async function skipServer({ check }: Checkup, needs: readonly string[]): Promise<string> {
  for (const name of ['rest', 'soap', 'clock']) await check(name, needs, () => only(''));
  return 'rest';
}

async function checkLogin(
  { check }: Checkup,
  transport: string,
  context: Context,
  flags: ConnectionFlags,
  timeoutMs: number,
): Promise<void> {
  const session = await check('credentials', [transport], async () => {
    const opened = await openSession(context, flags, 'read', timeoutMs);
    return { found: 'there', made: opened };
  });
  try {
    await check('login', ['credentials'], async () => {
      await session?.associateId();
      return { found: 'the server takes it', made: undefined };
    });
    await check('agent', ['login'], async () => {
      await session?.client.read('GetEngineStatus', {});
      return { found: 'the ErpSync agent answers', made: undefined };
    });
  } finally {
    await session?.client.close();
  }
}

async function settingsFound(
  context: Context,
  flags: ConnectionFlags,
  timeoutMs: number,
): Promise<Found<ServerParts>> {
  const { host, globals, configDirectory } = context;
  const store = openProfileStore({ directory: configDirectory, uid: host.uid });
  const settings = await resolveSettings({ ...flags, profile: globals.profile }, store, {
    environment: host.environment,
    atTerminal: host.stdinIsTerminal && host.stderrIsTerminal,
    writes: false,
  });
  const held = await store.readHeldSecrets(settings.line);
  const { profile, address, transport, auth } = settings;
  const whose = profile === undefined ? 'no profile' : `profile ${JSON.stringify(profile.value)}`;
  const found = `${whose}, ${addressInWords(address.value)} over ${transport.value}, auth ${auth.value}`;
  return {
    found,
    made: {
      context,
      settings,
      network: networkOf(context, flags, settings, heldReader(context, settings, held)),
      timeoutMs,
    },
  };
}

/** Without what is about a person: the user name, and the home directory that often holds it. */
function shareable(check: Check, { host }: Context, settings: Settings | undefined): Check {
  const user = settings?.username?.value;
  const clean = (text: string): string => {
    const home = host.homeDirectory.length > 1 ? text.replaceAll(host.homeDirectory, '~') : text;
    // A shorter one would be found in any word.
    return user === undefined || user.length < 3 ? home : home.replaceAll(user, '<user>');
  };
  return { ...check, detail: clean(check.detail), fix: check.fix === null ? null : clean(check.fix) };
}
