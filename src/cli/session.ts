/** From flags to a client that can call: settings, credential, transport, put together in one place. */

import { type AgentClient, agentClient } from '../agent/client.ts';
import type { Effect } from '../agent/contract.ts';
import { configError, ErpsyncError } from '../errors.ts';
import { credentialsFor, secretOf } from '../identity/credentials.ts';
import { givenSecret, secretSources } from '../identity/secrets.ts';
import type { SecretName, StoredSecrets } from '../profiles/profile.ts';
import { originOf } from '../profiles/server-url.ts';
import { resolveSettings, type Setting, type Settings } from '../profiles/settings.ts';
import { openProfileStore } from '../profiles/store.ts';
import { httpConnections } from '../transport/http.ts';
import { restTransport } from '../transport/rest.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';

/** A client and the settings that it was made from. */
export interface Session {
  readonly client: AgentClient;
  /** Name of the profile; null when everything came from flags and environment. */
  readonly profile: string | null;
  /** Base URL. */
  readonly url: string;
}

/** Opens no connection yet: the first call does. */
export async function openSession(
  context: Context,
  flags: ConnectionFlags,
  effect: Effect,
  timeoutMs = 100_000,
): Promise<Session> {
  const { host, globals } = context;
  const store = openProfileStore({ directory: context.configDirectory, uid: host.uid });
  const settings = await resolveSettings({ ...flags, profile: globals.profile }, store, {
    environment: host.environment,
    atTerminal: host.stdinIsTerminal && host.stderrIsTerminal,
    writes: effect !== 'read',
  });
  const stored = settings.profile && (await store.readSecrets(settings.profile.value));
  const credentials = credentialsFor({
    auth: settings.auth.value,
    username: usernameOf(settings),
    secret: await schemeSecret(context, flags, settings, stored),
    appToken: await appToken(context, flags, settings, stored),
  });
  const url = settings.url.value;
  const transport = restTransport({
    connections: httpConnections({ baseUrl: url, timeoutMs: globals.timeout ?? timeoutMs }),
    credentials,
    userAgent: context.userAgent,
    language: 'en',
  });
  const client = agentClient({
    transport,
    retries: globals.retries,
    clock: host.clock,
    onRetry(outcome, delayMs) {
      if (outcome.kind === 'accepted') return;
      context.note(`${outcome.error.message}; trying again in ${(delayMs / 1000).toFixed(1)} s`);
    },
  });
  return { client, profile: settings.profile?.value ?? null, url };
}

function usernameOf({ auth, username, profile }: Settings): string | undefined {
  if (auth.value !== 'basic' || username !== undefined) return username?.value;
  const where = profile === undefined ? 'none is given' : `profile "${profile.value}" has none`;
  throw configError(
    `auth basic needs a user name, and ${where}`,
    'give it with --username or ERPSYNC_USERNAME',
  );
}

async function schemeSecret(
  context: Context,
  flags: ConnectionFlags,
  settings: Settings,
  stored: StoredSecrets | undefined,
): Promise<string | undefined> {
  const name = secretOf[settings.auth.value];
  if (name === undefined) return undefined;
  const given = await secretFromOutside(context, flags, name);
  if (given !== undefined) return given.value;
  const own = stored?.secrets[name];
  if (own !== undefined && stored !== undefined) {
    if (stored.origin === originOf(settings.url.value)) return own;
    throw belongsElsewhere(name, settings, stored.origin);
  }
  const { words, flag, variable } = secretSources[name];
  if (context.prompts.available)
    return await context.prompts.secret(`The ${words} for ${settings.url.value}`);
  throw new ErpsyncError(
    'auth',
    `auth ${settings.auth.value} needs a ${words}, and none is stored or given`,
    {
      hint: `give it with ${variable}, ${flag}-file or ${flag}-stdin`,
    },
  );
}

async function appToken(
  context: Context,
  flags: ConnectionFlags,
  settings: Settings,
  stored: StoredSecrets | undefined,
): Promise<string | undefined> {
  const given = await secretFromOutside(context, flags, 'appToken');
  if (given !== undefined) return given.value;
  const own = stored?.secrets.appToken;
  if (own === undefined || stored === undefined) return undefined;
  if (stored.origin === originOf(settings.url.value)) return own;
  throw belongsElsewhere('appToken', settings, stored.origin);
}

/** The secret that the flags and the environment give for one name. */
export function secretFromOutside(
  context: Context,
  flags: ConnectionFlags,
  name: SecretName,
): Promise<Setting<string> | undefined> {
  const { host, warn } = context;
  const io = { environment: host.environment, uid: host.uid, openStdin: () => host.stdin, warn };
  return givenSecret(name, { stdin: flags[`${name}Stdin`], file: flags[`${name}File`] }, io);
}

/** A secret goes only to the origin that it was stored for, whatever else a stray variable says. */
function belongsElsewhere(name: SecretName, { url, profile }: Settings, origin: string): ErpsyncError {
  const { words, flag, variable } = secretSources[name];
  return configError(
    `the ${words} of profile "${profile?.value}" belongs to ${origin}, but ${url.from} says ${originOf(url.value)}`,
    `take ${url.from} away, or give the ${words} for that address with ${variable} or ${flag}-file`,
  );
}
