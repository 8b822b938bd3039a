/** Where the runs of this machine are. */
import type { Context } from '../cli/context.ts';
import type { RunPlace } from '../resync/run-store.ts';
import { stateDirectory } from '../resync/state-directory.ts';

/** @throws ErpsyncError (config) when the home directory is needed and not known */
export function runPlace({ host }: Pick<Context, 'host'>): RunPlace {
  return { directory: stateDirectory(host), uid: host.uid };
}
