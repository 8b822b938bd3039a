/** What `engine start` and `engine stop` share. */
import { engineStatus, waitForEngine } from '../../agent/engine.ts';
import { type ConnectionFlags, connectionFlags } from '../../cli/connection-flags.ts';
import type { Context } from '../../cli/context.ts';
import { optional, toggle } from '../../cli/flags.ts';
import { duration } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { waitTime } from '../wait-time.ts';
import { engineBody } from './shown-engine.ts';

/** Their flags. */
export const switchFlags = {
  wait: toggle('wait until it is so'),
  waitTimeout: optional(duration(), 'how long --wait waits (default 1h)'),
  dryRun: toggle('show the request and send nothing'),
  ...connectionFlags,
};

/** Their flags' values. */
export type SwitchFlags = ConnectionFlags & {
  readonly wait: boolean;
  readonly waitTimeout: number | undefined;
  readonly dryRun: boolean;
};

/**
 * Asks the engine to run or to stop. It may take it some time, which `--wait` waits for.
 *
 * @throws ErpsyncError; `pending` when the wait ran out
 */
export async function switchEngine(
  { wait, waitTimeout, dryRun, ...flags }: SwitchFlags,
  running: boolean,
  context: Context,
) {
  const timeoutMs = waitTime(wait, waitTimeout);
  return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
    if (dryRun) {
      const url = client.transport.addressOf('ChangeEngineStatus');
      return { status: 'dry-run', method: 'POST', url, body: { Run: running } } as const;
    }
    const answered = engineStatus(
      await client.perform(
        'ChangeEngineStatus',
        { Run: running },
        { words: { look: 'erpsync engine status' } },
      ),
    );
    if (timeoutMs === undefined || answered.running === running) return engineBody(answered);
    context.note(`Waiting for the sync engine to ${running ? 'start' : 'stop'}.`);
    const { clock } = context.host;
    return engineBody(await waitForEngine(client, running, { timeoutMs, clock }));
  });
}

/** The outcome as a sentence. */
export function engineInWords(result: Awaited<ReturnType<typeof switchEngine>>, wanted: boolean): string {
  if ('method' in result) {
    return `Dry run, nothing was sent.\n\n${result.method} ${result.url}\n${JSON.stringify(result.body)}`;
  }
  if (result.running === wanted) return wanted ? 'The sync engine runs.' : 'The sync engine has stopped.';
  return wanted
    ? 'The sync engine was asked to start, and does not run yet; --wait waits for it.'
    : 'The sync engine was asked to stop, and still runs; --wait waits for it.';
}
