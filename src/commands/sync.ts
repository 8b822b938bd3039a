import { connectionFlags } from '../cli/connection-flags.ts';
import { defineCommand } from '../cli/define.ts';
import { toggle } from '../cli/flags.ts';
import { withSession } from '../cli/with-session.ts';
import { printable } from '../output/json.ts';
import { inEnglish } from '../resync/names.ts';

/** The server answers when the sync is done (ms). */
const timeoutMs = 10 * 60_000;

export default defineCommand({
  path: ['sync'],
  summary: 'sync all active connections now, as the sync engine would',
  description: [
    'The server works while the request waits; without --timeout it may take 10m. A sync whose answer was lost',
    'may still go on: exit code 11.',
  ],
  effect: 'write',
  arguments: {},
  flags: {
    force: toggle('even when automatic sync is off'),
    dryRun: toggle('show the request and send nothing'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync sync', why: 'an ordinary sync, by timestamps, both ways' },
    {
      run: 'erpsync sync --force --timeout 30m',
      why: 'also when the engine is switched off, with half an hour for it',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ force, dryRun, ...flags }, context) {
    const operation = force ? 'ForceSyncAll' : 'SyncAll';
    return await withSession(
      context,
      flags,
      dryRun ? 'read' : 'write',
      async ({ client }) => {
        if (dryRun) {
          return {
            status: 'dry-run' as const,
            operation,
            method: 'POST',
            url: client.transport.addressOf(operation),
          };
        }
        const answer = await client.perform(operation, {}, { words: { look: 'erpsync log' } });
        return {
          status: 'ok' as const,
          operation,
          explanation: inEnglish(answer?.UserExplanation ?? ''),
          technicalExplanation: answer?.TechExplanation ?? '',
          quoteStatus: answer?.Status ?? null,
          changes: {
            added: answer?.Changes?.AddedRecords?.length ?? 0,
            updated: answer?.Changes?.UpdatedRecords?.length ?? 0,
            deleted: answer?.Changes?.DeletedRecords?.length ?? 0,
          },
        };
      },
      timeoutMs,
    );
  },
  render(result) {
    if ('method' in result) return `Dry run, nothing was sent.\n\n${result.method} ${result.url}`;
    const { explanation, changes } = result;
    const { added, updated, deleted } = changes;
    const said = explanation === '' ? '' : ` ${explanation}`;
    return printable(`Synced: ${added} records added, ${updated} updated, ${deleted} deleted.${said}`);
  },
});
