/** What `doctor` looks at on this machine: directories, the files in them, and the space that is left for them. */
import { accessSync, constants, existsSync, readdirSync, statfsSync } from 'node:fs';
import path from 'node:path';
import type { Context } from '../cli/context.ts';
import { unwritable } from '../error-words.ts';
import { ErpsyncError } from '../errors.ts';
import { checkDirectory, checkFile } from '../files/file-safety.ts';
import type { Finding } from './doctor-checkup.ts';

const mebibyte = 1024 * 1024;
/** A run of a million keys and its journal take less (bytes). */
const ample = 100 * mebibyte;
/** What the program keeps beside the profiles; other files there are no matter of it. */
const ours = /^(?:config|secrets|tickets|credentials|connections)\.json$/;
/** No run could be written down (bytes). */
const tooLittle = mebibyte;

/** @throws ErpsyncError (config) for one that others can write in, or that cannot be written */
export function directoryFound(directory: string, { host }: Context): Finding {
  const exists = checkDirectory(directory, host.uid);
  const place = exists ? directory : nearest(directory);
  try {
    accessSync(place, constants.W_OK);
  } catch (cause) {
    const next = `make it yours to write (chown, chmod u+w), or name another with --config-dir or ERPSYNC_STATE_DIR`;
    throw unwritable('config', place, cause, next);
  }
  return exists ? `${directory} is ours alone` : `${directory} is made when it is needed`;
}

/**
 * Profiles, secrets and what is kept with them: closed to everybody else.
 *
 * @throws ErpsyncError (config) for the first that is not
 */
export function filesFound(directory: string, { host }: Context): Finding {
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => ours.test(name)) : [];
  const safe = files.filter((name) => checkFile(path.join(directory, name), host.uid));
  return safe.length === 0 ? 'none yet' : `${safe.toSorted().join(', ')}: closed to others`;
}

/** @throws ErpsyncError (storage) where there is next to none */
export function spaceFound(directories: readonly string[]): Finding {
  const spaces = directories.map((directory) => ({ directory, free: freeBytes(nearest(directory)) }));
  const [least] = spaces.toSorted((one, other) => one.free - other.free);
  if (least === undefined || least.free >= ample) return `${inMebibytes(least?.free ?? 0)} free`;
  const detail = `${inMebibytes(least.free)} free for ${least.directory}`;
  const fix = 'make room, or name directories elsewhere with --config-dir and ERPSYNC_STATE_DIR';
  if (least.free >= tooLittle) return { detail, fix };
  throw new ErpsyncError('storage', {
    what: 'nothing of a run can be written down',
    why: detail,
    next: fix,
  });
}

function freeBytes(place: string): number {
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize;
}

function inMebibytes(bytes: number): string {
  return `${Math.floor(bytes / mebibyte)} MiB`;
}

/** The directory, or the nearest one above it that exists. */
function nearest(directory: string): string {
  let place = directory;
  while (!existsSync(place) && place !== path.dirname(place)) place = path.dirname(place);
  return place;
}
