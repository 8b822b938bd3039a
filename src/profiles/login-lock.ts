/** Logins that one process makes for all of them. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ErpsyncError } from '../errors.ts';
import { withFileLock } from '../files/file-lock.ts';
import type { KeptKind } from './ticket-cache.ts';

/** So long one process waits for another one (ms); then it does the same by itself. */
const longestWaitMs = 30_000;

/**
 * Of all processes that do this for a profile one does it at a time.
 *
 * @throws what `action` throws
 */
export async function oneAtATime<T>(
  directory: string,
  what: `login-${KeptKind}` | 'credential',
  profile: string,
  action: () => Promise<T>,
): Promise<T> {
  const name = createHash('sha256').update(profile).digest('hex').slice(0, 16);
  let begun = false;
  const begin = (): Promise<T> => {
    begun = true;
    return action();
  };
  try {
    const lock = join(directory, `${what}-${name}.lock`);
    return await withFileLock(lock, begin, { timeoutMs: longestWaitMs });
  } catch (error) {
    if (begun || !(error instanceof ErpsyncError)) throw error;
    // Without a lock there may be a login too many, which harms less than none.
    return await action();
  }
}
