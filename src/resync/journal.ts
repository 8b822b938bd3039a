/**
 * Appends to a run's journal. An intent is on the disk before its request leaves: `intend` resolves after
 * an fdatasync, one for all that wait. Outcomes are written as they come, and are on the disk with the next
 * intent, note or close; one that is lost with the machine makes its request unknown, never sent twice.
 *
 * The first write that fails ends it: every `intend` from then on is refused (storage), so nothing is sent
 * any more; outcomes of what is in flight are kept and tried once more by `close`.
 */
import { writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { unreadable } from '../error-words.ts';
import { ErpsyncError, internalError, systemErrorCode } from '../errors.ts';
import { storageError } from '../files/storage-error.ts';
import {
  type EntryError,
  entryError,
  entryLine,
  type JournalEntry,
  type NoteKind,
  type OutcomeKind,
  type Part,
  startAnew,
  type TaskState,
} from './journal-entries.ts';
import { type Ledger, type RequestSizes, replay } from './ledger.ts';

/** The journal of a run that is going on; only the holder of the run's lock opens it. */
export interface Journal {
  /** What it says by now, what is not yet on the disk included. */
  readonly ledger: Ledger;
  /** Why nothing more can be written; undefined as long as all is well. */
  readonly failure: ErpsyncError | undefined;
  /**
   * Writes that a part is about to be sent. Send it only after this has resolved.
   *
   * @throws ErpsyncError (storage) when it could not be made durable
   */
  intend(part: Part): Promise<void>;
  /** Writes what became of a part. Never throws for the disk's sake: see `failure`. */
  outcome(part: Part, kind: OutcomeKind, retries: number, error: EntryError | null): void;
  /** Writes what became of a part's batch task. */
  task(part: Part, state: TaskState, task: number | null): void;
  /** Writes a note, durably. @throws ErpsyncError (storage) */
  note(note: NoteKind, detail?: string): Promise<void>;
  /** Makes all durable and lets go of the file; asked again it tells the same. @throws ErpsyncError (storage) when something is missing in it */
  close(): Promise<void>;
}

/** A journal that is to be opened. */
export interface JournalPlace {
  readonly file: string;
  readonly run: string;
  readonly sizes: RequestSizes;
  /** The time of day, in ms since 1970. */
  readonly now: () => number;
}

/**
 * Opens a journal to go on with it. A last line that is not whole is cut off.
 *
 * @throws ErpsyncError (config) for a damaged journal or a newer format, (storage) when it cannot be written
 */
export async function openJournal({ file, run, sizes, now }: JournalPlace): Promise<Journal> {
  const handle = await open(file, 'r+').catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') throw unreadable('config', file, error, startAnew);
    throw storageError('write', file, error);
  });
  try {
    const bytes = await handle.readFile();
    const { ledger, length } = replay(bytes, file, run, sizes);
    if (length < bytes.length) {
      await handle.truncate(length).catch((error: unknown) => {
        throw storageError('write', file, error);
      });
    }
    return journalOf(new Appender(handle, file, length), ledger, now);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function journalOf(appender: Appender, ledger: Ledger, now: () => number): Journal {
  const lineOf = (entry: JournalEntry): string => {
    const at = new Date(now()).toISOString();
    const problem = ledger.apply(entry, at);
    if (problem !== undefined) throw internalError(`a journal entry cannot be: ${problem}`);
    return entryLine({ at, ...entry });
  };
  const plain = ({ request, from, count }: Part): Part => ({ request, from, count });
  return {
    ledger,
    get failure() {
      return appender.failure;
    },
    async intend(part) {
      if (appender.failure) throw appender.failure;
      const attempt =
        1 + (ledger.partsOf(part.request).find(({ from }) => from === part.from)?.attempts ?? 0);
      const line = lineOf({ event: 'intent', ...plain(part), attempt });
      try {
        await appender.appendDurably(line);
      } catch (error) {
        // It is not in the file, and it is not going to be sent.
        const cause = error instanceof ErpsyncError ? entryError(error) : null;
        lineOf({ event: 'outcome', ...plain(part), kind: 'unsent', retries: 0, error: cause });
        throw error;
      }
    },
    outcome(part, kind, retries, error) {
      appender.append(lineOf({ event: 'outcome', ...plain(part), kind, retries, error }));
    },
    task(part, state, task) {
      appender.append(lineOf({ event: 'task', ...plain(part), state, task }));
    },
    async note(note, detail) {
      if (appender.failure) throw appender.failure;
      await appender.appendDurably(lineOf({ event: 'note', note, detail: detail ?? null }));
    },
    close: () => appender.close(),
  };
}

/** A line that waits to be written. */
interface Line {
  readonly text: string;
  /** Somebody waits for it; where it cannot be written it is dropped, and who waits is told. */
  readonly waiter: Waiter | undefined;
}

interface Waiter {
  resolve(): void;
  reject(error: ErpsyncError): void;
}

/** One writer at a time; whatever comes while it writes goes with its next turn. */
class Appender {
  failure: ErpsyncError | undefined;
  readonly #handle: FileHandle;
  readonly #file: string;
  /** Bytes that are certainly in the file. */
  #length: number;
  #lines: Line[] = [];
  #unsynced = false;
  #turn: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(handle: FileHandle, file: string, length: number) {
    this.#handle = handle;
    this.#file = file;
    this.#length = length;
  }

  append(text: string, waiter?: Waiter): void {
    this.#lines.push({ text, waiter });
    if (!this.failure) this.#turn ??= this.#work();
  }

  appendDurably(text: string): Promise<void> {
    return new Promise((resolve, reject) => this.append(text, { resolve, reject }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#turn;
    try {
      // After a failure once more: a disk that was full may have room again.
      await this.#write();
      if (this.#unsynced) await this.#handle.datasync();
    } catch (error) {
      this.failure ??= storageError('write', this.#file, error);
    } finally {
      await this.#handle.close();
    }
    if (this.failure) throw this.failure;
  }

  async #work(): Promise<void> {
    // Whatever else is said in this moment goes along.
    await Promise.resolve();
    while (this.#lines.length > 0 && !this.failure) {
      try {
        await this.#write();
      } catch (error) {
        const failure = storageError('write', this.#file, error);
        this.failure = failure;
        for (const { waiter } of this.#lines) waiter?.reject(failure);
        this.#lines = this.#lines.filter(({ waiter }) => waiter === undefined);
      }
    }
    this.#turn = undefined;
  }

  /** Writes what waits; where that fails the file is as it was, and the lines wait on. */
  async #write(): Promise<void> {
    const lines = this.#lines.splice(0);
    const bytes = Buffer.from(lines.map(({ text }) => text).join(''));
    try {
      for (let from = 0; from < bytes.length; ) {
        const place = this.#length + from;
        // At once: the disk's cache has it then, whatever happens to this process.
        from += writeSync(this.#handle.fd, bytes, from, bytes.length - from, place);
      }
      this.#unsynced ||= bytes.length > 0;
      if (lines.some(({ waiter }) => waiter !== undefined)) {
        await this.#handle.datasync();
        this.#unsynced = false;
      }
      this.#length += bytes.length;
    } catch (error) {
      this.#lines.unshift(...lines);
      await this.#handle.truncate(this.#length).catch(() => undefined);
      throw error;
    }
    for (const { waiter } of lines) waiter?.resolve();
  }
}
