import { type ConnectionFlags, connectionFlags } from '../../cli/connection-flags.ts';
import type { Context } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { toggle } from '../../cli/flags.ts';
import { type LoginProfile, loginProfile } from '../../cli/interactive-login.ts';
import { keptTickets } from '../../cli/kept-tickets.ts';
import { oidcApp, oidcSurroundings, warnOfVariable } from '../../cli/oidc-session.ts';
import { withOnline } from '../../cli/server-parts.ts';
import { secretsFor } from '../../cli/session.ts';
import { configError, ErpsyncError, errorValue } from '../../errors.ts';
import { shellWord } from '../../files/shell-word.ts';
import { secretsOf } from '../../identity/credentials.ts';
import { elsewhereProblem, secretsSent } from '../../identity/placement.ts';
import { secretSources } from '../../identity/secrets.ts';
import type { HeldSecret } from '../../profiles/inheritance.ts';
import { type SecretName, secretNames } from '../../profiles/profile.ts';
import { openProfileStore } from '../../profiles/store.ts';

export default defineCommand({
  path: ['auth', 'logout'],
  summary: 'end the login of a profile: revoke and forget its refresh token, forget its tickets',
  description: [
    'With auth oidc the refresh token is revoked at SuperOffice and forgotten, also when it cannot be revoked: that is',
    'told then, and the exit code is not 0. With every scheme the tickets and access tokens that are kept for the',
    'profile are forgotten; what a server gave out cannot be called back, and ends by itself. Stored passwords, tokens',
    'and keys stay for the next login, unless --secrets takes them away, too.',
  ],
  effect: 'write',
  arguments: {},
  flags: {
    secrets: toggle('forget the stored secrets of the login, too: password, token, private key, ...'),
    ...connectionFlags,
  },
  examples: [{ run: 'erpsync auth logout -p prod', why: 'nothing of the login is kept on this machine' }],
  exitCodes: [4, 6, 7, 9, 14],
  async run({ secrets: all, ...flags }, context) {
    const found = await loginProfile(context, flags);
    const { profile, settings, held } = found;
    const token = settings.auth.value === 'oidc' ? held.refreshToken : undefined;
    if (token !== undefined && token.profile !== profile) {
      throw configError(
        `profile "${profile}" inherits its refresh token from profile "${token.profile}"; nothing was done`,
        `log that one out: erpsync auth logout -p ${shellWord(token.profile)}`,
      );
    }
    const failure = token === undefined ? undefined : await revoke(token, found, flags, context);
    const forgotten = await forget(found, all, context);
    if (settings.auth.value === 'oidc') warnOfVariable(context);
    return {
      profile,
      revoked: token === undefined ? null : failure === undefined,
      forgotten,
      exitCode: failure?.exitCode ?? 0,
      error: failure === undefined ? null : errorValue(failure),
    };
  },
  render({ profile, revoked, forgotten }) {
    const names = forgotten.map((name) => secretSources[name].words).join(', ');
    return [
      ...(revoked === true ? ['SuperOffice has revoked the refresh token.'] : []),
      ...(names === '' ? [] : [`Forgot of profile ${profile}: ${names}.`]),
      `No ticket or access token of profile ${profile} is kept on this machine.`,
    ].join('\n');
  },
});

/** Has the refresh token revoked where it belongs, and nowhere else. @returns what that failed of */
async function revoke(
  token: HeldSecret,
  { settings, held, parts, profile }: LoginProfile,
  flags: ConnectionFlags,
  context: Context,
): Promise<ErpsyncError | undefined> {
  const problem = elsewhereProblem('refreshToken', token, settings.address, profile);
  if (problem !== undefined)
    throw configError(`${problem}; nothing was done`, 'name the address that it is for');
  const { secrets } = await secretsFor(context, flags, settings, held, ['appToken']);
  const app = oidcApp(settings, secrets);
  context.conceal(token.value);
  const { revokeToken } = await import('../../identity/oidc-service.ts');
  try {
    await withOnline(app.address.online, parts, (requests) =>
      revokeToken(app, token.value, oidcSurroundings(context, requests)),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    return new ErpsyncError(error.code, `the refresh token was not revoked: ${error.message}`, {
      hint: 'it is forgotten here and may hold on at SuperOffice, until an administrator of the tenant takes back the approval of the app',
      httpStatus: error.httpStatus,
      cause: error,
    });
  }
}

/** @returns the stored secrets that are gone */
async function forget(
  { profile, settings }: LoginProfile,
  all: boolean,
  context: Context,
): Promise<readonly SecretName[]> {
  const store = openProfileStore({ directory: context.configDirectory, uid: context.host.uid });
  const auth = settings.auth.value;
  const stored = await store.readSecrets(profile);
  const ends = all ? secretsSent(auth) : auth === 'oidc' ? secretsOf[auth] : [];
  const forgotten = ends.filter((name) => stored?.secrets[name] !== undefined);
  if (forgotten.length > 0) {
    await store.revise(profile, ({ profiles, secretsOf: secretsIn }) => {
      const before = secretsIn(profile);
      const left = secretNames.filter(
        (name) => before?.secrets[name] !== undefined && !forgotten.includes(name),
      );
      const secrets = Object.fromEntries(left.map((name) => [name, before?.secrets[name]]));
      const origin = before?.origin;
      return {
        profile: profiles.get(profile) ?? {},
        secrets: origin === undefined || left.length === 0 ? undefined : { origin, secrets },
      };
    });
  }
  for (const kind of ['ticket', 'token'] as const) await keptTickets(context, settings, true, kind)?.forget();
  return forgotten;
}
