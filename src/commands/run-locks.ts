/** The locks of a run: one for the tenant, against two runs at once, and one for the run, against two resumes. */
import type { Context } from '../cli/context.ts';
import { ErpsyncError } from '../errors.ts';
import { type HeldLock, takeLock, tenantLock } from '../resync/owner-set.ts';
import type { RunHeader } from '../resync/run-header.ts';
import type { RunPlace, StoredRun } from '../resync/run-store.ts';

/** What was said about locks. */
export interface LockManner {
  /** How long to wait for others (ms). */
  readonly lockWait: number | undefined;
  readonly noLock: boolean;
}

interface LockJob {
  readonly place: RunPlace;
  readonly header: RunHeader;
  /** The run itself where it exists already: it is locked, too. */
  readonly existing: StoredRun | undefined;
  readonly manner: LockManner;
  readonly context: Context;
  readonly interruption: AbortSignal;
}

/** @returns the locks, or why one could not be had; nothing is held then */
export async function holdLocks(job: LockJob): Promise<readonly HeldLock[] | ErpsyncError> {
  const { place, header, existing, manner, context, interruption } = job;
  const held: HeldLock[] = [];
  const wishes = [
    ...(existing ? [{ ...existing.lock, shard: null, waitMs: 0 }] : []),
    ...(manner.noLock
      ? []
      : [{ ...tenantLock(place, header.tenant), shard: header.shard, waitMs: manner.lockWait ?? 0 }]),
  ];
  try {
    for (const { waitMs, ...wish } of wishes) {
      const lock = await takeLock(
        { ...wish, run: header.id },
        {
          waitMs,
          signal: interruption,
          onWait: (holder) => context.note(`Waiting for ${holder}.`),
        },
      );
      held.push(lock);
    }
    return held;
  } catch (error) {
    for (const lock of held) lock.release();
    if (error instanceof ErpsyncError) return error;
    if (interruption.aborted) {
      return new ErpsyncError('interrupted', 'it was waiting for another run');
    }
    throw error;
  }
}
