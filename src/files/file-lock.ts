import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { ErpsyncError, systemErrorCode } from '../errors.ts';
import { hasEnded, isAlive, type LockOwner, parseLockOwner, thisProcess } from './lock-owner.ts';
import { shellWord } from './shell-word.ts';
import { type DirectoryVariable, storageError } from './storage-error.ts';

/** How long to wait for a lock. */
export interface FileLockOptions {
  /** In ms, by the monotonic clock; 0 tries once. Default 10 000. */
  readonly timeoutMs?: number;
  /**
   * For locks that are held for moments only, in a directory that several hosts share: a holder of
   * another host that stays the same for so long (ms, by the monotonic clock of who waits) has ended.
   * Without it such a holder is waited for.
   */
  readonly foreignHolderMs?: number;
  /** The variable that names another directory, where this one cannot be written. */
  readonly elsewhere?: DirectoryVariable;
}

/** How one process tries to take a lock. */
interface Attempt {
  readonly owner: LockOwner;
  /** Judges whether the holder of a lock has ended. */
  readonly ended: (holder: LockOwner) => boolean;
  readonly elsewhere: DirectoryVariable | undefined;
}

/**
 * Runs `action` while this process holds the lock file `path`, and always removes the file
 * afterwards. Its directory must exist. A lock whose owner ended on this host is taken over at once;
 * one of another host, or with unreadable content, is waited for.
 *
 * Why never two are inside, also when several find the same abandoned lock: a lock comes into being
 * only by link(), which like O_EXCL fails where the name exists, so making it decides. It goes away in
 * two ways. Its owner removes it: then it bears the owner's token, since nobody removes the lock of a
 * living owner. Or another process removes it because its owner ended, and only while holding the lock
 * `<path>.breaking`, after reading there once more that `path` still bears the token of the owner that
 * ended. Between that look and the removal `path` cannot become somebody else's: its owner is dead, and
 * every other breaker needs `<path>.breaking`. (Without it, a slow breaker would remove the lock that a
 * faster one took meanwhile.) A breaker that is killed leaves `<path>.breaking` behind; that is a lock
 * like any other and is broken in the same way under `<path>.breaking.breaking`.
 *
 * @throws ErpsyncError `locked` when the time is over, `storage` when the lock file cannot be made.
 */
export async function withFileLock<T>(
  path: string,
  action: () => T | Promise<T>,
  { timeoutMs = 10_000, foreignHolderMs = Number.POSITIVE_INFINITY, elsewhere }: FileLockOptions = {},
): Promise<T> {
  const owner = thisProcess();
  const deadline = performance.now() + timeoutMs;
  const firstSeen = new Map<string, number>();
  const ended = (holder: LockOwner): boolean => {
    if (hasEnded(holder)) return true;
    if (isAlive(holder)) return false;
    const since = firstSeen.get(holder.token) ?? performance.now();
    firstSeen.set(holder.token, since);
    return performance.now() - since > foreignHolderMs;
  };
  const attempt = { owner, ended, elsewhere };
  while (!tryAcquire(path, attempt)) {
    const left = deadline - performance.now();
    if (left <= 0) throw lockedError(path);
    await delay(Math.min(left, 2 + Math.random() * 20));
  }
  try {
    return await action();
  } finally {
    release(path, owner);
  }
}

function tryAcquire(path: string, attempt: Attempt): boolean {
  if (create(path, attempt)) return true;
  const holder = readHolder(path);
  if (holder === undefined || !attempt.ended(holder)) return false;
  return removeAbandoned(path, holder, attempt) && create(path, attempt);
}

/** Makes the lock unless it exists; it appears with its whole content, whenever its maker is killed. */
function create(path: string, { owner, elsewhere }: Attempt): boolean {
  if (existsSync(path)) return false;
  const draft = `${path}.${owner.token}`;
  const text = `${JSON.stringify(owner)}\n`;
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
    try {
      linkSync(draft, path);
    } catch (error) {
      if (!linkless.has(systemErrorCode(error))) throw error;
      writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    }
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw storageError('create', `the lock ${path}`, error, elsewhere);
  } finally {
    remove(draft);
  }
}

/** What file systems without hard links answer (FAT, some network ones): there O_EXCL alone has to do. */
const linkless: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

function removeAbandoned(path: string, holder: LockOwner, attempt: Attempt): boolean {
  const breaking = `${path}.breaking`;
  if (!tryAcquire(breaking, attempt)) return false;
  try {
    if (readHolder(path)?.token !== holder.token) return false;
    rmSync(path, { force: true });
    return true;
  } catch (error) {
    throw storageError('remove', `the lock ${path}`, error, attempt.elsewhere);
  } finally {
    release(breaking, attempt.owner);
  }
}

function release(path: string, owner: LockOwner): void {
  if (readHolder(path)?.token === owner.token) remove(path);
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What was done before counts more; a lock that stays is free as soon as this process has ended.
  }
}

function readHolder(path: string): LockOwner | undefined {
  try {
    return parseLockOwner(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function lockedError(path: string): ErpsyncError {
  const holder = readHolder(path);
  const remove = `rm ${shellWord(path)}`;
  return new ErpsyncError('locked', {
    what: `the lock ${path} was not taken`,
    ...(holder === undefined
      ? {
          why: 'it is there, and does not tell who holds it',
          next: `if no other erpsync runs, remove it: ${remove}`,
        }
      : {
          why: `process ${holder.pid} on host ${JSON.stringify(holder.host)} holds it`,
          next: `run the same command again when that process has ended; if it is no erpsync, remove the lock: ${remove}`,
        }),
  });
}
