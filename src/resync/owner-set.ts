/**
 * A lock that several owners may share: a directory with one file for each owner, `<token>.json`. Runs take
 * it for a tenant (`locks/<hash>/` below the state directory), and for themselves (`locks/run-<id>/`).
 *
 * - Who wants it looks at all owners under a guard (file-lock.ts), so two never take it at once, and
 *   removes those that have ended.
 * - An owner of this machine has ended when its process has: dead, a zombie, its pid another process's, or
 *   the machine started anew. One that cannot be looked at (another machine or container, a system without
 *   /proc) has ended when the counter in its file stood still for 60 s of the waiter's monotonic clock;
 *   the time of day is never asked. So a dead owner elsewhere is noticed only by who waits that long.
 * - Owners share it only as different shards of one n.
 * - An owner that stood still itself (a machine that slept) may have lost the lock: it asks `check` before
 *   each request. Nobody makes an owner's file again, so what is lost stays lost.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { ErpsyncError, systemErrorCode } from '../errors.ts';
import { withFileLock } from '../files/file-lock.ts';
import { makeDirectory } from '../files/file-safety.ts';
import { hasEnded, isAlive, type LockOwner, parseLockOwner, thisProcess } from '../files/lock-owner.ts';
import { storageError } from '../files/storage-error.ts';
import { jsonOf } from './json-members.ts';
import type { Shard } from './shard.ts';

/** What is locked, and for whom. */
export interface LockWish {
  /** The lock's directory; made when it is missing. */
  readonly directory: string;
  /** The user id that must own it; undefined on Windows: no mode or owner checks. */
  readonly uid: number | undefined;
  /** What errors call it: `https://crm.example.com`, `run 2026...`. */
  readonly what: string;
  /** The run that wants it. */
  readonly run: string;
  readonly shard: Shard | null;
}

/** The state directory, and whose it must be. */
interface StatePlace {
  readonly directory: string;
  readonly uid: number | undefined;
}

