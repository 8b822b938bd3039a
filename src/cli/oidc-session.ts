/** Access tokens of a person who logged in with `auth login`, from the settings of a command. Loaded for that login alone. */
import { configError, ErpsyncError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import { loginWith } from '../identity/login-secrets.ts';
import type { OidcApp } from '../identity/oidc-app.ts';
import { type OidcSurroundings, refreshedTokens } from '../identity/oidc-service.ts';
import type { Renewable } from '../identity/renewable.ts';
import { secretSources } from '../identity/secrets.ts';
import { type Login, renewableTicket } from '../identity/tickets.ts';
import { type HeldSecret, heldSecrets } from '../profiles/inheritance.ts';
import { type Secrets, type StoredSecrets, storedKinds } from '../profiles/profile.ts';
import { type Settings, variable } from '../profiles/settings.ts';
import type { RawRequests } from '../transport/raw.ts';
import { changedError } from './changed-error.ts';
import type { Context } from './context.ts';
import { keptTickets } from './kept-tickets.ts';
import { type HeldReader, heldTexts, placeOf, type SourcedSecrets } from './login-secrets.ts';
import { onlineOnly, type ServerParts, withOnline } from './server-parts.ts';
import { storedProfiles } from './stored-profiles.ts';

/** The app that the settings name. @throws ErpsyncError (config) for a server that is no tenant */
export function oidcApp({ address: { value: address }, clientId }: Settings, { appToken }: Secrets): OidcApp {
  if (address.kind === 'url') {
    throw onlineOnly('oidc');
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
 * @throws ErpsyncError (config) for a server that is no tenant
 */
export async function accessTokens(
  parts: ServerParts,
  secrets: SourcedSecrets,
  reader: Pick<HeldReader, 'stored' | 'behind'>,
): Promise<Renewable<Login>> {
  const { settings, context } = parts;
  const { conceal, host } = context;
  // A server that is no tenant is refused before anything is sent.
  oidcApp(settings, await secrets.current());
  const stored = reader.stored('refreshToken') ?? reader.behind('refreshToken');
  const held = stored && secrets.sources.refreshToken === placeOf(stored) ? stored : undefined;
  /** What the login service gave in place of a token that nothing keeps. */
  let newer: string | undefined;

  async function refreshed(present: Secrets): Promise<Login> {
    const app = oidcApp(settings, present);
    const before = held && (await storedNow(context, held));
    const refreshToken = newer ?? before?.text ?? present.refreshToken ?? '';
    const tokens = await withOnline(app.address.online, parts, (requests) =>
      refreshedTokens(app, refreshToken, oidcSurroundings(context, requests)),
    ).catch((error: unknown) => {
      throw withNextCommand(error, settings, held);
    });
    if (tokens.refreshToken !== undefined && tokens.refreshToken !== refreshToken) {
      await keep(tokens.refreshToken, before?.secret);
    }
    return tokens.login;
  }

  /** Calls go on with the access token, whatever becomes of the refresh token. */
  async function keep(refreshToken: string, before: HeldSecret | undefined): Promise<void> {
    const warned = (why: string): void =>
      context.warn(
        `warning: the login service gave another refresh token, and ${why}; log in again before the next call`,
      );
    if (before === undefined) {
      newer = refreshToken;
      return warned('nothing keeps it');
    }
    try {
      await storeRefreshToken(context, before.profile, before.origin, refreshToken, before);
    } catch (error) {
      if (!(error instanceof ErpsyncError)) throw error;
      newer = refreshToken;
      warned(`it could not be stored: ${error.message}`);
    }
  }

  const kept = keptTickets(context, settings, secrets.stored, 'token');
  const fetch = () => loginWith(secrets, refreshed);
  return renewableTicket({ fetch, kept, conceal, now: host.clock.now });
}

/** The refresh token as it is stored by now: another process may have got another one since it was read. */
async function storedNow(
  context: Context,
  { profile, origin }: HeldSecret,
): Promise<{ readonly secret: HeldSecret; readonly text: string } | undefined> {
  const stored = await storedProfiles(context).readSecrets(profile);
  const held = heldSecrets([{ name: profile, profile: {} }], () => stored);
  const secret = held.refreshToken;
  if (secret === undefined || secret.origin !== origin) return undefined;
  const { refreshToken: text } = await heldTexts(context, ['refreshToken'], held);
  if (text === undefined) return undefined;
  context.conceal(text);
  return { secret, text };
}

/** A refused refresh token is told with the command that gets another one. */
function withNextCommand(error: unknown, { profile }: Settings, held: HeldSecret | undefined): unknown {
  if (!(error instanceof ErpsyncError) || error.code !== 'auth') return error;
  const { variable, flag } = secretSources.refreshToken;
  const next =
    held === undefined
      ? `give another one with ${variable} or ${flag}-file`
      : loginCommand(profile?.value ?? held.profile);
  return changedError(error, { next, cause: error });
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

/**
 * Stores a refresh token with a profile, in place of the one that is there.
 *
 * @param origin what it belongs to
 * @param before with this one alone, where it is given: a login that came meanwhile has a newer one
 * @throws ErpsyncError (config) where the profile has secrets of another origin; (storage, locked); as the keychain
 */
export async function storeRefreshToken(
  context: Context,
  profile: string,
  origin: string,
  refreshToken: string,
  before?: HeldSecret,
): Promise<void> {
  await storedProfiles(context).revise(profile, ({ profiles, secretsOf }) => {
    const stored = secretsOf(profile);
    const entry = profiles.get(profile) ?? {};
    if (before !== undefined && !isStill(before, stored)) return { profile: entry, secrets: stored };
    refuseElsewhere(profile, origin, stored);
    const { refreshToken: _, ...secrets } = stored?.secrets ?? {};
    const { refreshToken: __, ...keychain } = stored?.keychain ?? {};
    return { profile: entry, secrets: { origin, secrets: { ...secrets, refreshToken }, keychain } };
  });
}

function isStill(before: HeldSecret, stored: StoredSecrets | undefined): boolean {
  return before.store === 'file'
    ? stored?.secrets.refreshToken === before.value
    : stored?.keychain?.refreshToken === before.account;
}

/** @throws ErpsyncError (config) where the other secrets of the profile are not for the origin */
export function refuseElsewhere(profile: string, origin: string, stored: StoredSecrets | undefined): void {
  const others = storedKinds(stored).filter((kind) => kind !== 'refreshToken');
  if (stored === undefined || stored.origin === origin || others.length === 0) return;
  throw configError({
    what: `the login of profile "${profile}" was not stored`,
    why: `its other secrets belong to ${stored.origin}, and the login to ${origin}`,
    next: `give them anew, or take them away: erpsync profile set ${shellWord(profile)} --unset app-token`,
  });
}
