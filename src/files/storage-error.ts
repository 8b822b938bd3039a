import { ErpsyncError, systemErrorCode, systemReason } from '../errors.ts';

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on that disk',
  EDQUOT: 'make room within the quota of that disk',
  EFBIG: 'raise the limit for the size of files (ulimit -f)',
  EROFS: 'that file system is read-only; set ERPSYNC_STATE_DIR to a directory that can be written',
  EACCES: 'let the user who runs erpsync write there, or set ERPSYNC_STATE_DIR to another directory',
  EPERM: 'let the user who runs erpsync write there, or set ERPSYNC_STATE_DIR to another directory',
};

/**
 * The error (`storage`, exit 14) for what a run could not store, with what to do about it.
 *
 * @param verb what could not be done, as in `write`
 */
export function storageError(verb: string, path: string, cause: unknown): ErpsyncError {
  const hint = remedies[systemErrorCode(cause) ?? ''];
  return new ErpsyncError('storage', `cannot ${verb} ${path}: ${systemReason(cause)}`, { hint, cause });
}
