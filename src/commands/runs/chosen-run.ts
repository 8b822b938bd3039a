/** Which run a command means: by its id or name, or the latest one. */
import type { Context } from '../../cli/context.ts';
import { optionalArgument, toggle } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { excluding, missing } from '../../error-words.ts';
import type { ErpsyncError } from '../../errors.ts';
import { latestRun } from '../../resync/run-search.ts';
import { findRun, type StoredRun } from '../../resync/run-store.ts';
import { runPlace } from '../run-place.ts';

/** The run as an argument. */
export const runArgument = optionalArgument(text('run', 'run'), 'its id or name');
/** Its flag. */
export const latestFlag = toggle('the latest run, of the profile of --profile if it is given');

/** @throws ErpsyncError (usage) for none, for both, and for one that there is not */
export async function chosenRun(
  wanted: string | undefined,
  latest: boolean,
  context: Context,
): Promise<StoredRun> {
  const place = runPlace(context);
  if (wanted !== undefined && latest) throw twoRuns();
  if (wanted !== undefined) return await findRun(place, wanted);
  if (latest) return await latestRun(place, { profile: context.globals.profile, unfinished: false });
  throw noRunNamed();
}

/** The error for a run that is named while `--latest` names another one. */
export function twoRuns(): ErpsyncError {
  return excluding(['<run>', '--latest'], 'each of them names a run');
}

/** The error for a command line that names no run. */
export function noRunNamed(): ErpsyncError {
  const next = 'give its id or name, or --latest; see which there are: erpsync runs list';
  return missing('<run>', 'which run is meant is not said', next);
}
