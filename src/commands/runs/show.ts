import { defineCommand } from '../../cli/define.ts';
import { shellWord } from '../../files/shell-word.ts';
import { details } from '../../output/details.ts';
import { timeForPeople } from '../../output/time-for-people.ts';
import { chosenRun, latestFlag, runArgument } from './chosen-run.ts';
import { countsInWords, type RunItem, runItem, shownCounts } from './shown-run.ts';

export default defineCommand({
  path: ['runs', 'show'],
  summary: 'show one run: what it was to do, and how far it is',
  effect: 'read',
  arguments: { run: runArgument },
  flags: { latest: latestFlag },
  examples: [
    { run: 'erpsync runs show --latest', why: 'the run that was started last' },
    { run: 'erpsync runs show nightly -o json', why: 'a named run, for a script' },
  ],
  async run({ run: wanted, latest }, context) {
    const run = await chosenRun(wanted, latest, context);
    const ledger = await run.readLedger();
    const item = runItem(run, ledger);
    const next = nextStep(item);
    const { transport, chunkSize, shard, settings, program } = run.header;
    const requests = shownCounts(
      ledger.count(() => 1),
      item.standing,
    );
    const { exportedTo, notes } = ledger;
    const more = { transport, chunkSize, shard, settings, program, requests, exportedTo, notes, next };
    return { ...item, ...more, directory: run.directory };
  },
  render(run, style) {
    return details(
      [
        ['id', run.id],
        ['name', run.name ?? ''],
        ['profile', run.profile ?? ''],
        ['server', run.url],
        ['operation', `${run.operation} over ${run.transport}`],
        ['source', run.source.words],
        ['keys', run.keys === null ? 'every record' : String(run.keys)],
        ['standing', run.exportedTo === null ? run.standing : `exported to ${run.exportedTo}`],
        ['so far', countsInWords(run)],
        ['started', timeForPeople(run.createdAt)],
        ['last', timeForPeople(run.lastAt ?? '')],
        ['directory', run.directory],
        ...(run.next === null ? [] : [['go on with', run.next] as const]),
      ],
      style,
    );
  },
});

/** What goes on with the run; null where nothing is left, or it goes on elsewhere. */
function nextStep({ standing, counts, name, id }: RunItem): string | null {
  if (standing === 'exported' || standing === 'running') return null;
  const resume = `erpsync resume ${shellWord(name ?? id)}`;
  if (counts.planned + counts.unsent > 0) return resume;
  if (counts.unknown > 0) return `${resume} --unknown retry`;
  if (counts.rejected > 0) return `${resume} --rejected`;
  return counts.failed > 0 ? `${resume} --failed` : null;
}
