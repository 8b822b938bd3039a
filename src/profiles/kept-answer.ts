/**
 * Answers of servers, kept between commands as files of the profiles' directory: `tenants/online%2FCust12345.json`, mode
 * 0600. They hold no secret, but who could write them would choose what commands believe.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDirectory, checkFile, makeDirectory } from '../files/file-safety.ts';

/** The directory of the profiles, and whose it must be; undefined where files have no owner. */
export interface KeptPlace {
  readonly directory: string;
  readonly uid: number | undefined;
}

/** What is kept of one server. */
export interface KeptAnswer {
  readonly text: string;
  /** When it was written, in ms since the epoch. */
  readonly keptAt: number;
}

/**
 * What is kept of a server, or undefined; a file that is not safe keeps nothing.
 *
 * @param folder in the directory of the profiles
 * @param server what its answers are kept under
 */
export function keptAnswer(
  { directory, uid }: KeptPlace,
  folder: string,
  server: string,
): KeptAnswer | undefined {
  try {
    const file = answerFile(directory, folder, server);
    if (!checkDirectory(directory, uid) || !checkDirectory(join(directory, folder), uid)) return undefined;
    if (!checkFile(file, uid)) return undefined;
    return { text: readFileSync(file, 'utf8'), keptAt: statSync(file).mtimeMs };
  } catch {
    return undefined;
  }
}

/** Keeps an answer. Without effect where that is not possible: asking again costs one request. */
export function keepAnswer(
  { directory, uid }: KeptPlace,
  folder: string,
  server: string,
  text: string,
): void {
  const file = answerFile(directory, folder, server);
  const staged = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    makeDirectory(directory, uid);
    makeDirectory(join(directory, folder), uid);
    writeFileSync(staged, text, { mode: 0o600, flag: 'wx' });
    renameSync(staged, file);
  } catch {
    rmSync(staged, { force: true });
  }
}

function answerFile(directory: string, folder: string, server: string): string {
  const name = encodeURIComponent(server);
  const short = name.length > 200 ? createHash('sha256').update(server).digest('hex') : name;
  return join(directory, folder, `${short}.json`);
}
