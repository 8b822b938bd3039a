/** From flags to a client that can call: settings, credential, transport, put together in one place. */

import { type AgentClient, agentClient } from '../agent/client.ts';
import type { Effect } from '../agent/contract.ts';
import { currentAssociateId } from '../agent/principal.ts';
import { configError, ErpsyncError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import { credentialsFor, secretsOf } from '../identity/credentials.ts';
import { elsewhereProblem, secretsSent } from '../identity/placement.ts';
import { secretSources } from '../identity/secrets.ts';
import { restTickets } from '../identity/tickets.ts';
import { type Address, addressInWords, addressParts } from '../profiles/address.ts';
import type { HeldSecrets } from '../profiles/inheritance.ts';
import type { SecretName, Secrets } from '../profiles/profile.ts';
import { ruleOf } from '../profiles/setting-table.ts';
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
import { networkOf } from './network.ts';
import { secretFromOutside } from './secret-input.ts';
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
  const username = usernameOf(settings);
  const { secrets, storedLogin } = await secretsFor(context, flags, settings, held);
  const parts = {
    context,
    settings,
    network: networkOf(context, flags, settings, held),
    timeoutMs: globals.timeout ?? timeoutMs,
  };
  const login = { auth: settings.auth.value, username, secrets };
  // Also refuses, before anything is sent, what could not be sent.
  const atHand = credentialsFor(login);
  const tickets =
    login.auth === 'system-user'
      ? (await import('./system-user-session.ts')).systemUserTickets(parts, secrets, storedLogin)
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
    const made = { context, settings, secrets, connections, repetition, storedLogin, tickets };
    const soap = await openSoap(made);
    const client = agentClient({ transport: soap.transport, ...repetition });
    return { client, associateId: () => soap.credentials.associateId() };
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

function usernameOf({ auth, username, profile }: Settings): string | undefined {
  if (auth.value !== 'basic' || username !== undefined) return username?.value;
  const [why, store] =
    profile === undefined
      ? ['none is given', '']
      : [
          `profile "${profile.value}" has none`,
          `, or store it: erpsync profile set ${shellWord(profile.value)} --username <name>`,
        ];
  throw new ErpsyncError('config', 'auth basic needs a user name', {
    why,
    hint: `give it with --username or ERPSYNC_USERNAME${store}`,
  });
}

/** What the login sends; a secret that is needed and nowhere to be found is asked for at a terminal. */
async function secretsFor(
  context: Context,
  flags: ConnectionFlags,
  settings: Settings,
  held: HeldSecrets,
): Promise<{ readonly secrets: Secrets; readonly storedLogin: boolean }> {
  const secrets: { [K in SecretName]?: string } = {};
  let storedLogin = true;
  for (const name of secretsSent(settings.auth.value)) {
    const value = await secretFor(name, context, flags, settings, held);
    if (value === undefined) continue;
    secrets[name] = value;
    if (value !== held[name]?.value) storedLogin = false;
    for (const each of secretSources[name].hasLines ? longLines(value) : [value]) context.conceal(each);
    if (name === 'password') context.conceal(`${settings.username?.value ?? ''}:${value}`);
  }
  return { secrets, storedLogin };
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
): Promise<string | undefined> {
  const given = await secretFromOutside(context, flags, name);
  if (given !== undefined) return given.value;
  const stored = held[name];
  if (stored !== undefined) {
    const problem = elsewhereProblem(name, stored, address, profile?.value ?? stored.profile);
    if (problem !== undefined) throw configError(problem, elsewhereHint(name, address, profile?.value ?? ''));
    return stored.value;
  }
  if (!secretsOf[auth.value].includes(name)) return undefined;
  const { words, flag, variable } = secretSources[name];
  if (context.prompts.available)
    return await context.prompts.secret(`The ${words} for ${addressInWords(address.value)}`);
  const article = /^[aeiou]|^XSRF/.test(words) ? 'an' : 'a';
  const store =
    profile === undefined
      ? ''
      : `, or store it: erpsync profile set ${shellWord(profile.value)} ${flag}-file <file>`;
  throw new ErpsyncError('auth', `auth ${auth.value} needs ${article} ${words}`, {
    why: 'none is stored or given',
    hint: `give it with ${variable}, ${flag}-file or ${flag}-stdin${store}`,
  });
}

function elsewhereHint(name: SecretName, { from }: Setting<Address>, profile: string): string {
  const { words, flag, variable } = secretSources[name];
  const typed = addressParts.flatMap((part) => [ruleOf(part).flag, ruleOf(part).variable]);
  return typed.includes(from)
    ? `take ${from} away, or give the ${words} for that address with ${variable} or ${flag}-file`
    : `store it for that address: erpsync profile set ${shellWord(profile)} ${flag}-file <file>`;
}
