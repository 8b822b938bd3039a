import { defineCommand } from '../../cli/define.ts';
import { optional } from '../../cli/flags.ts';
import { duration, text } from '../../cli/values.ts';
import { ErpsyncError, errorValue } from '../../errors.ts';
import { listRuns } from '../../resync/run-store.ts';
import { runPlace } from '../run-place.ts';
import { countsInWords, type RunItem, runItem } from './shown-run.ts';

export default defineCommand({
  path: ['runs', 'check'],
  summary: 'fail when the last run did not go well, or is too old: for monitoring',
  description: [
    'A run went well when all of its keys were accepted. Exit code 0, or 6 with one line that says what is wrong.',
    'Only runs of the profile of --profile are looked at, if it is given.',
  ],
  effect: 'read',
  arguments: {},
  flags: {
    newerThan: optional(duration(), 'the last good run has to be newer than this: 26h'),
    name: optional(text('name'), 'only runs of this name'),
  },
  examples: [{ run: 'erpsync runs check --newer-than 26h', why: 'after a nightly run' }],
  exitCodes: [6],
  async run({ newerThan, name }, context) {
    const { runs, problems } = await listRuns(runPlace(context));
    for (const { message } of problems) context.warn(`warning: ${message}`);
    const { profile } = context.globals;
    const items: RunItem[] = [];
    for (const run of runs) {
      const { header } = run;
      if (profile !== undefined && header.profile !== profile) continue;
      if (name !== undefined && header.name !== name) continue;
      items.push(runItem(run, await run.readLedger()));
    }
    const last = items.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)).at(-1);
    const problem = problemOf(last, newerThan, context.host.clock.now());
    const error =
      problem === undefined
        ? null
        : new ErpsyncError('rejected', problem, { hint: 'see: erpsync runs list' });
    return { last: last ?? null, exitCode: error?.exitCode ?? 0, error: error && errorValue(error) };
  },
  render: ({ last, error }) =>
    last === null || error !== null ? '' : `Run ${last.name ?? last.id} went well: ${countsInWords(last)}.`,
});

function problemOf(
  last: RunItem | undefined,
  newerThan: number | undefined,
  now: number,
): string | undefined {
  if (last === undefined) return 'there is no run';
  const run = `run ${last.name ?? last.id}`;
  const { accepted, done, unconfirmed, ...others } = last.counts;
  const bad = Object.entries(others).filter(([, count]) => count > 0);
  if (bad.length > 0) return `${run} did not go well: ${countsInWords(last)}`;
  const age = now - Date.parse(last.lastAt ?? last.createdAt);
  if (newerThan === undefined || age <= newerThan) return undefined;
  return `${run} is too old: it ended ${Math.floor(age / 3_600_000)} h ago`;
}
