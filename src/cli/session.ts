/** From flags to a client that can call: settings, credential, transport, put together in one place. */

import { type AgentClient, agentClient } from '../agent/client.ts';
import type { Effect } from '../agent/contract.ts';
import { currentPrincipal, type Principal } from '../agent/principal.ts';
import { configError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import { credentialsAtHand } from '../identity/login-secrets.ts';
import { restTickets } from '../identity/tickets.ts';
import { type AuthScheme, accountOf, ruleOf } from '../profiles/setting-table.ts';
import {
  effectiveAddress,
  type GivenSettings,
  resolveSettings,
  type Setting,
  type Settings,
  variable,
} from '../profiles/settings.ts';
import { openProfileStore, type StoredProfiles } from '../profiles/store.ts';
import { type RawRequests, rawRequests } from '../transport/raw.ts';
import { restTransport } from '../transport/rest.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context, Host } from './context.ts';
import { heldReader, loginSecrets, type SecretSources } from './login-secrets.ts';
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
  /** Asks the server who we are. @throws as {@link associateId} does, and (auth) for a login that it does not take */
  principal(): Promise<Principal>;
  readonly login: SessionLogin;
}

/** Who calls, and with what. */
export interface SessionLogin {
  readonly auth: AuthScheme;
  readonly transport: Settings['transport']['value'];
  readonly sources: SecretSources;
  /** The tenant of SuperOffice Online; null for a server of its own. */
  readonly tenant: string | null;
  /**
   * What goes with the next call; undefined where that is neither a ticket nor an access token.
   *
   * @throws ErpsyncError for what the login failed of
   */
  credential(): Promise<Credential | undefined>;
}

/** What an Authorization header carries. */
export interface Credential {
  readonly scheme: 'SOTicket' | 'Bearer';
  readonly value: string;
  /** When another one takes its place (ms since the epoch), where that is known. */
  readonly expiresAt: number | undefined;
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
  const given = { ...flags, profile: globals.profile };
  if (context.prompts.available && lacksServer(given, await store.read(), host.environment)) {
    await (await import('./first-run.ts')).offerProfile(flags, context);
  }
  const settings = await resolveSettings(given, store, {
    environment: host.environment,
    atTerminal: host.stdinIsTerminal && host.stderrIsTerminal,
    writes: effect !== 'read',
  });
  const held = await store.readHeldSecrets(settings.line);
  checkAccount(settings);
  const reader = heldReader(context, settings, held);
  const secrets = await loginSecrets(context, flags, settings, reader);
  const parts = {
    context,
    settings,
    network: networkOf(context, flags, settings, reader),
    timeoutMs: globals.timeout ?? timeoutMs,
  };
  const login = { auth: settings.auth.value, username: settings.username?.value, secrets };
  // Also refuses, before anything is sent, what could not be sent.
  const atHand = await credentialsAtHand(login);
  const accessTokens =
    login.auth === 'oidc'
      ? await (await import('./oidc-session.ts')).accessTokens(parts, secrets, reader)
      : undefined;
  const tickets =
    login.auth === 'system-user'
      ? await (await import('./system-user-session.ts')).systemUserTickets(parts, secrets)
      : undefined;
  const fetched = accessTokens ?? tickets;
  const credentials = fetched === undefined ? atHand : restTickets(fetched, login);
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
  const transport = settings.transport.value;
  const client = transport === 'rest' ? overRest() : await overSoap();
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

  type Calls = Pick<Session, 'client' | 'associateId' | 'principal' | 'login'>;
  function callsWith(client: AgentClient, credential: SessionLogin['credential']) {
    const address = settings.address.value;
    const tenant = address.kind === 'url' ? null : address.tenant;
    return { client, login: { auth: login.auth, transport, tenant, sources: secrets.sources, credential } };
  }

  function overRest(): Calls {
    const client = agentClient({ transport: restTransport(wire), ...repetition });
    const principal = () => currentPrincipal(raw);
    const isBearer = login.auth === 'bearer' || login.auth === 'oidc';
    const calls = callsWith(client, async () => {
      const present = await fetched?.current();
      const { token, ticket } = await secrets.current();
      const given = login.auth === 'bearer' ? token : login.auth === 'ticket' ? ticket : undefined;
      const value = present?.ticket ?? given;
      const scheme = isBearer ? 'Bearer' : 'SOTicket';
      return value === undefined ? undefined : { scheme, value, expiresAt: present?.expiresAt };
    });
    return { ...calls, principal, associateId: async () => (await principal()).associateId };
  }

  async function overSoap(): Promise<Calls> {
    const { openSoap } = await import('./soap-session.ts');
    const made = { context, settings, secrets, connections, repetition, tickets, accessTokens };
    const soap = await openSoap(made);
    const { principal, associateId, soapLogin } = soap.credentials;
    const client = agentClient({ transport: soap.transport, ...repetition });
    const calls = callsWith(client, async () => {
      const { ticket } = await soapLogin();
      return ticket === undefined ? undefined : { scheme: 'SOTicket', value: ticket, expiresAt: undefined };
    });
    return { ...calls, principal, associateId };
  }
}

/** Whether nothing says which server is meant, and nothing stored could. */
function lacksServer(
  given: GivenSettings,
  { profiles }: StoredProfiles,
  environment: Host['environment'],
): boolean {
  const named = given.profile ?? variable(environment, 'ERPSYNC_PROFILE');
  return named === undefined && profiles.size === 0 && effectiveAddress(given, [], environment) === undefined;
}

/**
 * What names who logs in has to be there, where the scheme has such.
 *
 * @throws ErpsyncError (config)
 */
export function checkAccount(settings: Settings): void {
  const { auth, profile } = settings;
  const account = accountOf[auth.value];
  if (account === undefined || settings[account.member] !== undefined) return;
  const { flag, variable: name, placeholder } = ruleOf(account.member);
  const [why, store] =
    profile === undefined
      ? ['none is given', '']
      : [
          `profile "${profile.value}" has none`,
          `, or store it: erpsync profile set ${shellWord(profile.value)} ${flag} <${placeholder}>`,
        ];
  throw configError({
    what: `auth ${auth.value} needs a ${account.words}`,
    why,
    next: `give it with ${flag} or ${name}${store}`,
  });
}
