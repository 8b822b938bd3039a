/** Access tokens of a person who logged in with `auth login`, from the settings of a command. Loaded for that login alone. */
import { configError, ErpsyncError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import type { OidcApp } from '../identity/oidc-app.ts';
import { type OidcSurroundings, refreshedTokens } from '../identity/oidc-service.ts';
import type { Renewable } from '../identity/renewable.ts';
import { secretSources } from '../identity/secrets.ts';
import { type Login, renewableTicket } from '../identity/tickets.ts';
import type { HeldSecret } from '../profiles/inheritance.ts';
import type { Secrets } from '../profiles/profile.ts';
import { type Settings, variable } from '../profiles/settings.ts';
import { openProfileStore } from '../profiles/store.ts';
import type { RawRequests } from '../transport/raw.ts';
import type { Context } from './context.ts';
import { keptTickets } from './kept-tickets.ts';
import { type ServerParts, withOnline } from './server-parts.ts';

/** The app that the settings name. @throws ErpsyncError (config) for a server that is no tenant */
export function oidcApp({ address: { value: address }, clientId }: Settings, { appToken }: Secrets): OidcApp {
  if (address.kind === 'url') {
    throw configError(
      'auth oidc is a login of SuperOffice Online, and the server is named by its url',
      'name it with --tenant and --env in place of --url',
    );
  }
  return { address, clientId: clientId?.value ?? '', clientSecret: appToken };
}

/** What logins and refreshes work with. */
export function oidcSurroundings({ host, conceal }: Context, requests: RawRequests): OidcSurroundings {
  return { requests, clock: host.clock.now, conceal };
}

/**
 * A kept access token as long as it is good, else one for the refresh token: once for all calls and all processes of
 * the profile. Nobody is asked to log in.
 *
 * @param held the stored refresh token; undefined where it was given for this call
 * @throws ErpsyncError (config) for a server that is no tenant
 */
export function accessTokens(
  parts: ServerParts,
  secrets: Secrets,
  held: HeldSecret | undefined,
  storedLogin: boolean,
): Renewable<Login> {
  const { settings, context } = parts;
  const { conceal, host } = context;
  const app = oidcApp(settings, secrets);
  let given = secrets.refreshToken ?? '';

  async function fetch(): Promise<Login> {
    const refreshToken = await present();
    const tokens = await withOnline(app.address.online, parts, (requests) =>
      refreshedTokens(app, refreshToken, oidcSurroundings(context, requests)),
    ).catch((error: unknown) => {
      throw withNextCommand(error, settings, held);
    });
    if (tokens.refreshToken !== undefined && tokens.refreshToken !== refreshToken) {
      await keep(tokens.refreshToken, refreshToken);
    }
    return tokens.login;
  }

  /** Another process may have got another one since it was read. */
  async function present(): Promise<string> {
    if (held === undefined) return given;
    const stored = await openStore(context).readSecrets(held.profile);
    if (stored?.origin !== held.origin || stored.secrets.refreshToken === undefined) return given;
    const { refreshToken } = stored.secrets;
    conceal(refreshToken);
    return refreshToken;
  }

  /** Calls go on with the access token, whatever becomes of the refresh token. */
  async function keep(refreshToken: string, before: string): Promise<void> {
    given = refreshToken;
    const warned = (why: string): void =>
      context.warn(
        `warning: the login service gave another refresh token, and ${why}; log in again before the next call`,
      );
    if (held === undefined) return warned('nothing keeps it');
    try {
      await storeRefreshToken(context, held.profile, held.origin, refreshToken, before);
    } catch (error) {
      if (!(error instanceof ErpsyncError)) throw error;
      warned(`it could not be stored: ${error.message}`);
    }
  }

  const kept = keptTickets(context, settings, storedLogin, 'token');
  return renewableTicket({ fetch, kept, conceal, now: host.clock.now });
}

/** A refused refresh token is told with the command that gets another one. */
function withNextCommand(error: unknown, { profile }: Settings, held: HeldSecret | undefined): unknown {
  if (!(error instanceof ErpsyncError) || error.code !== 'auth') return error;
  const { message, httpStatus } = error;
  const { variable, flag } = secretSources.refreshToken;
  const hint =
    held === undefined
      ? `give another one with ${variable} or ${flag}-file`
      : loginCommand(profile?.value ?? held.profile);
  return new ErpsyncError('auth', message, { hint, httpStatus, cause: error });
}

/** What a person types to log in. */
export function loginCommand(profile: string): string {
  return `log in again: erpsync auth login -p ${shellWord(profile)}`;
}

/** A variable counts more than what is stored. */
export function warnOfVariable({ host, warn }: Context): void {
  const { variable: name } = secretSources.refreshToken;
  if (variable(host.environment, name) === undefined) return;
  warn(`warning: ${name} is set, and calls log in with it whatever is stored`);
}

function openStore({ configDirectory, host }: Context) {
  return openProfileStore({ directory: configDirectory, uid: host.uid });
}

/**
 * Stores a refresh token with a profile, in place of the one that is there.
 *
 * @param origin what it belongs to
 * @param before with this one alone, where it is given: a login that came meanwhile has a newer one
 * @throws ErpsyncError (config) where the profile has secrets of another origin; (storage, locked)
 */
export async function storeRefreshToken(
  context: Context,
  profile: string,
  origin: string,
  refreshToken: string,
  before?: string,
): Promise<void> {
  await openStore(context).revise(profile, ({ profiles, secretsOf }) => {
    const stored = secretsOf(profile);
    const entry = profiles.get(profile) ?? {};
    const { refreshToken: present, ...others } = stored?.secrets ?? {};
    if (before !== undefined && present !== before) return { profile: entry, secrets: stored };
    refuseElsewhere(profile, origin, stored?.origin, others);
    return { profile: entry, secrets: { origin, secrets: { ...others, refreshToken } } };
  });
}

/** @throws ErpsyncError (config) where the other secrets of the profile are not for the origin */
export function refuseElsewhere(
  profile: string,
  origin: string,
  stored: string | undefined,
  others: Secrets,
): void {
  if (stored === undefined || stored === origin || Object.keys(others).length === 0) return;
  throw configError(
    `the secrets of profile "${profile}" belong to ${stored}, and the login to ${origin}; nothing was stored`,
    `give them anew, or take them away: erpsync profile set ${shellWord(profile)} --unset app-token`,
  );
}
