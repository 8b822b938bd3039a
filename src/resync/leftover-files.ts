/** Files of keys that were not accepted, in a form that the same command reads again. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { unusable, unwritable } from '../error-words.ts';
import { ErpsyncError, systemReason } from '../errors.ts';
import type { RequestKeys } from './plan.ts';

/** A file to write when the run has ended. */
export interface LeftoverFile {
  /**
   * @param instead the command that prints the same keys
   * @throws ErpsyncError (storage) when it cannot be written; the file is then as it was
   */
  write(parts: AsyncIterable<RequestKeys>, instead: string): Promise<void>;
  /** Leaves the file as it is; harmless when it was written. */
  discard(): Promise<void>;
}

/**
 * Makes ready to replace a file, so that a place that cannot be written is known before anything is sent.
 * The file itself is replaced only at the end, at once and also when no key is left.
 *
 * @param flag what errors name
 * @throws ErpsyncError (usage) for a directory or a place that cannot be written
 */
export async function leftoverFile(given: string, flag: string): Promise<LeftoverFile> {
  // A link stays; what it points to is replaced.
  const file = await realpath(given).catch(() => given);
  // A device such as /dev/null or /dev/stderr cannot be replaced, only written to.
  const special = await isSpecial(file, flag);
  const staged = special
    ? file
    : path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.new`);
  const handle = await open(staged, special ? 'w' : 'wx', 0o600).catch((error: unknown) => {
    throw unwritable('usage', `${flag} ${file}`, error, 'give another path');
  });
  return {
    async write(parts, instead) {
      try {
        await pipeline(lines(parts), createWriteStream(file, { fd: handle }));
        if (!special) await rename(staged, file);
      } catch (error) {
        if (!special) await rm(staged, { force: true });
        if (error instanceof ErpsyncError) throw error;
        throw new ErpsyncError('storage', {
          what: `${flag} ${file} was not written`,
          why: systemReason(error),
          next: `print its keys elsewhere: ${instead}`,
          cause: error,
        });
      }
    },
    async discard() {
      await handle.close().catch(() => undefined);
      if (!special) await rm(staged, { force: true });
    },
  };
}

async function* lines(parts: AsyncIterable<RequestKeys>): AsyncGenerator<string> {
  for await (const keys of parts)
    yield Array.from<number | string, string>(keys, (key) => `${key}\n`).join('');
}

async function isSpecial(file: string, flag: string): Promise<boolean> {
  try {
    const found = await stat(file);
    if (found.isDirectory())
      throw unusable(`${flag} ${file}`, 'it is a directory', 'give the path of a file');
    return !found.isFile();
  } catch (error) {
    if (error instanceof ErpsyncError) throw error;
    return false;
  }
}
