import { defineCommand } from '../../cli/define.ts';
import { optional } from '../../cli/flags.ts';
import { duration, text } from '../../cli/values.ts';
import { ErpsyncError, errorValue } from '../../errors.ts';
import { isHeldHere } from '../../resync/owner-set.ts';
import type { RunHeader } from '../../resync/run-header.ts';
import { type ReadRun, readRuns } from '../../resync/run-search.ts';
import { runPlace } from '../run-place.ts';
import { countsInWords, runItem } from './shown-run.ts';

export default defineCommand({
  path: ['runs', 'check'],
  summary: 'fail when the last run did not go well, or is too old: for monitoring',
  description: [
    'A run went well when all of its keys were accepted. Exit code 0, or 6 with one line that says what is wrong.',
    'Of parts (--shard i/n) each one counts. A run that is under way, or was exported, does not count; nor, if it is',
    'given, one of another profile than --profile.',
  ],
  effect: 'read',
  arguments: {},
  flags: {
    newerThan: optional(
      duration(),
      'instead: fail when the last run that went well is older than this, such as 26h',
    ),
    name: optional(text('name'), 'only runs of this name'),
  },
  examples: [{ run: 'erpsync runs check --newer-than 26h', why: 'after a nightly run' }],
  exitCodes: [6],
  async run({ newerThan, name }, context) {
    const { profile } = context.globals;
    const wanted = (header: RunHeader): boolean =>
      (profile === undefined || header.profile === profile) && (name === undefined || header.name === name);
    const { runs, problems } = await readRuns(runPlace(context), wanted);
    for (const { message } of problems) context.warn(`warning: ${message}`);
    const ended = runs.filter(({ run, ledger }) => ledger.exportedTo === null && !isHeldHere(run.lock));
    const last = ended.at(-1);
    const now = context.host.clock.now();
    const faults =
      last === undefined
        ? ['there is no run']
        : lines(ended, last).map((line) => fault(line, newerThan, now));
    const problem = faults.find((each) => each !== undefined);
    const error =
      problem === undefined
        ? null
        : new ErpsyncError('rejected', problem, { hint: 'see: erpsync runs list' });
    const shown = last === undefined ? null : runItem(last.run, last.ledger);
    return { last: shown, exitCode: error?.exitCode ?? 0, error: error && errorValue(error) };
  },
  render: ({ last, error }) =>
    last === null || error !== null ? '' : `Run ${last.name ?? last.id} went well: ${countsInWords(last)}.`,
});

/** The runs that follow each other up to the last one, oldest first: one line, or one for each part. */
function lines(
  runs: readonly ReadRun[],
  { run: { header: last } }: ReadRun,
): readonly (readonly ReadRun[])[] {
  if (last.shard === null) return [runs];
  const parts = new Map<number, ReadRun[]>();
  for (const each of runs) {
    const { shard, tenant, source } = each.run.header;
    if (shard?.count !== last.shard.count || tenant !== last.tenant) continue;
    if (source.connectionId !== last.source.connectionId) continue;
    parts.set(shard.index, [...(parts.get(shard.index) ?? []), each]);
  }
  return [...parts.values()];
}

function fault(line: readonly ReadRun[], newerThan: number | undefined, now: number): string | undefined {
  const judged = newerThan === undefined ? line.at(-1) : (line.findLast(wentWell) ?? line.at(-1));
  if (judged === undefined) return undefined;
  const { header } = judged.run;
  const run = `run ${header.name ?? header.id}`;
  const item = runItem(judged.run, judged.ledger);
  if (!wentWell(judged)) return `${run} did not go well: ${countsInWords(item)}`;
  const age = now - Date.parse(item.lastAt ?? item.createdAt);
  if (newerThan === undefined || age <= newerThan) return undefined;
  return `${run} is too old: it ended ${Math.floor(age / 3_600_000)} h ago, and none went well since`;
}

function wentWell({ ledger }: ReadRun): boolean {
  const { accepted: _, done: __, unconfirmed: ___, ...bad } = ledger.count();
  return Object.values(bad).every((count) => count === 0);
}
