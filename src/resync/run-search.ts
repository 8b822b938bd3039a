/** Runs by what their journals say. */
import { ErpsyncError, usageError } from '../errors.ts';
import type { Ledger } from './ledger.ts';
import type { RunHeader } from './run-header.ts';
import { listRuns, type RunPlace, runsDirectory, type StoredRun } from './run-store.ts';

/** A run, and how it stands. */
export interface ReadRun {
  readonly run: StoredRun;
  readonly ledger: Ledger;
}

/**
 * The runs that are wanted and how they stand, in the order in which they were started. What cannot be read is
 * told apart, so that it does not hide the others.
 *
 * @throws ErpsyncError (config) for an unsafe directory
 */
export async function readRuns(
  place: RunPlace,
  wanted: (header: RunHeader) => boolean,
): Promise<{ readonly runs: readonly ReadRun[]; readonly problems: readonly ErpsyncError[] }> {
  const listed = await listRuns(place);
  const problems = [...listed.problems];
  const runs: ReadRun[] = [];
  for (const run of listed.runs.filter(({ header }) => wanted(header)).toSorted(byStart)) {
    try {
      runs.push({ run, ledger: await run.readLedger() });
    } catch (error) {
      if (!(error instanceof ErpsyncError)) throw error;
      problems.push(error);
    }
  }
  return { runs, problems };
}

/** Which run is meant by `--latest`. */
export interface LatestWish {
  /** Only runs of this profile; undefined: of any. */
  readonly profile: string | null | undefined;
  /** Only runs that a plain resume has something to do for, and that go on here. */
  readonly unfinished: boolean;
}

/**
 * The run that was started last.
 *
 * @throws ErpsyncError (usage) when there is none
 */
export async function latestRun(place: RunPlace, { profile, unfinished }: LatestWish): Promise<StoredRun> {
  const isMeant = (header: RunHeader): boolean => profile === undefined || header.profile === profile;
  const latest = unfinished
    ? (await readRuns(place, isMeant)).runs.findLast(({ ledger }) => isUnfinished(ledger))?.run
    : (await listRuns(place)).runs
        .filter(({ header }) => isMeant(header))
        .toSorted(byStart)
        .at(-1);
  if (latest) return latest;
  const which = unfinished ? 'unfinished run' : 'run';
  const whose = typeof profile === 'string' ? ` of profile ${JSON.stringify(profile)}` : '';
  const left = unfinished ? ' that has anything left to send or to find out' : '';
  throw usageError({
    what: `there is no ${which}${whose}`,
    why: `${runsDirectory(place)} holds none${left}`,
    next: 'see: erpsync runs list',
  });
}

function byStart({ header: one }: StoredRun, { header: other }: StoredRun): number {
  return one.createdAt < other.createdAt ? -1 : Number(one.createdAt > other.createdAt);
}

function isUnfinished({ finished, exportedTo }: Ledger): boolean {
  return !finished && exportedTo === null;
}
