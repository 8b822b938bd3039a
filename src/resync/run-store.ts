/**
 * The runs of this machine: `runs/<id>/` below the state directory, 0700, files 0600:
 *
 * - `run.json` the plan and its settings (run-header.ts), written once
 * - `keys` the keys (key-spool.ts), written once; none when every record was asked for
 * - `journal.ndjson` what was sent and what became of it (journal-entries.ts), only appended to
 *
 * A run comes into being by a rename, after all its files are on the disk: a crash before leaves a
 * directory `.new-...` that is no run, and that the next run sweeps away.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unknownName, unreadable } from '../error-words.ts';
import { configError, ErpsyncError, internalError, usageError } from '../errors.ts';
import { withFileLock } from '../files/file-lock.ts';
import { checkDirectory, checkFile, makeDirectory } from '../files/file-safety.ts';
import { hasEnded, parseLockOwner, thisProcess } from '../files/lock-owner.ts';
import { shellWord } from '../files/shell-word.ts';
import { storageError } from '../files/storage-error.ts';
import { type Journal, openJournal } from './journal.ts';
import { headerLine, type Part, startAnew } from './journal-entries.ts';
import { type KeyFile, openExternalKeys, openInternalKeys } from './key-file.ts';
import { checkGoesOnHere, type Ledger, replay } from './ledger.ts';
import type { Lock } from './owner-set.ts';
import type { RequestKeys } from './plan.ts';
import { headerText, parseHeader, type RunHeader, requestSizes } from './run-header.ts';

/** Where runs are kept, and whose they must be. */
export interface RunPlace {
  /** The state directory; made with mode 0700 when the first run is. */
  readonly directory: string;
  /** The user id that must own it; undefined on Windows: no mode or owner checks. */
  readonly uid: number | undefined;
}

/** A run that is being made. */
export interface RunDraft {
  /** Where its keys are to be written. */
  readonly keysFile: string;
  /**
   * Makes it a run, at once and durably.
   *
   * @param journal the journal it already has; else it has none
   * @throws ErpsyncError (usage) when another run has its name, (storage) when it cannot be written
   */
  commit(header: RunHeader, journal?: Buffer): Promise<StoredRun>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

/** A run as it is stored. */
export interface StoredRun {
  readonly header: RunHeader;
  readonly directory: string;
  /** Its lock, against two resumes at once. */
  readonly lock: Lock;
  /** How its keys stand by the journal; changes nothing. @throws ErpsyncError (config) for a damaged journal */
  readLedger(): Promise<Ledger>;
  /**
   * Its journal, to go on with it; only for who holds its lock.
   *
   * @param now the time of day, in ms since 1970
   * @throws ErpsyncError (usage) when the run goes on elsewhere, unless `anywhere` is said; (config) for a
   *   journal that is damaged or newer; (storage) when it cannot be written
   */
  openJournal(now: () => number, anywhere?: 'anywhere'): Promise<Journal>;
  /** Its keys. @throws ErpsyncError (config) when they are missing */
  openKeys(): Promise<RunKeys>;
}

/** The keys of a run, part by part. */
export interface RunKeys {
  /** The keys of a part, never none; null means every record. */
  keysOf(part: Part): Promise<RequestKeys | null>;
  close(): Promise<void>;
}

/** The runs, oldest first, and what is there but cannot be read. */
export interface StoredRuns {
  readonly runs: readonly StoredRun[];
  readonly problems: readonly ErpsyncError[];
}

const idPattern = /^\d{8}T\d{6}Z-[0-9a-f]{6}$/;

/** The directory of the runs. */
export function runsDirectory({ directory }: RunPlace): string {
  return join(directory, 'runs');
}

/**
 * Begins a run.
 *
 * @throws ErpsyncError (config) for an unsafe directory, (storage) when it cannot be written
 */
export async function draftRun(place: RunPlace): Promise<RunDraft> {
  const runs = runsDirectory(place);
  makeDirectory(place.directory, place.uid);
  makeDirectory(runs, place.uid);
  await sweep(runs);
  const draft = join(runs, `.new-${randomUUID()}`);
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeDurably(join(draft, 'owner'), JSON.stringify(thisProcess()));
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw error instanceof ErpsyncError ? error : storageError('create', draft, error);
  }
  return {
    keysFile: join(draft, 'keys'),
    discard: () => rm(draft, { recursive: true, force: true }),
    async commit(header, journal) {
      const { id, name } = header;
      if (!idPattern.test(id)) throw internalError(`${id} cannot be the id of a run`);
      await writeDurably(join(draft, 'run.json'), headerText(header));
      await writeDurably(join(draft, 'journal.ndjson'), journal ?? headerLine(id));
      const directory = join(runs, id);
      const publish = async (): Promise<void> => {
        const namesake = name === null ? undefined : await runNamed(place, name);
        if (namesake) {
          throw alreadyThere(
            `run ${id} cannot be called ${JSON.stringify(name)}`,
            namesake.header.id,
            'this name',
          );
        }
        if (existsSync(directory)) throw alreadyThere(`run ${id} cannot be stored`, id, 'this id');
        try {
          await syncDirectory(draft);
          await rename(draft, directory);
          await rm(join(directory, 'owner'), { force: true });
          await syncDirectory(runs);
        } catch (error) {
          throw storageError('create', directory, error);
        }
      };
      await withFileLock(join(runs, '.lock'), publish, namesLock);
      return storedRun(place, header);
    },
  };
}

