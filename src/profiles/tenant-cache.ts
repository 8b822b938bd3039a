/**
 * The states of tenants, kept between commands as they were answered: `tenants/online%2FCust12345.json` beside the
 * profiles, mode 0600. They hold no secret, but whoever could write them would choose where credentials go.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDirectory, checkFile, makeDirectory } from '../files/file-safety.ts';

/** Where states are kept, and whose they must be; undefined where files have no owner. */
export interface TenantPlace {
  readonly directory: string;
  readonly uid: number | undefined;
}

/** However long an answer says that it holds, it is asked for again after this time (ms). */
const longestLifeMs = 24 * 60 * 60_000;

/** The state that is kept for a tenant of an environment, or undefined. A file that is not safe keeps none. */
export function keptState({ directory, uid }: TenantPlace, origin: string, now: number): string | undefined {
  try {
    const file = stateFile(directory, origin);
    if (!checkDirectory(directory, uid) || !checkDirectory(join(directory, 'tenants'), uid)) return undefined;
    if (!checkFile(file, uid)) return undefined;
    const age = now - statSync(file).mtimeMs;
    return Math.abs(age) > longestLifeMs ? undefined : readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Keeps a state. Without effect where that is not possible: asking again costs one request. */
export function keepState({ directory, uid }: TenantPlace, origin: string, text: string): void {
  const file = stateFile(directory, origin);
  const staged = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    makeDirectory(directory, uid);
    makeDirectory(join(directory, 'tenants'), uid);
    writeFileSync(staged, text, { mode: 0o600, flag: 'wx' });
    renameSync(staged, file);
  } catch {
    rmSync(staged, { force: true });
  }
}

function stateFile(directory: string, origin: string): string {
  const name = encodeURIComponent(origin);
  const short = name.length > 200 ? createHash('sha256').update(origin).digest('hex') : name;
  return join(directory, 'tenants', `${short}.json`);
}
