import { engineStatus } from '../../agent/engine.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { withSession } from '../../cli/with-session.ts';
import { details } from '../../output/details.ts';
import { durationInWords, engineBody } from './shown-engine.ts';

export default defineCommand({
  path: ['engine', 'status'],
  summary: 'show whether the sync engine runs',
  effect: 'read',
  arguments: {},
  flags: connectionFlags,
  examples: [
    { run: 'erpsync engine status', why: 'whether it runs, what it does, how often' },
    { run: 'erpsync engine status -o json', why: 'the same for a script' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run(given, context) {
    return await withSession(context, given, 'read', async ({ client }) =>
      engineBody(engineStatus(await client.read('GetEngineStatus', {}))),
    );
  },
  render({ running, message, intervalSeconds }, style) {
    const state = running === null ? 'the server does not say' : running ? 'yes' : 'no';
    return details(
      [
        ['running', state],
        ['status', message ?? ''],
        ['interval', intervalSeconds === null ? 'unknown' : durationInWords(intervalSeconds * 1_000)],
      ],
      style,
    );
  },
});
