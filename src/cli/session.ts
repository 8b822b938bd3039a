/** From flags to a client that can call: settings, credential, transport, put together in one place. */

import { type AgentClient, agentClient } from '../agent/client.ts';
import type { Effect } from '../agent/contract.ts';
import { currentPrincipal, type Principal } from '../agent/principal.ts';
import { configError, ErpsyncError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import { credentialsFor, secretsOf } from '../identity/credentials.ts';
import { elsewhereProblem, secretsSent } from '../identity/placement.ts';
import { secretSources } from '../identity/secrets.ts';
import { restTickets } from '../identity/tickets.ts';
import { type Address, addressInWords, addressParts } from '../profiles/address.ts';
import type { HeldSecrets } from '../profiles/inheritance.ts';
import type { SecretName, Secrets } from '../profiles/profile.ts';
import { type AuthScheme, accountOf, ruleOf } from '../profiles/setting-table.ts';
import { resolveSettings, type Setting, type Settings } from '../profiles/settings.ts';
import { openProfileStore } from '../profiles/store.ts';
import { type RawRequests, rawRequests } from '../transport/raw.ts';
import { restTransport } from '../transport/rest.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';
import { networkOf } from './network.ts';
import { secretFromOutside } from './secret-input.ts';
import { findServer } from './server.ts';
import { repetitionOf } from './server-parts.ts';

/** Which flag, variable or profile gives each secret of a login. */
export type SecretSources = { readonly [K in SecretName]?: string };

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
  const settings = await resolveSettings({ ...flags, profile: globals.profile }, store, {
    environment: host.environment,
    atTerminal: host.stdinIsTerminal && host.stderrIsTerminal,
    writes: effect !== 'read',
  });
  const held = await store.readHeldSecrets(settings.line);
  checkAccount(settings);
  const { secrets, sources, storedLogin } = await secretsFor(context, flags, settings, held);
  const parts = {
    context,
    settings,
    network: networkOf(context, flags, settings, held),
    timeoutMs: globals.timeout ?? timeoutMs,
  };
  const login = { auth: settings.auth.value, username: settings.username?.value, secrets };
  // Also refuses, before anything is sent, what could not be sent.
  const atHand = credentialsFor(login);
  const storedToken = sources.refreshToken?.startsWith('profile ') === true ? held.refreshToken : undefined;
  const accessTokens =
    login.auth === 'oidc'
      ? (await import('./oidc-session.ts')).accessTokens(parts, secrets, storedToken, storedLogin)
      : undefined;
  const tickets =
    login.auth === 'system-user'
      ? (await import('./system-user-session.ts')).systemUserTickets(parts, secrets, storedLogin)
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
    return { client, login: { auth: login.auth, transport, sources, credential } };
  }

  function overRest(): Calls {
    const client = agentClient({ transport: restTransport(wire), ...repetition });
    const principal = () => currentPrincipal(raw);
    const isBearer = login.auth === 'bearer' || login.auth === 'oidc';
    const calls = callsWith(client, async () => {
      const present = await fetched?.current();
      const given =
        login.auth === 'bearer' ? secrets.token : login.auth === 'ticket' ? secrets.ticket : undefined;
      const value = present?.ticket ?? given;
      const scheme = isBearer ? 'Bearer' : 'SOTicket';
      return value === undefined ? undefined : { scheme, value, expiresAt: present?.expiresAt };
    });
    return { ...calls, principal, associateId: async () => (await principal()).associateId };
  }

  async function overSoap(): Promise<Calls> {
    const { openSoap } = await import('./soap-session.ts');
    const soap = await openSoap({
      ...{ context, settings, secrets, connections, repetition, storedLogin },
      ...{ tickets, accessTokens },
    });
    const { principal, associateId, soapLogin } = soap.credentials;
    const client = agentClient({ transport: soap.transport, ...repetition });
    const calls = callsWith(client, async () => {
      const { ticket } = await soapLogin();
      return ticket === undefined ? undefined : { scheme: 'SOTicket', value: ticket, expiresAt: undefined };
    });
    return { ...calls, principal, associateId };
  }
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
  const { flag, variable } = ruleOf(account.member);
  const where = profile === undefined ? 'none is given' : `profile "${profile.value}" has none`;
  throw configError(
    `auth ${auth.value} needs a ${account.words}, and ${where}`,
    `give it with ${flag} or ${variable}`,
  );
}

/**
 * What the login sends; a secret that is needed and nowhere to be found is asked for at a terminal.
 *
 * @throws ErpsyncError (auth) for one that is not there; (config) for one that belongs elsewhere
 */
export async function secretsFor(
  context: Context,
  flags: ConnectionFlags,
  settings: Settings,
  held: HeldSecrets,
  names = secretsSent(settings.auth.value),
): Promise<{ readonly secrets: Secrets; readonly sources: SecretSources; readonly storedLogin: boolean }> {
  const secrets: { [K in SecretName]?: string } = {};
  const sources: { [K in SecretName]?: string } = {};
  let storedLogin = true;
  for (const name of names) {
    const found = await secretFor(name, context, flags, settings, held);
    if (found === undefined) continue;
    const { value, from } = found;
    secrets[name] = value;
    sources[name] = from;
    if (value !== held[name]?.value) storedLogin = false;
    for (const each of secretSources[name].hasLines ? longLines(value) : [value]) context.conceal(each);
    if (name === 'password') context.conceal(`${settings.username?.value ?? ''}:${value}`);
  }
  return { secrets, sources, storedLogin };
}

/** What of a document is secret by itself: the lines that hold the key, not those around them. */
function longLines(text: string): readonly string[] {
  return text.split(/\r?\n|\\n/).filter((line) => line.length >= 40);
}

async function secretFor(
  name: SecretName,
  context: Context,
  flags: ConnectionFlags,
  { auth, address, profile }: Settings,
  held: HeldSecrets,
): Promise<Setting<string> | undefined> {
  const given = await secretFromOutside(context, flags, name);
  if (given !== undefined) return given;
  const stored = held[name];
  if (stored !== undefined) {
    const problem = elsewhereProblem(name, stored, address, profile?.value ?? stored.profile);
    if (problem !== undefined) throw configError(problem, elsewhereHint(name, address, profile?.value ?? ''));
    return { value: stored.value, from: `profile "${stored.profile}"` };
  }
  if (!secretsOf[auth.value].includes(name)) return undefined;
  const { words, flag, variable, comesFrom } = secretSources[name];
  if (comesFrom === undefined && context.prompts.available) {
    const value = await context.prompts.secret(`The ${words} for ${addressInWords(address.value)}`);
    return { value, from: 'the prompt' };
  }
  const article = /^[aeiou]|^XSRF/.test(words) ? 'an' : 'a';
  const login =
    comesFrom !== undefined && profile !== undefined
      ? `log in: erpsync ${comesFrom} -p ${shellWord(profile.value)}; or `
      : '';
  throw new ErpsyncError(
    'auth',
    `auth ${auth.value} needs ${article} ${words}, and none is stored or given`,
    {
      hint: `${login}give it with ${variable}, ${flag}-file or ${flag}-stdin`,
    },
  );
}

function elsewhereHint(name: SecretName, { from }: Setting<Address>, profile: string): string {
  const { words, flag, variable } = secretSources[name];
  const typed = addressParts.flatMap((part) => [ruleOf(part).flag, ruleOf(part).variable]);
  return typed.includes(from)
    ? `take ${from} away, or give the ${words} for that address with ${variable} or ${flag}-file`
    : `store it for that address: erpsync profile set ${shellWord(profile)} ${flag}-file <file>`;
}