/** Held for moments; one that another machine left behind on a shared disk is broken after a minute. */
const namesLock = { timeoutMs: 90_000, foreignHolderMs: 60_000 };

/**
 * All runs, or those whose ids are wanted. One that cannot be read is told apart, so that it does not hide the
 * others.
 *
 * @throws ErpsyncError (config) for an unsafe directory
 */
export async function listRuns(
  place: RunPlace,
  wanted: (id: string) => boolean = () => true,
): Promise<StoredRuns> {
  const runs: StoredRun[] = [];
  const problems: ErpsyncError[] = [];
  if (!checkDirectory(runsDirectory(place), place.uid)) return { runs, problems };
  const names = await readdir(runsDirectory(place));
  for (const name of names.filter((each) => idPattern.test(each) && wanted(each)).toSorted()) {
    try {
      runs.push(readRun(place, name));
    } catch (error) {
      if (!(error instanceof ErpsyncError)) throw error;
      problems.push(error);
    }
  }
  return { runs, problems };
}

/**
 * The run of an id, or of a name.
 *
 * @throws ErpsyncError (usage) when there is none, (config) when it cannot be read
 */
export async function findRun(place: RunPlace, wanted: string): Promise<StoredRun> {
  const known = checkDirectory(runsDirectory(place), place.uid);
  if (known && idPattern.test(wanted) && existsSync(join(runsDirectory(place), wanted))) {
    return readRun(place, wanted);
  }
  const { runs } = await listRuns(place);
  const found = runs.findLast(({ header }) => header.name === wanted);
  if (found) return found;
  const names = runs.toReversed().map(({ header }) => header.name ?? header.id);
  throw unknownName({ kind: 'run', typed: wanted, known: names, next: 'see: erpsync runs list' });
}

function alreadyThere(what: string, id: string, same: string): ErpsyncError {
  const next = `look at that one: erpsync runs show ${id}`;
  return usageError({ what, why: `run ${id} has ${same} already`, next });
}

/** The run of a name given by `--run`, if there is one. */
export async function runNamed(place: RunPlace, name: string): Promise<StoredRun | undefined> {
  return (await listRuns(place)).runs.findLast(({ header }) => header.name === name);
}

/** Takes a run away, at once: a crash in the middle leaves no half of it. */
export async function removeRun({ directory }: StoredRun): Promise<void> {
  const away = `${join(directory, '..', '.removed-')}${randomUUID()}`;
  try {
    await rename(directory, away);
    await rm(away, { recursive: true, force: true });
  } catch (error) {
    throw storageError('remove', directory, error);
  }
}

function readRun(place: RunPlace, id: string): StoredRun {
  const directory = join(runsDirectory(place), id);
  const file = join(directory, 'run.json');
  checkDirectory(directory, place.uid);
  const unfit = (why: string): ErpsyncError => {
    const next = `move it out of the way: mv ${shellWord(directory)} ${shellWord(`${directory}.damaged`)}`;
    return configError({ what: `${directory} cannot be used`, why, next });
  };
  if (!checkFile(file, place.uid)) throw unfit('it holds no run.json');
  const header = parseHeader(textIn(file), file);
  if (header.id !== id) throw unfit(`its run.json belongs to run ${header.id}`);
  return storedRun(place, header);
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable('config', file, error, 'see what is wrong with it: erpsync doctor');
  }
}

function storedRun(place: RunPlace, header: RunHeader): StoredRun {
  const { uid } = place;
  const directory = join(runsDirectory(place), header.id);
  const sizes = requestSizes(header);
  const journal = join(directory, 'journal.ndjson');
  return {
    header,
    directory,
    lock: { directory: join(place.directory, 'locks', `run-${header.id}`), uid, what: `run ${header.id}` },
    async readLedger() {
      const bytes = await readFile(journal).catch((error: unknown) => {
        throw unreadable('config', journal, error, startAnew);
      });
      return replay(bytes, journal, header.id, sizes).ledger;
    },
    async openJournal(now, anywhere) {
      const opened = await openJournal({ file: journal, run: header.id, sizes, now });
      try {
        if (!anywhere) checkGoesOnHere(header, opened.ledger);
        return opened;
      } catch (error) {
        await opened.close();
        throw error;
      }
    },
    openKeys: () => runKeys(header, join(directory, 'keys')),
  };
}

async function runKeys({ target, chunkSize }: RunHeader, path: string): Promise<RunKeys> {
  if (target.kind === 'every-record') return { keysOf: async () => null, close: async () => {} };
  const openFile = target.kind === 'internal-keys' ? openInternalKeys : openExternalKeys;
  const file: KeyFile = await openFile(path, target.count);
  return {
    keysOf: ({ request, from, count }) => file.read(request * chunkSize + from, count),
    close: () => file.close(),
  };
}

/** Removes what was not finished by who has ended, and what was being removed. */
async function sweep(runs: string): Promise<void> {
  const names = await readdir(runs).catch((): string[] => []);
  for (const name of names) {
    const path = join(runs, name);
    const abandoned = name.startsWith('.new-') && isAbandoned(path);
    if (abandoned || name.startsWith('.removed-')) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isAbandoned(draft: string): boolean {
  try {
    const owner = parseLockOwner(readFileSync(join(draft, 'owner'), 'utf8'));
    return owner !== undefined && hasEnded(owner);
  } catch {
    return false;
  }
}

async function writeDurably(path: string, text: string | Buffer): Promise<void> {
  try {
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw storageError('write', path, error);
  }
}

/** Makes the names in a directory durable, where the system can (Windows cannot open one). */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  try {
    await handle?.sync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}
