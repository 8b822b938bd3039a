import { formatClock, parseTimeSpan } from '../../agent/timespan.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, toggle } from '../../cli/flags.ts';
import { duration } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { unusable } from '../../error-words.ts';
import { durationInWords } from './shown-engine.ts';

/** A duration in ms as people write it (`15m`) or as the wire does (`00:15:00`, `PT15M`). The server keeps whole seconds. */
const interval = {
  placeholder: 'duration',
  parse(given: string, where: string): number {
    const ms = parseTimeSpan(given) ?? duration().parse(given, where);
    if (ms >= 1_000 && ms % 1_000 === 0) return ms;
    throw unusable(where, `${JSON.stringify(given)} is not a number of whole seconds`, 'give 1s or more');
  },
};

export default defineCommand({
  path: ['engine', 'interval'],
  summary: 'set the time between two rounds of the sync engine',
  effect: 'write',
  arguments: { interval: argument(interval, 'a duration: 15m, 1h, 00:15:00 or PT15M') },
  flags: { dryRun: toggle('show the request and send nothing'), ...connectionFlags },
  examples: [
    { run: 'erpsync engine interval 15m', why: 'a round every quarter of an hour' },
    { run: 'erpsync engine interval 1h --dry-run', why: 'show the request that would set an hour' },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ interval: ms, dryRun, ...flags }, context) {
    return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
      const facts = { interval: formatClock(ms), intervalSeconds: ms / 1_000 };
      const body = { Interval: facts.interval };
      if (dryRun) {
        const url = client.transport.addressOf('ChangeEngineInterval');
        return { status: 'dry-run' as const, ...facts, plan: { method: 'POST', url, body } };
      }
      await client.perform('ChangeEngineInterval', body, { words: { look: 'erpsync engine status' } });
      return { status: 'ok' as const, ...facts, plan: null };
    });
  },
  render(result) {
    const { plan } = result;
    if (plan) return `Dry run, nothing was sent.\n\n${plan.method} ${plan.url}\n${JSON.stringify(plan.body)}`;
    return `The sync engine now starts a round every ${durationInWords(result.intervalSeconds * 1_000)}.`;
  },
});
