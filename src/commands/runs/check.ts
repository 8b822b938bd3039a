import { defineCommand } from '../../cli/define.ts';
import { optional } from '../../cli/flags.ts';
import { duration, text } from '../../cli/values.ts';
import { unwritable } from '../../error-words.ts';
import { ErpsyncError, type ErrorParts, errorValue, systemErrorCode } from '../../errors.ts';
import { replaceFile } from '../../files/replaced-file.ts';
import { prometheusText } from '../../output/prometheus.ts';
import { isHeldHere } from '../../resync/owner-set.ts';
import type { RunHeader } from '../../resync/run-header.ts';
import { type ReadRun, readRuns } from '../../resync/run-search.ts';
import { runPlace } from '../run-place.ts';
import { runGauges } from './run-gauges.ts';
import { countsInWords, runItem, wentWell } from './shown-run.ts';

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
    name: optional(text('name', 'run-name'), 'only runs of this name'),
    prometheus: optional(
      text('file'),
      "also write the last runs' figures to a file, as the node exporter of Prometheus reads it",
    ),
  },
  examples: [
    { run: 'erpsync runs check --newer-than 26h', why: 'after a nightly run' },
    { run: 'erpsync runs check --prometheus erpsync.prom', why: 'for the textfile collector of Prometheus' },
  ],
  exitCodes: [6],
  async run({ newerThan, name, prometheus }, context) {
    const { profile } = context.globals;
    const wanted = (header: RunHeader): boolean =>
      (profile === undefined || header.profile === profile) && (name === undefined || header.name === name);
    const { runs, problems } = await readRuns(runPlace(context), wanted);
    for (const { message } of problems) context.warn(`warning: ${message}`);
    const ended = runs.filter(({ run, ledger }) => ledger.exportedTo === null && !isHeldHere(run.lock));
    if (prometheus !== undefined) await writeFigures(prometheus, ended);
    const last = newerThan === undefined ? ended.at(-1) : (ended.findLast(wentWell) ?? ended.at(-1));
    const problem = faultOf(ended, problems, newerThan, context.host.clock.now());
    const error =
      problem === undefined
        ? null
        : new ErpsyncError('rejected', { ...problem, next: 'see: erpsync runs list' });
    const shown = last === undefined ? null : runItem(last.run, last.ledger);
    return { last: shown, exitCode: error?.exitCode ?? 0, error: error && errorValue(error) };
  },
  render: ({ last, error }) =>
    last === null || error !== null ? '' : `Run ${last.name ?? last.id} went well: ${countsInWords(last)}.`,
});

type Fault = Pick<ErrorParts, 'what' | 'why'>;

/** The first thing that is wrong. A run that cannot be read may be the one that counts. */
function faultOf(
  runs: readonly ReadRun[],
  [unreadable]: readonly ErpsyncError[],
  newerThan: number | undefined,
  now: number,
): Fault | undefined {
  if (unreadable !== undefined && newerThan === undefined)
    return { what: 'a run cannot be judged', why: unreadable.message };
  const last = runs.at(-1);
  if (last === undefined)
    return { what: 'there is no run', why: 'none of those that are meant is kept here' };
  const faults = linesOf(runs, last).map((line) => lineFault(line, newerThan, now));
  return faults.find((each) => each !== undefined);
}

/** The runs that follow each other up to the last one, oldest first: one line, or one for each part. */
function linesOf(
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

function lineFault(line: readonly ReadRun[], newerThan: number | undefined, now: number): Fault | undefined {
  const judged = newerThan === undefined ? line.at(-1) : (line.findLast(wentWell) ?? line.at(-1));
  if (judged === undefined) return undefined;
  const item = runItem(judged.run, judged.ledger);
  const run = `run ${item.name ?? item.id}`;
  if (!wentWell(judged)) return { what: `${run} did not go well`, why: countsInWords(item) };
  const age = now - Date.parse(item.lastAt ?? item.createdAt);
  if (newerThan === undefined || age <= newerThan) return undefined;
  const why = `it ended ${ageInWords(age)} ago, and is the last one that went well`;
  return { what: `${run} is too old`, why };
}

/** An age (ms) in its fitting unit, cut off. */
function ageInWords(age: number): string {
  if (age < 60_000) return `${Math.floor(age / 1_000)} s`;
  return age < 3_600_000 ? `${Math.floor(age / 60_000)} min` : `${Math.floor(age / 3_600_000)} h`;
}

/** Others than the owner read it: the exporter has a user of its own. */
async function writeFigures(file: string, runs: readonly ReadRun[]): Promise<void> {
  try {
    await replaceFile(file, prometheusText(runGauges(runs)), { mode: 0o644 });
  } catch (cause) {
    if (systemErrorCode(cause) === undefined) throw cause;
    const next = 'give --prometheus a path in a directory that can be written';
    throw unwritable('storage', `--prometheus ${file}`, cause, next);
  }
}
