/** The first command of somebody who has stored no profile yet: at a terminal it is asked what to do about it. */
import { configError, continued, ErpsyncError } from '../errors.ts';
import { secretNames } from '../profiles/profile.ts';
import { checkProfileName } from '../profiles/profile-name.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';
import { flagName } from './flags.ts';

const setUp = 'Set up a profile for a server, and go on';
const tryOut = 'Try things out first, on a server of this machine';

/**
 * Sets a profile up, by the questions of `profile add`; the command that was typed goes on with it. What it said about
 * address and login is not asked again.
 *
 * @throws ErpsyncError (interrupted) for who gives up: nothing is stored then; (config) for who would rather try things
 *   out, after it has told how
 */
export async function offerProfile(flags: ConnectionFlags, context: Context): Promise<void> {
  const { prompts, note } = context;
  const wish = await prompts.select('No profile is stored yet: what now?', [setUp, tryOut]);
  if (wish === tryOut) {
    note('In another terminal, start a server to try things out on:');
    note('  erpsync sandbox --port 8080');
    note('Then store a profile for it here; its password is Tje0:');
    note('  erpsync profile add sandbox --url http://127.0.0.1:8080 --username tje0');
    throw configError({
      what: 'nothing was done',
      why: 'no profile is stored yet',
      next: 'run the same command again when the two above have run',
    });
  }
  const name = await prompts.text('What to call the profile', { initial: 'prod', check: nameProblem });
  note(await context.perform(['profile', 'add', name, ...typedLogin(flags)]));
}

function nameProblem(given: string): string | undefined {
  try {
    checkProfileName(given);
    return undefined;
  } catch (error) {
    if (error instanceof ErpsyncError) return continued(error.message, error.next);
    throw error;
  }
}

/** What of the flags a profile keeps, as it would be typed. */
function typedLogin(flags: ConnectionFlags): readonly string[] {
  const { environment, onlineUrl, auth, username, allowHttp } = flags;
  const files = Object.fromEntries(secretNames.map((name) => [`${name}File`, flags[`${name}File`]] as const));
  const values = Object.entries({ environment, onlineUrl, auth, username, ...files });
  return [
    ...(allowHttp ? [flagName('allowHttp')] : []),
    ...values.flatMap(([key, value]) => (value === undefined ? [] : [`${flagName(key)}=${value}`])),
  ];
}
