import { readdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Options } from 'conf';
import { unreadable } from '../error-words.ts';
import { configError, ErpsyncError } from '../errors.ts';
import { checkFile } from '../files/file-safety.ts';
import { shellWord } from '../files/shell-word.ts';
import { storageError } from '../files/storage-error.ts';
import { jsonErrorPosition } from './json-error.ts';
import { isMembers, type Members, own } from './profile.ts';

/** A file of the store as it was read: all its members, and apart from them the entries by profile name. */
export interface ProfileFile {
  readonly members: Members;
  /** In the order of the file, unchecked and complete: what a newer erpsync wrote is kept. */
  readonly entries: ReadonlyMap<string, unknown>;
}

const schemaVersion = 1;
const empty: ProfileFile = { members: {}, entries: new Map() };

/**
 * Reads a file of the store; a missing one is empty. Nothing is created. Conf is not asked: it would read
 * the same bytes, but loading it takes longer than all else at the start of a command.
 *
 * @throws ErpsyncError `config` when it is unsafe, unreadable, no JSON, or not of this shape.
 */
export function readProfileFile(file: string, uid: number | undefined): ProfileFile {
  if (!checkFile(file, uid)) return empty;
  try {
    const members = parseMembers(readFileSync(file, 'utf8'), file);
    return { members, entries: entriesOf(members, file) };
  } catch (cause) {
    if (cause instanceof ErpsyncError) throw cause;
    throw unreadable(
      'config',
      file,
      cause,
      'make it readable for the user who runs erpsync, and run the same command again',
    );
  }
}

/**
 * Replaces a file of the store by `content`, with mode 0600; a link stays, its target is replaced.
 * A reader sees the old or the new content, whenever the writer is killed.
 *
 * Conf writes a file of its own beside it, which is read back and then renamed: on a full disk
 * conf 15 (atomically 2) ignores that only a part was written, and would put that part in place.
 *
 * @throws ErpsyncError `storage`; the old content is then still there.
 */
export async function writeProfileFile(file: string, { members, entries }: ProfileFile): Promise<void> {
  const target = targetOf(file);
  const staged = stagedFile(target);
  const content = { ...members, schemaVersion, profiles: Object.fromEntries(entries) };
  try {
    const text = `${JSON.stringify(content, undefined, 2)}\n`;
    const conf = await openConf(staged, { serialize: () => text, deserialize: () => ({}) });
    conf.store = content;
    if (readFileSync(staged, 'utf8') !== text) throw new Error('only a part was written, is the disk full?');
    renameSync(staged, target);
  } catch (cause) {
    removeLeftovers(file);
    throw storageError('write', file, cause, 'ERPSYNC_CONFIG_DIR');
  }
}

/**
 * Removes what a killed writer left beside a file of the store: it may hold secrets. Only for the
 * holder of the lock, since a living writer's file looks the same.
 */
export function removeLeftovers(file: string): void {
  const staged = stagedFile(targetOf(file));
  try {
    for (const entry of readdirSync(dirname(staged))) {
      if (!entry.startsWith(basename(staged))) continue;
      rmSync(join(dirname(staged), entry), { force: true });
    }
  } catch {
    // What cannot be removed does no harm to the profiles; what cannot be written is reported there.
  }
}

/** Opens a file with conf, which is loaded only here and only to write: loading it takes long. */
async function openConf(file: string, how: Partial<Options<Record<string, unknown>>>) {
  const { default: Conf } = await import('conf');
  return new Conf<Record<string, unknown>>({
    cwd: dirname(file),
    configName: basename(file, '.json'),
    fileExtension: 'json',
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
    clearInvalidConfig: false,
    projectSuffix: '',
    ...how,
  });
}

function stagedFile(target: string): string {
  return join(dirname(target), `${basename(target, '.json')}.new.json`);
}

function targetOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function parseMembers(text: string, file: string): Record<string, unknown> {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    const position = jsonErrorPosition(json);
    const where = position === undefined ? '' : `, line ${position.line}, column ${position.column}`;
    // The cause is left out: its message quotes the text, which may be a secret.
    throw configError({
      what: `${file}${where} cannot be used`,
      why: 'it is not valid JSON',
      next: 'correct the file there or put a copy in its place, and run the same command again',
    });
  }
  if (!isMembers(value)) throw invalidFile(file, 'it holds no object');
  return value;
}

function entriesOf(members: Members, file: string): ReadonlyMap<string, unknown> {
  const version = own(members, 'schemaVersion');
  if (typeof version === 'number' && version > schemaVersion) {
    throw configError({
      what: `${file} cannot be used`,
      why: `its "schemaVersion" ${version} is that of a newer erpsync, this one knows ${schemaVersion}`,
      next: 'update erpsync, or use another directory with --config-dir',
    });
  }
  if (version !== schemaVersion) throw invalidFile(file, `"schemaVersion" must be ${schemaVersion}`);
  const profiles = own(members, 'profiles');
  if (!isMembers(profiles)) throw invalidFile(file, '"profiles" must be an object');
  return new Map(Object.entries(profiles));
}

function invalidFile(file: string, problem: string): ErpsyncError {
  return configError({
    what: `${file} cannot be used`,
    why: problem,
    next: `correct it, or move it away: mv ${shellWord(file)} ${shellWord(`${file}.bad`)}`,
  });
}
