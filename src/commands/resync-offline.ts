/** `force-resync --dry-run --offline`: what cannot be planned without asking the server is refused. */
import type { ConnectionFlags } from '../cli/connection-flags.ts';
import type { Context } from '../cli/context.ts';
import type { PlannedPlace } from '../cli/offline-place.ts';
import { usageError } from '../errors.ts';

/** What decides whether a plan can be made offline. */
export interface OfflineWish {
  readonly offline: boolean;
  readonly dryRun: boolean;
  readonly connectionName: string | undefined;
  readonly company: readonly string[];
  readonly person: readonly string[];
  readonly project: readonly string[];
  readonly sale: readonly string[];
}

/** @throws ErpsyncError (usage) naming what has to be asked for, and what to give in its place */
export function checkOffline({ offline, dryRun, connectionName, ...records }: OfflineWish): void {
  if (!offline) return;
  if (!dryRun)
    throw usageError('--offline sends nothing at all, not even the resync', 'it goes with --dry-run');
  if (connectionName !== undefined) {
    const hint = 'give the number of the connection with --connection, or leave out --offline';
    throw usageError('--offline asks nobody, and --connection-name is looked up on the server', hint);
  }
  const { company, person, project, sale } = records;
  const named = Object.entries({ company, person, project, sale }).find(([, list]) => list.length > 0);
  if (named !== undefined) {
    const hint = 'give internal keys with --ids, or leave out --offline';
    throw usageError(
      `--offline asks nobody, and the keys behind --${named[0]} are looked up on the server`,
      hint,
    );
  }
}

/** Where the requests would go; its module is loaded here alone. */
export async function placeOffline(context: Context, flags: ConnectionFlags): Promise<PlannedPlace> {
  const { offlinePlace } = await import('../cli/offline-place.ts');
  return await offlinePlace(context, flags);
}
