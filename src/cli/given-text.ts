/** Text and JSON that an option gives: itself, in a file, or by standard input. */
import { readFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { twinProperties } from '../agent/json-twins.ts';
import { systemErrorCode, usageError } from '../errors.ts';
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
    throw usageError(`${name} is not UTF-8 text`, 'save it as UTF-8');
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
    throw usageError(`${where} is not JSON: line ${line}, column ${column} does not fit`, 'correct it there');
  }
  const twins = twinProperties(text);
  if (twins === undefined) return value;
  const name = twins.path.split('.').at(-1);
  throw usageError(
    name === twins.first
      ? `${where}: ${twins.path} is given twice`
      : `${where}: ${twins.path} differs from ${twins.first} only in case`,
    'give it once',
  );
}

async function readGivenFile(path: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw usageError(`${path} is a directory`, 'give the path of a file');
    if (found.size > largest)
      throw usageError(`${path} is larger than ${largest} bytes`, 'give less in one request');
    return await readFile(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const words = { ENOENT: 'there is no such file', EACCES: 'it may not be read' };
    throw usageError(`${path}: ${Reflect.get(words, code) ?? code}`, 'give the path of a file');
  }
}

async function readStream(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest)
      throw usageError(`standard input holds more than ${largest} bytes`, 'give less in one request');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
