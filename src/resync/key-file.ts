/** Reads the key file of a run, request by request: see key-spool.ts for how it is written. */
import { type FileHandle, open } from 'node:fs/promises';
import { unreadable } from '../error-words.ts';
import { configError } from '../errors.ts';
import { startAnew } from './journal-entries.ts';
import type { RequestKeys } from './plan.ts';

/** The keys of a run, on the disk. */
export interface KeyFile {
  /**
   * Keys `from` to `from + count - 1`, from 0. Never empty.
   *
   * @throws ErpsyncError (config) when the file is damaged
   */
  read(from: number, count: number): Promise<RequestKeys>;
  close(): Promise<void>;
}

/** Internal keys that are read at a time, at least. */
const readAhead = 1 << 16;

/**
 * Opens a file of internal keys.
 *
 * @param count how many it holds
 * @throws ErpsyncError (config) when it is missing or of another length
 */
export async function openInternalKeys(path: string, count: number): Promise<KeyFile> {
  const handle = await opened(path);
  if ((await handle.stat()).size !== 4 * count) {
    await handle.close();
    throw damaged(path, `it should hold ${count} keys of 4 bytes`);
  }
  // Requests follow each other in the file: the keys of the next ones are read with those of the first.
  let block = { from: 0, count: 0, bytes: Promise.resolve<Buffer>(Buffer.alloc(0)) };
  return {
    async read(from, length) {
      if (from < block.from || from + length > block.from + block.count) {
        const ahead = Math.max(length, Math.min(readAhead, count - from));
        block = { from, count: ahead, bytes: bytesAt(handle, 4 * from, 4 * ahead, path) };
      }
      const start = 4 * (from - block.from);
      const bytes = (await block.bytes).subarray(start, start + 4 * length);
      const keys = new Int32Array(length);
      for (let place = 0; place < length; place++) {
        const key = bytes.readInt32LE(4 * place);
        if (key < 1) throw damaged(path, `key ${from + place + 1} is ${key}`);
        keys[place] = key;
      }
      return keys;
    },
    close: () => handle.close(),
  };
}

/** Keys between two places that are remembered in a file of external keys. */
const stride = 256;

/**
 * Opens a file of external keys. The first read looks once through the file for where its keys begin; 8
 * bytes are kept for every {@link stride} keys.
 *
 * @param count how many it holds
 * @throws ErpsyncError (config) when it is missing
 */
export async function openExternalKeys(path: string, count: number): Promise<KeyFile> {
  const handle = await opened(path);
  let places: Promise<readonly number[]> | undefined;
  return {
    async read(from, length) {
      places ??= keyPlaces(handle, path, count);
      const known = await places;
      const first = Math.floor(from / stride);
      const start = known[first] ?? 0;
      const end = known[Math.ceil((from + length) / stride)] ?? known.at(-1) ?? 0;
      const lines = (await bytesAt(handle, start, end - start, path)).toString('utf8').split('\n');
      const keys = lines.slice(from - first * stride, from - first * stride + length);
      if (keys.length !== length || keys.includes('')) throw damaged(path, `key ${from + 1} is not there`);
      return keys;
    },
    close: () => handle.close(),
  };
}

/** Where every stride-th key begins, and last where the file ends. */
async function keyPlaces(handle: FileHandle, path: string, count: number): Promise<readonly number[]> {
  const places = [0];
  const block = Buffer.allocUnsafe(1 << 18);
  let [lines, position, closed] = [0, 0, true];
  for (;;) {
    const { bytesRead } = await handle.read(block, 0, block.length, position);
    if (bytesRead === 0) break;
    const bytes = block.subarray(0, bytesRead);
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
      lines++;
      if (lines % stride === 0) places.push(position + at + 1);
    }
    closed = bytes.at(-1) === 10;
    position += bytesRead;
  }
  if (lines !== count || !closed) throw damaged(path, `it should hold ${count} lines`);
  if (places.at(-1) !== position) places.push(position);
  return places;
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw unreadable('config', path, error, startAnew);
  }
}

async function bytesAt(handle: FileHandle, from: number, length: number, path: string): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let read = 0; read < length; ) {
    const { bytesRead } = await handle.read(bytes, read, length - read, from + read);
    if (bytesRead === 0) throw damaged(path, 'it ends too early');
    read += bytesRead;
  }
  return bytes;
}

function damaged(path: string, problem: string): Error {
  return configError({
    what: `${path} cannot be used`,
    why: `${problem}, so it is damaged`,
    next: startAnew,
  });
}
