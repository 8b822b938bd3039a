/** Where the lines of a key file come from: a file or standard input. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { systemErrorCode, usageError } from '../errors.ts';

/** No line of keys is longer (characters); a file without line ends is no list. */
const longestLine = 4_096;

/**
 * The lines of a text file without their line ends. Opened when the first one is asked for.
 *
 * @param stdin what `-` reads
 * @throws ErpsyncError (usage) for a file that is missing, a directory, not UTF-8 text
 */
export async function* linesOf(path: string, stdin: () => Readable): AsyncGenerator<string> {
  if (path === '-') return yield* linesIn(stdin(), 'standard input');
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    (error: unknown) => {
      throw unreadable(path, error);
    },
  );
  if (isDirectory) throw usageError(`${path} is a directory`, 'give a text file, one key a line');
  yield* linesIn(createReadStream(path), path);
}

async function* linesIn(stream: Readable, name: string): AsyncGenerator<string> {
  // Not fatal: bytes that are no UTF-8 become U+FFFD, and the line that they stand in can be named.
  const decoder = new TextDecoder();
  let pending = '';
  let number = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      pending += decoder.decode(chunk, { stream: true });
      const lines = pending.split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        number++;
        yield checked(line.endsWith('\r') ? line.slice(0, -1) : line, name, number);
      }
      checked(pending, name, number + 1);
    }
  } catch (error) {
    throw systemErrorCode(error) === undefined ? error : unreadable(name, error);
  }
  pending += decoder.decode();
  if (pending !== '') yield checked(pending, name, number + 1);
}

function checked(line: string, name: string, number: number): string {
  if (line.includes('\0') || line.includes('\uFFFD')) throw notText(name, number);
  if (line.length <= longestLine) return line;
  throw usageError(`${name}, line ${number} is longer than ${longestLine} characters`, 'give one key a line');
}

function notText(name: string, number: number): Error {
  return usageError(`${name}, line ${number} is not UTF-8 text`, 'give a text file, one key a line');
}

function unreadable(name: string, error: unknown): Error {
  const code = systemErrorCode(error) ?? 'unknown error';
  const words = {
    ENOENT: 'there is no such file',
    EACCES: 'it may not be read',
    EISDIR: 'this is a directory',
    ENOTDIR: 'a part of the path is a file',
  };
  return usageError(
    `${name}: ${Reflect.get(words, code) ?? code}`,
    'give the path of a text file, one key a line',
  );
}
