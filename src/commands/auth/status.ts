import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import type { SecretSources } from '../../cli/login-secrets.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError } from '../../errors.ts';
import { secretSources } from '../../identity/secrets.ts';
import { details } from '../../output/details.ts';
import { timeForPeople } from '../../output/time-for-people.ts';
import { type SecretName, secretNames } from '../../profiles/profile.ts';

export default defineCommand({
  path: ['auth', 'status'],
  summary: 'ask the server who we are: user, server, and which credential proves it',
  description: [
    'Ends with 4 when the server does not take the credential. Nothing of the credential itself is shown, only where it',
    'comes from: profile, variable, file.',
  ],
  effect: 'read',
  arguments: {},
  flags: connectionFlags,
  examples: [
    { run: 'erpsync auth status -p prod', why: 'who the server takes us for, and why' },
    {
      run: 'erpsync auth status -p prod -o json',
      why: 'the same for a script: exit code 4 means that the login does not hold',
    },
  ],
  exitCodes: [4, 6, 7, 9],
  async run(given, context) {
    return await withSession(context, given, 'read', async (session) => {
      const { login, profile } = session;
      const user = await session.principal().catch((error: unknown) => {
        throw asRefusal(error);
      });
      const expiresAt = (await login.credential())?.expiresAt;
      return {
        profile,
        user,
        url: session.url,
        tenant: login.tenant,
        transport: login.transport,
        auth: login.auth,
        credentials: sourcesOf(login.sources),
        expiresAt: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
        renewsItself: ['oidc', 'system-user'].includes(login.auth),
      };
    });
  },
  render({ profile, user, url, tenant, transport, auth, credentials, expiresAt, renewsItself }, style) {
    const names = [user.associate, `associate ${user.associateId}`]
      .filter((name) => name !== null)
      .join(', ');
    const end =
      expiresAt === null
        ? []
        : [timeForPeople(expiresAt) + (renewsItself ? ', then it is renewed by itself' : '')];
    return details(
      [
        ['user', user.fullName === null ? names : `${user.fullName} (${names})`],
        ...(user.role === null ? [] : [['role', user.role] as const]),
        ['server', `${url}${tenant === null ? '' : ` (tenant ${tenant})`} over ${transport}`],
        ['profile', profile ?? 'none'],
        ['login', `auth ${auth}`],
        ...credentials.map(({ secret, from }) => [secretSources[secret].words, `from ${from}`] as const),
        ...end.map((text) => ['access token', `until ${text}`] as const),
      ],
      style,
    );
  },
});

function sourcesOf(
  sources: SecretSources,
): readonly { readonly secret: SecretName; readonly from: string }[] {
  return secretNames.flatMap((secret) => {
    const from = sources[secret];
    return from === undefined ? [] : [{ secret, from }];
  });
}

/** That the server does not even say who we are means that it does not take the login, whatever the status is. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof ErpsyncError) || error.code !== 'forbidden') return error;
  const { message, next = 'see: erpsync doctor', httpStatus } = error;
  return new ErpsyncError('auth', {
    what: 'the server does not say who we are',
    why: message,
    next,
    httpStatus,
    cause: error,
  });
}
