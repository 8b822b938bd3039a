import { type ConnectionFlags, connectionFlags } from '../../cli/connection-flags.ts';
import type { Context } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { toggle } from '../../cli/flags.ts';
import { appTokenAlone, type LoginProfile, loginProfile } from '../../cli/interactive-login.ts';
import { keptTickets } from '../../cli/kept-tickets.ts';
import { loginSecrets } from '../../cli/login-secrets.ts';
import { oidcApp, oidcSurroundings, warnOfVariable } from '../../cli/oidc-session.ts';
import { withOnline } from '../../cli/server-parts.ts';
import { storedProfiles } from '../../cli/stored-profiles.ts';
import { configError, ErpsyncError, errorValue } from '../../errors.ts';
import { shellWord } from '../../files/shell-word.ts';
import { secretsOf } from '../../identity/credentials.ts';
import { elsewhereProblem, secretsSent } from '../../identity/placement.ts';
import { secretSources } from '../../identity/secrets.ts';
import type { HeldSecret } from '../../profiles/inheritance.ts';
import { type SecretName, type Secrets, storedKinds } from '../../profiles/profile.ts';
import { type KeptKind, keptKinds } from '../../profiles/ticket-cache.ts';

export default defineCommand({
  path: ['auth', 'logout'],
  summary: 'end the login of a profile: revoke and forget its refresh token, forget its tickets',
  description: [
    'With auth oidc the refresh token is revoked at SuperOffice and forgotten, also when it cannot be revoked: that is',
    'told then, and the exit code is not 0. With every scheme the tickets and access tokens that are kept for the',
    'profile are forgotten; it is told which there were. What a server gave out cannot be called back, and ends by',
    'itself. Stored passwords, tokens and keys stay for the next login, unless --secrets takes them away, too.',
  ],
  effect: 'write',
  arguments: {},
  flags: {
    secrets: toggle('forget the stored secrets of the login, too: password, token, private key, ...'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync auth logout -p prod', why: 'nothing of the login is kept on this machine' },
    {
      run: 'erpsync auth logout -p prod --secrets',
      why: 'the stored password, token or key of the login goes, too',
    },
  ],
  exitCodes: [4, 6, 7, 9, 14],
  async run({ secrets: all, ...flags }, context) {
    const found = await loginProfile(context, flags);
    const { profile, settings, reader } = found;
    const token =
      settings.auth.value === 'oidc'
        ? (reader.stored('refreshToken') ?? reader.behind('refreshToken'))
        : undefined;
    if (token !== undefined && token.profile !== profile) {
      throw configError({
        what: `profile "${profile}" cannot be logged out`,
        why: `it inherits its refresh token from profile "${token.profile}"`,
        next: `log that one out: erpsync auth logout -p ${shellWord(token.profile)}`,
      });
    }
    const failure = token === undefined ? undefined : await revoke(token, found, flags, context);
    // Before the secrets: a change of those forgets the tickets of all profiles, and does not say whose there were.
    const forgottenTickets = await forgetTickets(found, context);
    const forgotten = await forgetSecrets(found, all, context);
    if (settings.auth.value === 'oidc') warnOfVariable(context);
    return {
      profile,
      revoked: token === undefined ? null : failure === undefined,
      forgotten,
      forgottenTickets,
      exitCode: failure?.exitCode ?? 0,
      error: failure === undefined ? null : errorValue(failure),
    };
  },
  render({ profile, revoked, forgotten, forgottenTickets }) {
    const names = [
      ...forgotten.map((name) => secretSources[name].words),
      ...forgottenTickets.map((kind) => `kept ${kind === 'ticket' ? 'ticket' : 'access token'}`),
    ];
    if (names.length === 0)
      return `There was nothing to forget: no ticket or access token of profile ${profile} was kept on this machine.`;
    return [
      ...(revoked === true ? ['SuperOffice has revoked the refresh token.'] : []),
      `Forgot of profile ${profile}: ${names.join(', ')}.`,
      `No ticket or access token of profile ${profile} is kept on this machine any more.`,
    ].join('\n');
  },
});

/** Has the refresh token revoked where it belongs, and nowhere else. @returns what that failed of */
async function revoke(
  token: HeldSecret,
  { settings, reader, parts, profile }: LoginProfile,
  flags: ConnectionFlags,
  context: Context,
): Promise<ErpsyncError | undefined> {
  const problem = elsewhereProblem('refreshToken', token, settings.address, profile);
  if (problem !== undefined) {
    throw configError({
      what: `profile "${profile}" cannot be logged out`,
      why: problem,
      next: 'name the address that it is for with --tenant and --env',
    });
  }
  const { revokeToken } = await import('../../identity/oidc-service.ts');
  try {
    const secrets = await loginSecrets(context, flags, settings, reader, appTokenAlone);
    const app = oidcApp(settings, await secrets.current());
    const { refreshToken: text = '' } = await reader.read(['refreshToken']);
    context.conceal(text);
    await withOnline(app.address.online, parts, (requests) =>
      revokeToken(app, text, oidcSurroundings(context, requests)),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    return new ErpsyncError(error.code, {
      what: 'the refresh token is forgotten here, but was not revoked',
      why: error.message,
      next: 'have an administrator of the tenant take back the approval of the app: until then the token may hold on at SuperOffice',
      httpStatus: error.httpStatus,
      cause: error,
    });
  }
}

/** @returns what was kept of logins, and is gone */
async function forgetTickets({ settings }: LoginProfile, context: Context): Promise<readonly KeptKind[]> {
  const forgotten: KeptKind[] = [];
  for (const kind of keptKinds)
    if (await keptTickets(context, settings, true, kind)?.forget()) forgotten.push(kind);
  return forgotten;
}

/** @returns the stored secrets that are gone */
async function forgetSecrets(
  { profile, settings }: LoginProfile,
  all: boolean,
  context: Context,
): Promise<readonly SecretName[]> {
  const store = storedProfiles(context);
  const auth = settings.auth.value;
  const stored = await store.readSecrets(profile);
  const ends = all ? secretsSent(auth) : auth === 'oidc' ? secretsOf[auth] : [];
  const present = storedKinds(stored);
  const forgotten = ends.filter((name) => present.includes(name));
  if (forgotten.length > 0) {
    await store.revise(profile, ({ profiles, secretsOf: secretsIn }) => {
      const before = secretsIn(profile);
      const without = (texts: Secrets = {}): Secrets =>
        Object.fromEntries(
          Object.entries(texts).filter(([name]) => !forgotten.some((gone) => gone === name)),
        );
      const left = before && {
        origin: before.origin,
        secrets: without(before.secrets),
        keychain: without(before.keychain),
      };
      return {
        profile: profiles.get(profile) ?? {},
        secrets: storedKinds(left).length === 0 ? undefined : left,
      };
    });
  }
  return forgotten;
}
