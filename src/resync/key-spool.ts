/**
 * Writes the keys of a run to its key file while their source streams: checked, each once, counted. Only
 * what tells duplicates stays in memory. Nothing is sent before the file is whole and on the disk, so a
 * source that fails sends nothing.
 *
 * - Internal keys: 4 bytes each, little-endian. A request's keys are found by its number alone, 10 000 000
 *   of them take 40 MB, and `od -An -td4 -w4 keys` shows them.
 * - External keys: UTF-8, one a line. They hold no line break, so the file can be read as it is.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { storageError } from '../files/storage-error.ts';
import { checkKey } from './external-keys.ts';
import type { Cell } from './key-cell.ts';
import { SeenKeys } from './key-set.ts';
import { type KeyBatches, type KeyItem, tooMany } from './keys.ts';
import { SeenTexts } from './seen-texts.ts';
import { type Shard, ShardCount } from './shard.ts';

/** What a key file holds. */
export interface SpooledKeys {
  /** Keys in the file. */
  readonly count: number;
  /** Keys given, duplicates included, those of other shards not. */
  readonly given: number;
  /** Keys given that belong to other shards. */
  readonly elsewhere: number;
  /** SHA-256 of the file, in hex: two runs have the same keys in the same order exactly if it is the same. */
  readonly sha256: string;
}

export interface SpoolOptions {
  /** More different keys than this are refused. */
  readonly maxKeys: number;
  /** What errors call the source. */
  readonly where: string;
  /** Only the keys of this part are taken. */
  readonly shard: Shard | null;
}

/**
 * Writes internal keys to a new file.
 *
 * @throws ErpsyncError (usage) for too many keys and what the source throws, (storage) when it cannot be written
 */
export function spoolInternalKeys(
  path: string,
  batches: KeyBatches,
  { maxKeys, where, shard }: SpoolOptions,
): Promise<SpooledKeys> {
  return spool(path, async (file) => {
    const seen = new SeenKeys();
    const count = new ShardCount(shard);
    // Plain code, without a wait: it runs once for each of millions of keys.
    const take = (key: number): void => {
      if (!count.takes(key) || !seen.add(key)) return;
      if (seen.size > maxKeys) throw tooMany(where, maxKeys);
      file.addInt32(key);
    };
    const takeAll = (items: readonly KeyItem[]): void => {
      for (const item of items) {
        if (typeof item === 'number') {
          take(item);
          continue;
        }
        // A range larger than all the shards together may hold is refused before it is spread out.
        if (count.exceeds(item.last - item.first + 1, maxKeys)) throw tooMany(where, maxKeys);
        for (let key = item.first; key <= item.last; key++) take(key);
      }
    };
    for await (const items of batches) takeAll(items);
    return { count: seen.size, given: count.given, elsewhere: count.elsewhere };
  });
}

/**
 * Writes external keys to a new file.
 *
 * @throws ErpsyncError (usage) for a key that is none or too many, (storage) when it cannot be written
 */
export function spoolExternalKeys(
  path: string,
  batches: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
  { maxKeys, where, shard }: SpoolOptions,
): Promise<SpooledKeys> {
  return spool(path, async (file) => {
    const seen = new SeenTexts();
    const count = new ShardCount(shard);
    for await (const cells of batches) {
      for (const { text, line } of cells) {
        const key = checkKey(text, `${where}, line ${line}`);
        if (!count.takes(key) || !seen.add(key)) continue;
        if (seen.size > maxKeys) throw tooMany(where, maxKeys);
        file.addBytes(Buffer.from(`${key}\n`));
      }
    }
    return { count: seen.size, given: count.given, elsewhere: count.elsewhere };
  });
}

async function spool(
  path: string,
  fill: (file: SpoolFile) => Promise<Omit<SpooledKeys, 'sha256'>>,
): Promise<SpooledKeys> {
  const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw storageError('create', path, error);
  });
  try {
    const file = new SpoolFile(handle, path);
    const counts = await fill(file);
    return { ...counts, sha256: await file.finish() };
  } finally {
    await handle.close();
  }
}

/** Bytes gathered for one write. */
const blockSize = 1 << 18;

/** Writes without waiting: nothing else is to be done meanwhile, and the disk's cache takes it at once. */
class SpoolFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #digest = createHash('sha256');
  // Longer than any line of a key file.
  readonly #block = Buffer.allocUnsafe(blockSize);
  #used = 0;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  addInt32(key: number): void {
    if (this.#used + 4 > blockSize) this.#flush();
    this.#used = this.#block.writeInt32LE(key, this.#used);
  }

  addBytes(bytes: Buffer): void {
    if (this.#used + bytes.length > blockSize) this.#flush();
    this.#used += bytes.copy(this.#block, this.#used);
  }

  #flush(): void {
    const bytes = this.#block.subarray(0, this.#used);
    this.#digest.update(bytes);
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(this.#handle.fd, bytes, from);
    } catch (error) {
      throw storageError('write', this.#path, error);
    }
    this.#used = 0;
  }

  /** @returns the SHA-256 of all, which is on the disk then */
  async finish(): Promise<string> {
    this.#flush();
    try {
      await this.#handle.sync();
    } catch (error) {
      throw storageError('write', this.#path, error);
    }
    return this.#digest.digest('hex');
  }
}
