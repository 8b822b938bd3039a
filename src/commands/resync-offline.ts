/** `force-resync --dry-run --offline`: what cannot be planned without asking the server is refused. */
import type { ConnectionFlags } from '../cli/connection-flags.ts';
import type { Context } from '../cli/context.ts';
import type { PlannedPlace } from '../cli/offline-place.ts';
import { excluding, unusable } from '../error-words.ts';

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
    throw unusable('--offline', 'nothing at all is sent with it, not even the resync', 'add --dry-run');
  if (connectionName !== undefined) {
    const next = 'give the number of the connection with --connection, or leave out --offline';
    throw excluding(['--offline', '--connection-name'], 'the name is looked up on the server', next);
  }
  const { company, person, project, sale } = records;
  const named = Object.entries({ company, person, project, sale }).find(([, list]) => list.length > 0);
  if (named !== undefined) {
    const next = 'give internal keys with --ids, or leave out --offline';
    throw excluding(['--offline', `--${named[0]}`], 'the keys of records are looked up on the server', next);
  }
}

/** Where the requests would go; its module is loaded here alone. */
export async function placeOffline(context: Context, flags: ConnectionFlags): Promise<PlannedPlace> {
  const { offlinePlace } = await import('../cli/offline-place.ts');
  return await offlinePlace(context, flags);
}
