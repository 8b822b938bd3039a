import { rmdir } from 'node:fs/promises';
import { ErpsyncError } from '../errors.ts';
import { takeLock } from './owner-set.ts';
import { runIdTime } from './run-id.ts';
import { listRuns, type RunPlace, removeRun, type StoredRun } from './run-store.ts';

/** Finished runs are kept for so long (ms): 90 days. */
export const keptMs = 90 * 24 * 60 * 60 * 1000;

/** Which runs are removed. */
interface Pruning {
  /** The time of day, in ms since 1970. */
  readonly now: number;
  /** Those in which nothing happened for so long (ms). */
  readonly olderThanMs?: number;
  /** Removes none, but tells the same. */
  readonly dryRun?: boolean;
}

/**
 * Removes runs that are finished, or go on elsewhere, and in which nothing happened for so long. Others are
 * never removed, nor what cannot be read, nor a run that somebody works on.
 *
 * @returns the runs that were removed
 * @throws ErpsyncError (storage) when one cannot be removed
 */
export async function pruneRuns(
  place: RunPlace,
  { now, olderThanMs = keptMs, dryRun = false }: Pruning,
): Promise<readonly StoredRun[]> {
  const removed: StoredRun[] = [];
  const before = now - olderThanMs;
  // Younger ones need not be read: this is the end of every run.
  const { runs } = await listRuns(place, (id) => id.slice(0, runIdTime(before).length) <= runIdTime(before));
  for (const run of runs) {
    if (!(await isOver(run, before))) continue;
    const lock = await takeLock({ ...run.lock, run: run.header.id, shard: null }, { waitMs: 0 }).catch(
      unlessLocked,
    );
    if (!lock) continue;
    try {
      // Somebody may have resumed it between the look and the lock.
      if (await isOver(run, before)) {
        if (!dryRun) await removeRun(run);
        removed.push(run);
      }
    } finally {
      lock.release();
      // Stays where somebody else took the lock meanwhile.
      if (!dryRun) await rmdir(run.lock.directory).catch(() => undefined);
    }
  }
  return removed;
}

async function isOver(run: StoredRun, before: number): Promise<boolean> {
  try {
    const ledger = await run.readLedger();
    const last = Date.parse(ledger.lastAt ?? run.header.createdAt);
    return (ledger.finished || ledger.exportedTo !== null) && last < before;
  } catch (error) {
    if (error instanceof ErpsyncError) return false;
    throw error;
  }
}

function unlessLocked(error: unknown): undefined {
  if (!(error instanceof ErpsyncError) || error.code !== 'locked') throw error;
}
