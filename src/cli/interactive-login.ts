/** Where a login with a browser belongs, and what is kept of it. */
import { unusable } from '../error-words.ts';
import { configError, usageError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import type { OidcApp } from '../identity/oidc-app.ts';
import type { FinishedLogin } from '../identity/oidc-login.ts';
import { originOf } from '../profiles/address.ts';
import { originIn } from '../profiles/inheritance.ts';
import { resolveSettings, type Settings } from '../profiles/settings.ts';
import { openProfileStore } from '../profiles/store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';
import { keptTickets } from './kept-tickets.ts';
import { type HeldReader, heldReader, loginSecrets } from './login-secrets.ts';
import { networkOf } from './network.ts';
import { oidcApp, refuseElsewhere, storeRefreshToken } from './oidc-session.ts';
import type { ServerParts } from './server-parts.ts';
import { checkAccount } from './session.ts';

/** What an app shows that has a secret of its own. */
export const appTokenAlone = { sent: ['appToken'], needed: [] } as const;

/** The profile that a login is for, and its app. */
export interface LoginPlace {
  readonly profile: string;
  readonly app: OidcApp;
  readonly parts: ServerParts;
}

/** A profile with its settings and what it holds, for commands that look after its login. */
export interface LoginProfile {
  readonly profile: string;
  readonly settings: Settings;
  readonly reader: HeldReader;
  readonly parts: ServerParts;
}

/** @throws ErpsyncError (config) where no stored profile is meant */
export async function loginProfile(context: Context, flags: ConnectionFlags): Promise<LoginProfile> {
  const { host, globals, configDirectory } = context;
  const store = openProfileStore({ directory: configDirectory, uid: host.uid });
  const settings = await resolveSettings({ ...flags, profile: globals.profile }, store, {
    environment: host.environment,
    atTerminal: host.stdinIsTerminal && host.stderrIsTerminal,
    writes: true,
  });
  if (settings.profile === undefined) {
    throw configError({
      what: 'the login cannot be stored',
      why: 'it is kept with a profile, and none is named',
      next: 'name one with --profile, or add one: erpsync profile add <name> --tenant <id> --env online --auth oidc --client-id <id>',
    });
  }
  const held = await store.readHeldSecrets(settings.line);
  const reader = heldReader(context, settings, held);
  const network = networkOf(context, flags, settings, reader);
  const parts = { context, settings, network, timeoutMs: globals.timeout ?? 100_000 };
  return { profile: settings.profile.value, settings, reader, parts };
}

/**
 * Refuses, before anybody is bothered, a login that could not be stored.
 *
 * @throws ErpsyncError (config, usage)
 */
export async function loginPlace(context: Context, flags: ConnectionFlags): Promise<LoginPlace> {
  const { profile, settings, reader, parts } = await loginProfile(context, flags);
  const { auth, address, line } = settings;
  if (auth.value !== 'oidc') {
    throw usageError({
      what: `profile "${profile}" cannot log in with a browser`,
      why: `that is for auth oidc, and it has auth ${auth.value} (${auth.from})`,
      next: `see what it has: erpsync profile show ${shellWord(profile)}`,
    });
  }
  checkAccount(settings);
  if (flags.refreshTokenStdin || flags.refreshTokenFile !== undefined) {
    const flag = `--refresh-token-${flags.refreshTokenStdin ? 'stdin' : 'file'}`;
    throw unusable(flag, 'auth login gets a refresh token itself', 'leave it out');
  }
  const origin = originOf(address.value);
  if (originIn(line) !== origin) {
    throw configError({
      what: `the login cannot be stored with profile "${profile}"`,
      why: `${address.from} says ${origin}, which is not what the profile is for`,
      next: 'name a profile of that tenant with --profile; see which there are: erpsync profile list',
    });
  }
  const store = openProfileStore({ directory: context.configDirectory, uid: context.host.uid });
  const stored = await store.readSecrets(profile);
  refuseElsewhere(profile, origin, stored);
  const secrets = await loginSecrets(context, flags, settings, reader, appTokenAlone);
  return { profile, app: oidcApp(settings, await secrets.current()), parts };
}

/** Stores the refresh token, and keeps the access token that came with it. */
export async function storeLogin(
  { profile, app, parts }: LoginPlace,
  { refreshToken, login }: FinishedLogin,
  context: Context,
): Promise<void> {
  await storeRefreshToken(context, profile, originOf(app.address), refreshToken);
  const kept = keptTickets(context, parts.settings, true, 'token');
  await kept?.replace(undefined, () => Promise.resolve(login));
}
