import { usageError } from '../errors.ts';
import { listRuns, type RunPlace, type StoredRun } from './run-store.ts';

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
 * @throws ErpsyncError (usage) when there is none, (config) when its journal cannot be read
 */
export async function latestRun(place: RunPlace, wish: LatestWish): Promise<StoredRun> {
  const { runs } = await listRuns(place);
  const { profile, unfinished } = wish;
  for (const run of runs.toSorted(byStart).toReversed()) {
    if (profile !== undefined && run.header.profile !== profile) continue;
    if (!unfinished || (await isUnfinished(run))) return run;
  }
  const which = unfinished ? 'unfinished run' : 'run';
  const whose = typeof profile === 'string' ? ` of profile ${JSON.stringify(profile)}` : '';
  throw usageError(`there is no ${which}${whose}`, 'see: erpsync runs list');
}

function byStart({ header: one }: StoredRun, { header: other }: StoredRun): number {
  return one.createdAt < other.createdAt ? -1 : Number(one.createdAt > other.createdAt);
}

async function isUnfinished(run: StoredRun): Promise<boolean> {
  const ledger = await run.readLedger();
  return !ledger.finished && ledger.exportedTo === null;
}
