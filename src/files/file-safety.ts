import { lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { configError, ErpsyncError, systemReason } from '../errors.ts';
import { shellWord } from './shell-word.ts';

/**
 * Whether the directory of the profiles exists. With a `uid` it must be owned by that user, and
 * nobody else may write in it (who can write there can exchange the files).
 *
 * @throws ErpsyncError `config`, with the command that repairs it.
 */
export function checkDirectory(path: string, uid: number | undefined): boolean {
  const stats = statsOf(path);
  if (stats === undefined) return false;
  if (!stats.isDirectory()) throw configError(`${path} is not a directory`, 'move it away');
  checkOwner(path, stats, uid);
  if (uid !== undefined && (stats.mode & 0o022) !== 0) {
    const message = `the directory ${path} has mode ${octal(stats)}: others may write in it`;
    throw configError(message, `run: chmod 700 ${shellWord(path)}`);
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
  if (stats.isSymbolicLink())
    throw configError(`${path} is a symbolic link to nothing`, 'remove or repair it');
  if (!stats.isFile()) throw configError(`${path} is not a regular file`, 'move it away');
  checkOwner(path, stats, uid);
  if (uid !== undefined && (stats.mode & 0o077) !== 0) {
    const message = `${path} has mode ${octal(stats)}: it must be closed to group and others`;
    throw configError(message, `run: chmod 600 ${shellWord(path)}`);
  }
  return true;
}

/**
 * Makes the directory of the profiles, and what is missing above it, with mode 0700; checks it as
 * {@link checkDirectory} does where it exists.
 *
 * @throws ErpsyncError `config` for an unsafe one, `storage` when it cannot be made.
 */
export function makeDirectory(path: string, uid: number | undefined): void {
  if (checkDirectory(path, uid)) return;
  try {
    makeWithParents(path);
  } catch (cause) {
    const message = `cannot create the directory ${path}: ${systemReason(cause)}`;
    throw new ErpsyncError('storage', message, { cause });
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
  const message = `${path} belongs to user ${stats.uid}, not to user ${uid} who runs erpsync`;
  throw configError(message, `run: chown ${uid} ${shellWord(path)}`);
}

/** Of what a link points to; of the link itself where that is missing; undefined where nothing is. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw configError(`cannot look at ${path}: ${systemReason(error)}`, undefined, error);
  }
}

function octal(stats: Stats): string {
  return (stats.mode & 0o7777).toString(8).padStart(4, '0');
}
