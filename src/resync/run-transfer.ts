/**
 * A run as one file, to go on with it on another machine: a line of JSON, then the bytes of `keys` and of
 * `journal.ndjson`, all of it compressed with gzip. The run's own journal says first that it goes on
 * elsewhere, so that a crash in the middle leaves a run that cannot be resumed twice; it can be exported
 * again. A file that cannot be written takes that back.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { ErpsyncError, systemErrorCode, systemReason, usageError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import { storageError } from '../files/storage-error.ts';
import type { Journal } from './journal.ts';
import { newerFormat } from './journal-entries.ts';
import { jsonOf, membersOf } from './json-members.ts';
import { replay } from './ledger.ts';
import { type LockOptions, takeLock } from './owner-set.ts';
import { headerText, parseHeader, type RunHeader, requestSizes } from './run-header.ts';
import { draftRun, listRuns, type RunPlace, removeRun, type StoredRun } from './run-store.ts';

const fileFormat = 1;
const exportAgain = 'export the run again, where it was before: erpsync runs export';
/** The first line of a file is no longer (bytes). */
const longestHead = 1 << 20;

/**
 * Writes a run to a new file, after which it cannot be resumed here. Takes the run's lock for the time.
 *
 * @param now the time of day, in ms since 1970
 * @param wait how long for who works on the run; else not at all
 * @throws ErpsyncError (locked) when somebody works on the run, (usage) when the file exists, (storage) when
 *   it cannot be written; the run then goes on here
 */
export async function exportRun(
  run: StoredRun,
  file: string,
  now: () => number,
  wait: LockOptions = { waitMs: 0 },
): Promise<void> {
  const lock = await takeLock({ ...run.lock, run: run.header.id, shard: null }, wait);
  try {
    await refuseExisting(file);
    const journal = await run.openJournal(now, 'anywhere');
    try {
      await pack(run, journal, file);
    } finally {
      await journal.close();
    }
  } finally {
    lock.release();
  }
}

async function pack({ header, directory }: StoredRun, journal: Journal, file: string): Promise<void> {
  const keys = join(directory, 'keys');
  const keyBytes = header.target.kind === 'every-record' ? 0 : (await stat(keys)).size;
  const again = journal.ledger.exportedTo !== null;
  // A place that cannot be written is known before the run says that it goes on there.
  const staged = await stage(file);
  try {
    await journal.note('exported', file);
    const entries = await readFile(join(directory, 'journal.ndjson'));
    const head = {
      erpsync: 'run',
      format: fileFormat,
      run: headerText(header),
      keyBytes,
      journalBytes: entries.length,
    };
    await staged.write(async function* () {
      yield Buffer.from(`${JSON.stringify(head)}\n`);
      if (keyBytes > 0) yield* createReadStream(keys) as AsyncIterable<Buffer>;
      yield entries;
    });
  } catch (error) {
    if (!again) await journal.note('imported').catch(() => undefined);
    throw error;
  } finally {
    await staged.discard();
  }
}

/**
 * Takes a run in from a file, to go on with it here. One that was exported from here is replaced.
 *
 * @throws ErpsyncError (usage) for a file that is none, or damaged, and when the run is here and goes on
 *   here; (config) for a newer format; (storage) when it cannot be written
 */
export async function importRun(place: RunPlace, file: string, now: () => number): Promise<StoredRun> {
  const draft = await draftRun(place);
  try {
    const { header, journal } = await unpack(file, draft.keysFile);
    const sizes = requestSizes(header);
    const { ledger } = replay(journal, file, header.id, sizes);
    if (ledger.exportedTo === null) throw notWhole(file, 'its run was not ended before');
    await replaceExported(place, header);
    const run = await draft.commit(header, journal);
    const opened = await run.openJournal(now, 'anywhere');
    await opened.note('imported');
    await opened.close();
    return run;
  } catch (error) {
    await draft.discard();
    throw error;
  }
}

interface Unpacked {
  readonly header: RunHeader;
  readonly journal: Buffer;
}

