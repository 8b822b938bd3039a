import { ErpsyncError, systemErrorCode, systemReason } from '../errors.ts';

/** What cannot be done with a file, and how it is told. */
const participles = { create: 'created', read: 'read', remove: 'removed', write: 'written' } as const;

/** Names another directory: for the profiles, or for the runs. */
export type DirectoryVariable = 'ERPSYNC_CONFIG_DIR' | 'ERPSYNC_STATE_DIR';

const diskRemedies: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on that disk',
  EDQUOT: 'make room within the quota of that disk',
  EFBIG: 'raise the limit for the size of files (ulimit -f)',
};

/** What to do about a file that stays where it is and takes nothing more; undefined where that is not known. */
export function diskRemedy(cause: unknown): string | undefined {
  return diskRemedies[systemErrorCode(cause) ?? ''];
}

function remedyFor(cause: unknown, elsewhere: DirectoryVariable): string {
  switch (systemErrorCode(cause)) {
    case 'EROFS':
      return `set ${elsewhere} to a directory that can be written`;
    case 'EACCES':
    case 'EPERM':
      return `let the user who runs erpsync write there, or set ${elsewhere} to another directory`;
    default:
      return diskRemedy(cause) ?? 'see that the disk has room and that its directory can be written';
  }
}

/**
 * The error (`storage`, exit 14) for what could not be stored: `the lock /x cannot be created: permission denied
 * (EACCES)`.
 *
 * @param path the file, with what it is where its name does not tell
 * @param elsewhere the variable that names another directory
 */
export function storageError(
  verb: keyof typeof participles,
  path: string,
  cause: unknown,
  elsewhere: DirectoryVariable = 'ERPSYNC_STATE_DIR',
): ErpsyncError {
  return new ErpsyncError('storage', {
    what: `${path} cannot be ${participles[verb]}`,
    why: systemReason(cause),
    next: `${remedyFor(cause, elsewhere)}, and run the same command again`,
    cause,
  });
}
