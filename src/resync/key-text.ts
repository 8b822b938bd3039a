/** Key files as text: a file or standard input, decoded. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { systemErrorCode, usageError } from '../errors.ts';

/** What errors call a key file: its path, or `standard input`. */
export function keyFileName(path: string): string {
  return path === '-' ? 'standard input' : path;
}

/**
 * The text of a file, piece by piece. UTF-8, or UTF-16 when it begins with that byte order mark; the mark
 * itself is left out. Bytes that are no text come as U+FFFD, so that who knows the line can name it.
 *
 * @param path a path, or `-` for standard input
 * @throws ErpsyncError (usage) for a file that is missing, a directory or unreadable
 */
export async function* textOf(path: string, openStdin: () => Readable): AsyncGenerator<string> {
  const name = keyFileName(path);
  if (path !== '-' && (await isDirectory(path))) {
    throw usageError(`${path} is a directory`, 'give a text file, one key a line');
  }
  try {
    yield* decoded(path === '-' ? openStdin() : createReadStream(path));
  } catch (error) {
    throw systemErrorCode(error) === undefined ? error : unreadable(name, error);
  }
}

async function* decoded(stream: Readable): AsyncGenerator<string> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let decoder = new TextDecoder();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let bytes = chunk;
    if (head) {
      head = Buffer.concat([head, chunk]);
      if (head.length < 2) continue;
      decoder = new TextDecoder(encodingOf(head));
      bytes = head;
      head = undefined;
    }
    yield decoder.decode(bytes, { stream: true });
  }
  yield head ? decoder.decode(head) : decoder.decode();
}

function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'this is a directory',
  ENOTDIR: 'a part of the path is a file',
};

function unreadable(name: string, error: unknown): Error {
  const code = systemErrorCode(error) ?? 'unknown error';
  return usageError(`${name}: ${reasons[code] ?? code}`, 'give the path of a text file, one key a line');
}
