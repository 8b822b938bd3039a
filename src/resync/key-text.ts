/** Key files as text: a file or standard input, decoded. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { unreadable, unusable } from '../error-words.ts';
import { systemErrorCode } from '../errors.ts';

const givenAsText = 'give the path of a text file with one key a line';

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
    throw unusable(path, 'it is a directory', givenAsText);
  }
  try {
    yield* decoded(path === '-' ? openStdin() : createReadStream(path));
  } catch (error) {
    throw systemErrorCode(error) === undefined ? error : unreadable('usage', name, error, givenAsText);
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
    throw unreadable('usage', path, error, givenAsText);
  }
}
