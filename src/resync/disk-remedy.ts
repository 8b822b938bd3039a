import { systemErrorCode } from '../errors.ts';

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on that disk',
  EDQUOT: 'make room within the quota of that disk',
  EFBIG: 'raise the limit for the size of files (ulimit -f)',
};

/**
 * What to do about a file of a run that can no longer be written, before the run goes on: it stays where it is, so
 * another directory is no remedy.
 */
export function diskRemedy(cause: unknown): string {
  return remedies[systemErrorCode(cause) ?? ''] ?? 'make the file writable again';
}
