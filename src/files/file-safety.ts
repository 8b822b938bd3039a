import { lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { unreadable } from '../error-words.ts';
import { configError, type ErpsyncError } from '../errors.ts';
import { shellWord } from './shell-word.ts';
import { type DirectoryVariable, storageError } from './storage-error.ts';

/**
 * Whether the directory of the profiles exists. With a `uid` it must be owned by that user, and
 * nobody else may write in it (who can write there can exchange the files).
 *
 * @throws ErpsyncError `config`, with the command that repairs it.
 */
export function checkDirectory(path: string, uid: number | undefined): boolean {
  const stats = statsOf(path);
  if (stats === undefined) return false;
  if (!stats.isDirectory()) throw unfit(path, 'it is no directory', movedAway(path, stats));
  checkOwner(path, stats, uid);
  if (uid !== undefined && (stats.mode & 0o022) !== 0) {
    throw unfit(
      path,
      `it is a directory in which others may write (mode ${octal(stats)})`,
      `close it: chmod 700 ${shellWord(path)}`,
    );
  }
  return true;
}

/**
 * Whether a file of the profiles exists. It must be a regular file or a symbolic link to one; with a
 * `uid` it must be owned by that user and closed to group and others.
 *
 * @throws ErpsyncError `config`, with the command that repairs it.
 */
export function checkFile(path: string, uid: number | undefined): boolean {
  const stats = statsOf(path);
  if (stats === undefined) return false;
  if (stats.isSymbolicLink()) {
    throw unfit(
      path,
      'it is a symbolic link to nothing',
      `repair the link, or remove it: rm ${shellWord(path)}`,
    );
  }
  if (!stats.isFile()) throw unfit(path, 'it is no regular file', movedAway(path, stats));
  checkOwner(path, stats, uid);
  if (uid !== undefined && (stats.mode & 0o077) !== 0) {
    throw unfit(
      path,
      `it is open to group or others (mode ${octal(stats)})`,
      `close it: chmod 600 ${shellWord(path)}`,
    );
  }
  return true;
}

/**
 * Makes the directory of the profiles, and what is missing above it, with mode 0700; checks it as
 * {@link checkDirectory} does where it exists.
 *
 * @param elsewhere the variable that names another directory
 * @throws ErpsyncError `config` for an unsafe one, `storage` when it cannot be made.
 */
export function makeDirectory(
  path: string,
  uid: number | undefined,
  elsewhere: DirectoryVariable = 'ERPSYNC_STATE_DIR',
): void {
  if (checkDirectory(path, uid)) return;
  try {
    makeWithParents(path);
  } catch (cause) {
    throw storageError('create', `the directory ${path}`, cause, elsewhere);
  }
  checkDirectory(path, uid);
}

/** Not `recursive`: Node.js tries for ever where a parent cannot be made, as below /proc. */
function makeWithParents(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })) return;
  const parent = dirname(path);
  if (parent !== path) makeWithParents(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    // Another process may have been faster.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw cause;
  }
}

function checkOwner(path: string, stats: Stats, uid: number | undefined): void {
  if (uid === undefined || stats.uid === uid) return;
  throw unfit(
    path,
    `it belongs to user ${stats.uid}, not to user ${uid} who runs erpsync`,
    `give it to that one: chown ${uid} ${shellWord(path)}`,
  );
}

/** Of what a link points to; of the link itself where that is missing; undefined where nothing is. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(
      'config',
      path,
      error,
      'open the way there to the user who runs erpsync, and run the same command again',
    );
  }
}

/** A file or directory whose kind, owner or mode is not as it has to be. */
function unfit(path: string, why: string, next: string): ErpsyncError {
  return configError({ what: `${path} cannot be used`, why, next });
}

/** A device is not to be moved: the machine needs it. */
function movedAway(path: string, stats: Stats): string {
  if (!stats.isFile() && !stats.isDirectory()) {
    return 'name another place with ERPSYNC_STATE_DIR or --config-dir';
  }
  return `move it away: mv ${shellWord(path)} ${shellWord(`${path}.old`)}`;
}

function octal(stats: Stats): string {
  return (stats.mode & 0o7777).toString(8).padStart(4, '0');
}
