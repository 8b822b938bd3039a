import { defineCommand } from '../../cli/define.ts';
import { toggle } from '../../cli/flags.ts';
import { table } from '../../output/table.ts';
import { listRuns } from '../../resync/run-store.ts';
import { runPlace } from '../run-place.ts';
import { countsInWords, type RunItem, runItem } from './shown-run.ts';

export default defineCommand({
  path: ['runs', 'list'],
  summary: 'list the runs of this machine',
  effect: 'read',
  arguments: {},
  flags: { unfinished: toggle('only those that have something left to send, or to find out') },
  examples: [
    { run: 'erpsync runs list', why: 'all runs, the oldest first' },
    { run: 'erpsync runs list --unfinished', why: 'what could be resumed' },
  ],
  idColumn: 'id',
  async run({ unfinished }, context) {
    const { runs, problems } = await listRuns(runPlace(context));
    for (const { message } of problems) context.warn(`warning: ${message}`);
    const items: RunItem[] = [];
    for (const run of runs) {
      if (context.globals.profile !== undefined && run.header.profile !== context.globals.profile) continue;
      const item = runItem(run, await run.readLedger());
      if (!unfinished || item.standing === 'unfinished') items.push(item);
    }
    return { items };
  },
  render({ items }, style) {
    if (items.length === 0) return 'No run.';
    return table(
      items,
      [
        { heading: 'id', cell: ({ id }) => id },
        { heading: 'name', cell: ({ name }) => name ?? '' },
        { heading: 'profile', cell: ({ profile }) => profile ?? '' },
        { heading: 'source', cell: ({ source }) => source.words },
        { heading: 'keys', cell: ({ keys }) => (keys === null ? 'every record' : String(keys)) },
        { heading: 'standing', cell: ({ standing }) => standing },
        { heading: 'so far', cell: (item) => countsInWords(item) },
      ],
      style,
    );
  },
});
