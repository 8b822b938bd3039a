import { defineCommand } from '../../cli/define.ts';
import { toggle, withDefault } from '../../cli/flags.ts';
import { unusable } from '../../error-words.ts';
import { pruneRuns } from '../../resync/run-pruning.ts';
import { runPlace } from '../run-place.ts';

const days = {
  placeholder: 'days',
  parse(given: string, where: string): number {
    const number = Number(/^([0-9]{1,5})d$/.exec(given)?.[1] ?? Number.NaN);
    if (number >= 0) return number * 24 * 60 * 60_000;
    throw unusable(where, `${JSON.stringify(given)} is no number of days`, 'write it as 90d');
  },
};

export default defineCommand({
  path: ['runs', 'prune'],
  summary: 'remove finished runs that are old',
  description: ['Every new run does that with 90 days. A run that is not finished is never removed.'],
  effect: 'write',
  arguments: {},
  flags: {
    olderThan: withDefault(days, '90d', 'those in which nothing happened for so long'),
    dryRun: toggle('tell which they are and remove none'),
  },
  examples: [
    { run: 'erpsync runs prune --older-than 30d', why: 'keep a month' },
    { run: 'erpsync runs prune --older-than 30d --dry-run -o json', why: 'which runs that would remove' },
  ],
  async run({ olderThan, dryRun }, context) {
    const removed = await pruneRuns(runPlace(context), {
      now: context.host.clock.now(),
      olderThanMs: olderThan,
      dryRun,
    });
    return { dryRun, removed: removed.map(({ header }) => header.id) };
  },
  render: ({ removed, dryRun }) =>
    `${dryRun ? 'Would remove' : 'Removed'} ${removed.length} ${removed.length === 1 ? 'run' : 'runs'}.`,
});
