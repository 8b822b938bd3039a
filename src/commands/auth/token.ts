import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { missing } from '../../error-words.ts';
import { type ErpsyncError, usageError } from '../../errors.ts';

export default defineCommand({
  path: ['auth', 'token'],
  summary: 'print a credential that the server takes now, for other programs: a secret',
  description: [
    'What an Authorization header carries: the access token of auth oidc and bearer ("Bearer <it>"), the ticket of auth',
    'system-user and ticket, and with --transport soap of every login ("SOTicket <it>"). The server is asked first, so',
    'that one that it does not take any more is renewed, or refused with exit code 4. Auth basic and xsrf have none over',
    'REST: there a password or cookie goes with each request. Online a ticket goes with the application token, too.',
  ],
  effect: 'read',
  arguments: {},
  flags: { show: toggle('yes, print the secret'), ...connectionFlags },
  examples: [
    {
      run: 'erpsync auth token -p prod --transport soap --show',
      why: 'a ticket for another program; it lives for 6 hours after its last use',
    },
    {
      run: 'erpsync auth token -p prod --transport soap --show -o json',
      why: 'the same with its scheme, and when it ends where that is known',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ show, ...flags }, context) {
    if (!show)
      throw missing('--show', 'auth token prints a secret', 'give --show, where the secret may be seen');
    return await withSession(context, flags, 'read', async ({ login, principal }) => {
      if (login.transport === 'rest' && ['basic', 'xsrf', 'none'].includes(login.auth))
        throw noToken(login.auth);
      await principal();
      const credential = await login.credential();
      if (credential === undefined) throw noToken(login.auth);
      const { scheme, value, expiresAt } = credential;
      context.reveal(value);
      const until = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
      return { scheme, token: value, expiresAt: until };
    });
  },
  render: ({ token }) => token,
});

function noToken(auth: string): ErpsyncError {
  return usageError({
    what: 'there is no token or ticket to print',
    ...(auth === 'basic'
      ? {
          why: 'auth basic has none over REST: its password goes with each request',
          next: 'get a ticket of this login with --transport soap',
        }
      : { why: `auth ${auth} has none`, next: 'name another login with --profile or --auth' }),
  });
}
