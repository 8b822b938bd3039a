/** The locks of a run: one for the tenant, against two runs at once, and one for the run, against two at it. */
import type { Context } from '../cli/context.ts';
import { ErpsyncError } from '../errors.ts';
import { type HeldLock, type LockWish, takeLock, tenantLock } from '../resync/owner-set.ts';
import type { RunHeader } from '../resync/run-header.ts';
import type { RunPlace, StoredRun } from '../resync/run-store.ts';

/** What was said about locks. */
export interface LockManner {
  /** How long to wait for others (ms). */
  readonly lockWait: number | undefined;
  /** Others at the same tenant do not matter; others at the same run do. */
  readonly noLock: boolean;
}

/** The locks that a command holds; a lock that cannot be had is returned as the reason, not thrown. */
export interface RunLocks extends HeldLock {
  holdTenant(place: RunPlace, header: RunHeader): Promise<ErpsyncError | undefined>;
  holdRun(run: StoredRun): Promise<ErpsyncError | undefined>;
}

/**
 * A lock is looked at again after so long (ms of the time of day, which also goes on while a machine sleeps):
 * nobody takes one over that has not stood still for much longer.
 */
const checkMs = 100;

/** None is held yet. */
export function runLocks(manner: LockManner, context: Context, interruption: AbortSignal): RunLocks {
  const held: HeldLock[] = [];
  const { clock } = context.host;
  let checkedAt = Number.NEGATIVE_INFINITY;
  async function hold(wish: LockWish): Promise<ErpsyncError | undefined> {
    try {
      const lock = await takeLock(wish, {
        waitMs: manner.lockWait ?? 0,
        signal: interruption,
        onWait: (holder) => context.note(`Waiting for ${holder}.`),
      });
      held.push(lock);
      return undefined;
    } catch (error) {
      if (error instanceof ErpsyncError) return error;
      if (interruption.aborted)
        return new ErpsyncError('interrupted', {
          what: 'the run was not begun',
          why: 'it was waiting for another run',
          next: 'run the same command again',
        });
      throw error;
    }
  }
  return {
    async holdTenant(place, { id, tenant, shard }) {
      return manner.noLock ? undefined : await hold({ ...tenantLock(place, tenant), run: id, shard });
    },
    holdRun: ({ lock, header }) => hold({ ...lock, run: header.id, shard: null }),
    check() {
      const now = clock.now();
      if (Math.abs(now - checkedAt) < checkMs) return;
      checkedAt = now;
      for (const lock of held) lock.check();
    },
    release() {
      for (const lock of held) lock.release();
    },
  };
}
