import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { remaining, type ValueParser, withDefault } from '../../cli/flags.ts';
import { duration } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { unusable } from '../../error-words.ts';
import { errorValue } from '../../errors.ts';
import { runPaused } from './paused-run.ts';

const word: ValueParser<string> = { placeholder: 'word', completes: 'file', parse: (given) => given };

export default defineCommand({
  path: ['engine', 'pause'],
  summary: 'run a command while the sync engine stands still',
  description: [
    'Stops the sync engine, waits until it stands still, runs the command, starts the engine again whatever happens to',
    'the command, signals too, and waits until it runs. If the engine did not run before, it is not started afterwards.',
    'The exit code is that of the command (128 + n for signal n), but never 0 if the engine does not run again. No shell',
    'reads the command, and the secrets of erpsync (ERPSYNC_PASSWORD, ERPSYNC_TOKEN, ...) are taken out of its',
    'environment: an erpsync within it gets them from its profile, a credential command, or a --password-file.',
  ],
  effect: 'write',
  arguments: { command: remaining(word, 'the command and its arguments, behind --', 'command') },
  flags: {
    waitTimeout: withDefault(
      duration(),
      '1h',
      'how long to wait until the engine stands still, and until it runs again',
    ),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync engine pause -- true', why: 'instead of true, an import that must not be disturbed' },
    {
      run: 'erpsync engine pause --wait-timeout 5m -- true',
      why: 'give up when the engine does not stand still, or run again, after 5 minutes',
    },
  ],
  exitCodes: [4, 5, 6, 7, 8, 9, 11],
  async run({ command, waitTimeout, ...flags }, context) {
    const [program = ''] = command;
    if (program === '') throw unusable('<command>', 'it is empty', 'give a program behind --');
    return await withSession(context, flags, 'write', async ({ client }) => {
      const run = { words: command, waitTimeoutMs: waitTimeout };
      const { wasRunning, startedAgain, exitCode, error } = await runPaused(client, run, context);
      return {
        program,
        wasRunning,
        startedAgain,
        exitCode,
        error: error === undefined ? null : errorValue(error),
      };
    });
  },
  // Standard output is the command's.
  render: () => '',
});
