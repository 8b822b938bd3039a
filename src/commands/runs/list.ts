import { defineCommand } from '../../cli/define.ts';
import { toggle } from '../../cli/flags.ts';
import { table } from '../../output/table.ts';
import { timeForPeople } from '../../output/time-for-people.ts';
import type { RunHeader } from '../../resync/run-header.ts';
import { readRuns } from '../../resync/run-search.ts';
import { runPlace } from '../run-place.ts';
import { countsInWords, runItem } from './shown-run.ts';

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
    const { profile } = context.globals;
    const wanted = (header: RunHeader): boolean => profile === undefined || header.profile === profile;
    const { runs, problems } = await readRuns(runPlace(context), wanted);
    for (const { message } of problems) context.warn(`warning: ${message}`);
    const items = runs
      .map(({ run, ledger }) => runItem(run, ledger))
      .filter(({ standing }) => !unfinished || standing === 'unfinished');
    return { items };
  },
  render({ items }, style) {
    if (items.length === 0) return 'No run.';
    return table(
      items,
      [
        { heading: 'id', cell: ({ id }) => id, whole: true },
        { heading: 'name', cell: ({ name }) => name ?? '' },
        { heading: 'started', cell: ({ createdAt }) => timeForPeople(createdAt), whole: true },
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
