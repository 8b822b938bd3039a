/** From flags to a client that can call: settings, credential, transport, put together in one place. */

import { type AgentClient, agentClient } from '../agent/client.ts';
import type { Effect } from '../agent/contract.ts';
import { currentAssociateId } from '../agent/principal.ts';
import { configError } from '../errors.ts';
import { credentialsAtHand } from '../identity/login-secrets.ts';
import { restTickets } from '../identity/tickets.ts';
import { resolveSettings, type Setting, type Settings } from '../profiles/settings.ts';
import { openProfileStore } from '../profiles/store.ts';
import { type RawRequests, rawRequests } from '../transport/raw.ts';
import { restTransport } from '../transport/rest.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';
import { heldReader, loginSecrets } from './login-secrets.ts';
import { networkOf } from './network.ts';
import { findServer } from './server.ts';
import { repetitionOf } from './server-parts.ts';

/** A client and the settings that it was made from. */
export interface Session {
  readonly client: AgentClient;
  /** Requests to other paths, with the same credential over the same connections. */
  readonly raw: RawRequests;
  /** Name of the profile; null when everything came from flags and environment. */
  readonly profile: string | null;
  /** Base URL, where the server is now. */
  readonly url: string;
  /** What two addresses of the same server have in common: what locks and runs are for. */
  readonly tenant: string;
  /** Requests of a run in a second, 0 for no limit, and who says so. */
  readonly rate: Setting<number>;
  /** What the batch tasks of ERP resyncs are called: a pattern, in which * stands for anything. */
  readonly taskName: string;
  /**
   * The id under which batch tasks of this login run.
   *
   * @throws ErpsyncError as for any read; `rejected` if the server does not say it
   */
  associateId(): Promise<number>;
}

/** Opens no connection yet unless it has to ask where a tenant is: the first call does. `timeoutMs` holds for a request unless --timeout says otherwise. */
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
  const held = await store.readHeldSecrets(settings.line);
  const username = usernameOf(settings);
  const reader = heldReader(context, settings, held);
  const secrets = await loginSecrets(context, flags, settings, reader);
  const parts = {
    context,
    settings,
    network: networkOf(context, flags, settings, reader),
    timeoutMs: globals.timeout ?? timeoutMs,
  };
  const login = { auth: settings.auth.value, username, secrets };
  // Also refuses, before anything is sent, what could not be sent.
  const atHand = await credentialsAtHand(login);
  const tickets =
    login.auth === 'system-user'
      ? await (await import('./system-user-session.ts')).systemUserTickets(parts, secrets)
      : undefined;
  const credentials = tickets === undefined ? atHand : restTickets(tickets, login);
  const server = await findServer(parts);
  const { connections } = server;
  const wire = {
    connections,
    credentials,
    userAgent: context.userAgent,
    language: settings.language.value,
    timeZone: settings.timeZone?.value,
    timespan: settings.timespan.value,
  };
  const repetition = repetitionOf(context);
  const raw = rawRequests({ ...wire, ...repetition });
  const client = settings.transport.value === 'rest' ? overRest() : await overSoap();
  return {
    raw,
    profile: settings.profile?.value ?? null,
    tenant: server.tenant,
    rate: { value: Number(settings.rate.value), from: settings.rate.from },
    taskName: settings.taskName.value,
    ...client,
    get url() {
      return server.url();
    },
  };

  function overRest(): Pick<Session, 'client' | 'associateId'> {
    const client = agentClient({ transport: restTransport(wire), ...repetition });
    return { client, associateId: () => currentAssociateId(raw) };
  }

  async function overSoap(): Promise<Pick<Session, 'client' | 'associateId'>> {
    const { openSoap } = await import('./soap-session.ts');
    const made = { context, settings, secrets, connections, repetition, tickets };
    const soap = await openSoap(made);
    const client = agentClient({ transport: soap.transport, ...repetition });
    return { client, associateId: () => soap.credentials.associateId() };
  }
}

function usernameOf({ auth, username, profile }: Settings): string | undefined {
  if (auth.value !== 'basic' || username !== undefined) return username?.value;
  const where = profile === undefined ? 'none is given' : `profile "${profile.value}" has none`;
  throw configError(
    `auth basic needs a user name, and ${where}`,
    'give it with --username or ERPSYNC_USERNAME',
  );
}