/** A monotonic clock. */
export interface LockClock {
  /** In ms. */
  now(): number;
  /** @throws when the signal aborts */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

export interface LockOptions {
  /** How long to wait for others (ms); 0 tries once. */
  readonly waitMs: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  /** Told once, when it begins to wait, who is waited for. */
  readonly onWait?: (holder: string) => void;
  readonly clock?: LockClock;
}

/** A lock that is held. */
export interface HeldLock {
  /** @throws ErpsyncError (locked) when another one took it over meanwhile; asks the disk, 0.05 ms */
  check(): void;
  /** Lets go of it; harmless when it was lost. */
  release(): void;
}

/** A counter that stood still for so long is a dead owner's (ms). */
const stillMs = 60_000;
/** The counter goes up this often (ms). */
const beatMs = 10_000;
/** How often a waiter looks (ms). */
const lookMs = 250;

const realClock: LockClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

/** A lock without who wants it. */
export type Lock = Pick<LockWish, 'directory' | 'uid' | 'what'>;

/** The lock of a tenant. `tenant` is what a run's header calls so. */
export function tenantLock({ directory, uid }: StatePlace, tenant: string): Lock {
  const name = createHash('sha256').update(tenant).digest('hex').slice(0, 32);
  return { directory: join(directory, 'locks', name), uid, what: tenant };
}

/**
 * Takes a lock, or waits for it.
 *
 * @throws ErpsyncError (locked) when the time is over, an AbortError when the signal ends the wait, (storage) when its files cannot be written
 */
export async function takeLock(wish: LockWish, options: LockOptions): Promise<HeldLock> {
  const { waitMs, signal, onWait, clock = realClock } = options;
  makeDirectory(wish.directory, wish.uid);
  const deadline = clock.now() + waitMs;
  const watch = new Map<string, Sight>();
  for (let told = false; ; told = true) {
    const taken = await tryToTake(wish, watch, clock);
    if ('release' in taken) return taken;
    const left = deadline - clock.now();
    if (left <= 0) throw lockedError(wish, taken);
    if (!told) onWait?.(holderInWords(taken));
    await clock.sleep(Math.min(left, lookMs * (0.5 + Math.random())), signal);
  }
}

/**
 * Whether a process of this machine holds a lock, by one look that changes nothing. An owner elsewhere cannot be
 * told from a dead one so, and is none.
 */
export function isHeldHere({ directory }: Lock): boolean {
  if (!existsSync(directory)) return false;
  return holdersIn(directory).some(
    ({ owner }) => owner && (owner.startedAt === null ? !hasEnded(owner) : isAlive(owner)),
  );
}

/** The text of an owner's file, and since when it has been the same. */
interface Sight {
  readonly text: string;
  readonly since: number;
}

/** An owner's file; `owner` is undefined where it tells none. */
interface Holder {
  readonly file: string;
  readonly text: string;
  readonly owner: LockOwner | undefined;
  readonly run: string | null;
  readonly shard: Shard | null;
}

function tryToTake(wish: LockWish, watch: Map<string, Sight>, clock: LockClock): Promise<HeldLock | Holder> {
  // Held for moments; one that another machine left behind is broken after the same time as any owner.
  const patience = { timeoutMs: 1.5 * stillMs, foreignHolderMs: stillMs };
  return withFileLock(
    `${wish.directory}.guard`,
    async () => {
      const holders = holdersIn(wish.directory);
      const living = holders.filter((holder) => !isGone(holder, watch, clock));
      const blocking = living.find(({ shard }) => !goTogether(shard, wish.shard));
      if (blocking) return blocking;
      for (const holder of holders.filter((each) => !living.includes(each)))
        rmSync(holder.file, { force: true });
      return own(wish);
    },
    patience,
  );
}

function isGone({ file, text, owner }: Holder, watch: Map<string, Sight>, clock: LockClock): boolean {
  if (owner && hasEnded(owner)) return true;
  if (owner && isAlive(owner)) return false;
  const known = watch.get(file);
  if (known?.text !== text) {
    watch.set(file, { text, since: clock.now() });
    return false;
  }
  return clock.now() - known.since >= stillMs;
}

function goTogether(one: Shard | null, other: Shard | null): boolean {
  return one !== null && other !== null && one.count === other.count && one.index !== other.index;
}

async function own({ directory, run, shard, what }: LockWish): Promise<HeldLock> {
  const owner = thisProcess();
  const file = join(directory, `${owner.token}.json`);
  // Of one length, so that a beat replaces it in place and a reader sees one or the other.
  const text = (beat: number): string =>
    `${JSON.stringify({ ...owner, run, shard, beat: String(beat).padStart(12, '0') })}\n`;
  try {
    await writeFile(`${file}.new`, text(0), { flag: 'wx', mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (error) {
    throw storageError('create', `the lock ${file}`, error);
  }
  let beats = 0;
  const timer = setInterval(() => void beat(file, text(++beats)), beatMs);
  timer.unref();
  return {
    check() {
      try {
        // Opened, not looked at: a network file system answers a mere look from its cache.
        closeSync(openSync(file, 'r'));
      } catch (error) {
        if (systemErrorCode(error) !== 'ENOENT') throw storageError('read', `the lock ${file}`, error);
        throw lostError(what, run);
      }
    },
    release() {
      clearInterval(timer);
      try {
        rmSync(file, { force: true });
      } catch {
        // A lock that stays is free as soon as this process has ended.
      }
    },
  };
}

/** Never makes the file anew: when it is gone, another one took the lock over. */
async function beat(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, 'r+');
    try {
      await handle.write(text, 0);
    } finally {
      await handle.close();
    }
  } catch {
    // `check` tells a loss; a disk that fails for a moment loses one beat of six.
  }
}

function holdersIn(directory: string): Holder[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const file = join(directory, name);
      try {
        return [holderOf(file, readFileSync(file, 'utf8'))];
      } catch (error) {
        // It was released this moment.
        if (systemErrorCode(error) === 'ENOENT') return [];
        throw storageError('read', `the lock ${file}`, error);
      }
    });
}

function holderOf(file: string, text: string): Holder {
  const value = jsonOf(text);
  const member = (of: unknown, name: string): unknown =>
    typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
  const [run, shard] = [member(value, 'run'), member(value, 'shard')];
  const [index, count] = [member(shard, 'index'), member(shard, 'count')];
  return {
    file,
    text,
    owner: parseLockOwner(text),
    run: typeof run === 'string' ? run : null,
    shard: typeof index === 'number' && typeof count === 'number' ? { index, count } : null,
  };
}

function holderInWords({ run, owner }: Holder): string {
  const who = run === null ? 'another run' : `run ${run}`;
  return owner ? `${who} (process ${owner.pid} on host ${JSON.stringify(owner.host)})` : who;
}

function lockedError({ what }: LockWish, holder: Holder): ErpsyncError {
  return new ErpsyncError('locked', {
    what: `the lock of ${what} cannot be taken`,
    why: `${holderInWords(holder)} holds it`,
    next: 'wait for it with --lock-wait 10m (one that died on another machine is noticed after 1m), or see what it does: erpsync runs list',
  });
}

function lostError(what: string, run: string): ErpsyncError {
  return new ErpsyncError('locked', {
    what: `run ${run} lost its lock of ${what}`,
    why: 'it stood still for so long that another run took it',
    next: `wait until that one has ended, then: erpsync resume ${run}`,
  });
}