/** Writes the keys to their file, and returns the rest. */
async function unpack(file: string, keysFile: string): Promise<Unpacked> {
  const stream = unzipped(file);
  const digest = createHash('sha256');
  const keys = await open(keysFile, 'wx', 0o600);
  let head: Head | undefined;
  let start = Buffer.alloc(0);
  let keyBytes = 0;
  let journalBytes = 0;
  const journal: Buffer[] = [];
  try {
    for await (const chunk of stream) {
      let bytes = chunk;
      if (!head) {
        start = Buffer.concat([start, chunk]);
        const end = start.indexOf(10);
        if (end === -1 && start.length < longestHead) continue;
        head = headOf(start.toString('utf8', 0, Math.max(end, 0)), file);
        bytes = start.subarray(end + 1);
      }
      const ofKeys = bytes.subarray(0, Math.max(0, head.keyBytes - keyBytes));
      digest.update(ofKeys);
      keyBytes += ofKeys.length;
      await keys.writeFile(ofKeys).catch((error: unknown) => {
        throw storageError('write', keysFile, error);
      });
      const rest = bytes.subarray(ofKeys.length);
      journalBytes += rest.length;
      if (journalBytes > head.journalBytes) throw notWhole(file, 'it goes on after its end');
      journal.push(rest);
    }
    await keys.sync();
  } catch (error) {
    if (error instanceof ErpsyncError) throw error;
    throw notWhole(file, systemReason(error));
  } finally {
    await keys.close();
  }
  if (!head) throw notExported(file);
  if (journalBytes < head.journalBytes) throw notWhole(file, 'it ends too early');
  const { header } = head;
  if (header.target.kind === 'every-record') await rm(keysFile);
  else if (digest.digest('hex') !== header.target.sha256)
    throw notWhole(file, 'its keys are not those of its run');
  return { header, journal: Buffer.concat(journal) };
}

interface Head {
  readonly header: RunHeader;
  readonly keyBytes: number;
  readonly journalBytes: number;
}

function headOf(line: string, file: string): Head {
  const members = membersOf(jsonOf(line), () => notExported(file));
  if (members.value('erpsync') !== 'run') throw notExported(file);
  const format = members.count('format');
  if (format > fileFormat) throw newerFormat(file, format);
  const header = parseHeader(members.text('run'), file, exportAgain);
  return { header, keyBytes: members.count('keyBytes'), journalBytes: members.count('journalBytes') };
}

async function* unzipped(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const unzip = createGunzip();
  let isZipped = false;
  source.once('data', (start) => {
    isZipped = start[0] === 0x1f && start[1] === 0x8b;
  });
  // An error of the source ends the reading of what it feeds.
  source.on('error', (error) => unzip.destroy(error));
  try {
    yield* source.pipe(unzip) as AsyncIterable<Buffer>;
  } catch (error) {
    // The numbers of zlib's errors are those of other errors of the system.
    const code = systemErrorCode(error);
    if (!code?.startsWith('Z_')) throw error;
    if (!isZipped) throw notExported(file);
    throw notWhole(file, code === 'Z_BUF_ERROR' ? 'it ends too early' : 'it is damaged');
  } finally {
    source.destroy();
  }
}

async function replaceExported(place: RunPlace, { id }: RunHeader): Promise<void> {
  const here = (await listRuns(place)).runs.find(({ header }) => header.id === id);
  if (!here) return;
  if ((await here.readLedger()).exportedTo === null) {
    throw usageError({
      what: `run ${id} cannot be taken in`,
      why: 'it is here already, and goes on here',
      next: `go on with it here: erpsync resume ${id}`,
    });
  }
  await removeRun(here);
}

async function refuseExisting(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw storageError('write', file, error);
  });
  if (found) {
    const next = `give another path, or remove it first: rm ${shellWord(file)}`;
    throw usageError({ what: `${file} cannot be written`, why: 'it exists already', next });
  }
}

/** Makes ready to write a file, which appears when all of it is on the disk. */
async function stage(file: string) {
  const path = `${file}.${randomUUID()}.new`;
  const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw storageError('write', file, error);
  });
  return {
    async write(parts: () => AsyncIterable<Buffer>): Promise<void> {
      try {
        await pipeline(
          Readable.from(parts()),
          createGzip(),
          createWriteStream(path, { fd: handle, flush: true }),
        );
        await rename(path, file);
      } catch (error) {
        throw storageError('write', file, error);
      }
    },
    /** Leaves nothing besides a file that was written. */
    async discard(): Promise<void> {
      await handle.close().catch(() => undefined);
      await rm(path, { force: true });
    },
  };
}

function notExported(file: string): ErpsyncError {
  return usageError({
    what: `${file} cannot be taken in`,
    why: 'it is not an exported run',
    next: 'give the file that was written by: erpsync runs export',
  });
}

function notWhole(file: string, problem: string): ErpsyncError {
  return usageError({ what: `${file} cannot be taken in`, why: problem, next: exportAgain });
}
