import { noBrowser, openBrowser } from '../../cli/browser.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import type { Context } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { toggle, withDefault } from '../../cli/flags.ts';
import { type LoginPlace, loginPlace, storeLogin } from '../../cli/interactive-login.ts';
import { oidcSurroundings, warnOfVariable } from '../../cli/oidc-session.ts';
import { withOnline } from '../../cli/server-parts.ts';
import { duration, wholeNumber } from '../../cli/values.ts';
import { unusable } from '../../error-words.ts';
import { shellWord } from '../../files/shell-word.ts';
import type { FinishedLogin } from '../../identity/oidc-login.ts';
import { printable } from '../../output/json.ts';
import { addressInWords } from '../../profiles/address.ts';

/** Nobody leaves a port open for longer than this (ms). */
const longestWaitMs = 5 * 60_000;

export default defineCommand({
  path: ['auth', 'login'],
  summary: 'log in to SuperOffice Online with a browser, for a profile with auth oidc',
  description: [
    "Opens the login page in the system's browser, or prints its address, and waits on 127.0.0.1 for the answer, for",
    '5 minutes at most. The refresh token that comes of it is stored with the profile, for its tenant alone; other',
    'commands get access tokens with it by themselves and never open a browser. Nothing is stored unless the login is',
    'proved to be for the tenant of the profile.',
    '',
    'The app is a native app (no secret), registered with the redirect address ^http://127.0.0.1\\:\\d{4,10}$. Where the',
    'browser is on another machine, name a port that leads here: ssh -L 8400:127.0.0.1:8400, and --port 8400.',
  ],
  effect: 'write',
  arguments: {},
  flags: {
    noBrowser: toggle('print the address of the login page, and open nothing'),
    port: withDefault(
      wholeNumber('n', 0, 65_535),
      '0',
      'the port on 127.0.0.1 that the browser comes back to, of four digits or more; 0 is any',
    ),
    waitTimeout: withDefault(duration(), '5m', 'how long to wait for the person at the browser, 5m at most'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync auth login -p online', why: 'log in for that profile, in the browser of this machine' },
    {
      run: 'erpsync auth login -p online --no-browser',
      why: 'print the address, for a browser that is opened by hand',
    },
  ],
  exitCodes: [4, 6, 7, 9, 14, 130],
  async run({ noBrowser: opensNone, port, waitTimeout, ...flags }, context) {
    if (context.globals.noInput) {
      throw unusable('--no-input', 'auth login needs a person at a browser', 'leave it out');
    }
    if (port !== 0 && port < 1_000)
      throw unusable('--port', `${port} has fewer than four digits`, 'give another one');
    if (waitTimeout > longestWaitMs) {
      throw unusable('--wait-timeout', 'no port is left open for longer than 5m', 'give less');
    }
    const place = await loginPlace(context, flags);
    const { app, parts } = place;
    const { loopbackListener } = await import('../../identity/loopback-listener.ts');
    const { beginLogin } = await import('../../identity/oidc-login.ts');
    const listener = await loopbackListener(port);
    try {
      const begun = await beginLogin(app, listener.redirectUri);
      const answer = listener.answer(begun.state, waitTimeout, context.host.stopped);
      const arrived = new AbortController();
      const over = (): void => arrived.abort();
      answer.then(over, over);
      const [parameters] = await Promise.all([
        answer,
        show(begun.address, opensNone, place, context, arrived.signal),
      ]);
      const login = await withOnline(app.address.online, parts, (requests) =>
        begun.finish(parameters, oidcSurroundings(context, requests)),
      );
      await storeLogin(place, login, context);
      warnOfVariable(context);
      return loggedIn(place, login);
    } finally {
      await listener.close();
    }
  },
  render: ({ profile, server, user, associateId }) => {
    const who = user ?? (associateId === null ? 'somebody' : `associate ${associateId}`);
    return [
      printable(`Logged in to ${server} as ${who}; profile ${profile} has its refresh token.`),
      printable(`See what it can do: erpsync doctor -p ${shellWord(profile)}`),
    ].join('\n');
  },
});

function loggedIn({ profile, app }: LoginPlace, { user, associateId, login }: FinishedLogin) {
  return {
    profile,
    server: addressInWords(app.address),
    tenant: app.address.tenant,
    clientId: app.clientId,
    user,
    associateId,
    accessTokenExpiresAt: login.expiresAt === undefined ? null : new Date(login.expiresAt).toISOString(),
  };
}

/** The person gets to the page: by the browser, and in any case by its address. */
async function show(
  address: string,
  opensNone: boolean,
  { app }: LoginPlace,
  context: Context,
  arrived: AbortSignal,
): Promise<void> {
  const { host, note, globals } = context;
  const server = addressInWords(app.address);
  const problem = opensNone ? undefined : noBrowser(host);
  if (!opensNone && problem === undefined) {
    const words = `Opening the browser, to log in to ${server}. Where none opens, open this address:`;
    for (const line of [words, '', address, '']) note(line);
    if (await openBrowser(address, context, arrived)) return;
    if (!globals.quiet) return note('No browser could be opened: open the address above by hand.');
  }
  const why = opensNone ? '' : `No browser could be opened${problem === undefined ? '' : `: ${problem}`}. `;
  // Without the address nobody can go on, whatever --quiet says.
  const lines = [`${why}To log in to ${server}, open this address in a browser:`, '', address, ''];
  host.writeStderr(lines.map((line) => `${printable(line)}\n`).join(''));
}
