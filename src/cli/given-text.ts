/** Text and JSON that an option gives: itself, in a file, or by standard input. */
import { readFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { twinProperties } from '../agent/json-twins.ts';
import { unreadable, unusable } from '../error-words.ts';
import { type ErpsyncError, systemErrorCode } from '../errors.ts';
import { jsonErrorPosition } from '../profiles/json-error.ts';

/** More than this is no request (bytes). */
const largest = 64 * 1024 * 1024;

/** The bytes of a file, or of standard input for `-`. */
export async function readGivenBytes(path: string, stdin: () => Readable): Promise<Buffer> {
  return path === '-' ? await readStream(stdin()) : await readGivenFile(path);
}

/**
 * The text of a file, or of standard input for `-`, without a byte order mark.
 *
 * @throws ErpsyncError (usage) for a file that cannot be read or is not UTF-8
 */
export async function readGivenText(path: string, stdin: () => Readable): Promise<string> {
  return decodedText(await readGivenBytes(path, stdin), path === '-' ? 'standard input' : path);
}

/** Bytes as UTF-8 text, without a byte order mark. */
export function decodedText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unusable(name, 'it is not UTF-8 text', 'save it as UTF-8');
  }
}

/**
 * JSON that means one thing only.
 *
 * @param where what the error names
 * @throws ErpsyncError (usage) with line and column, never with the text: it may be a secret
 */
export function parseGivenJson(text: string, where: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column } = jsonErrorPosition(text) ?? { line: 1, column: 1 };
    throw unusable(where, `line ${line}, column ${column} is not JSON`, 'correct it there');
  }
  const twins = twinProperties(text);
  if (twins === undefined) return value;
  const name = twins.path.split('.').at(-1);
  const why =
    name === twins.first
      ? `${twins.path} is given twice`
      : `${twins.path} differs from ${twins.first} only in case`;
  throw unusable(where, why, 'give it once');
}

async function readGivenFile(path: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw unusable(path, 'it is a directory', 'give the path of a file');
    if (found.size > largest) throw tooLarge(path);
    return await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    throw unreadable('usage', path, error, 'give the path of a file that you may read');
  }
}

function tooLarge(name: string): ErpsyncError {
  return unusable(name, `it is larger than ${largest} bytes`, 'give less in one request');
}

async function readStream(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw tooLarge('standard input');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
