/** Files of keys that were not accepted, in a form that the same command reads again. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { ErpsyncError, systemErrorCode, usageError } from '../errors.ts';
import type { RequestKeys } from './plan.ts';
import type { RunReport } from './runner.ts';

/** A file to write when the run has ended. */
export interface LeftoverFile {
  /** @throws ErpsyncError (storage) when it cannot be written; the file is then as it was */
  write(parts: readonly RequestKeys[]): Promise<void>;
  /** Leaves the file as it was. */
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
    throw usageError(
      `${flag} ${file} cannot be written: ${systemErrorCode(error) ?? error}`,
      'give another path',
    );
  });
  return {
    async write(parts) {
      try {
        const stream = createWriteStream(file, { fd: handle });
        for (const keys of parts)
          stream.write(Array.from<number | string, string>(keys, (key) => `${key}\n`).join(''));
        stream.end();
        await finished(stream);
        if (!special) await rename(staged, file);
      } catch (error) {
        await rm(staged, { force: true });
        throw new ErpsyncError(
          'storage',
          `${flag} ${file} could not be written: ${systemErrorCode(error) ?? error}`,
          { cause: error },
        );
      }
    },
    async discard() {
      await handle.close();
      if (!special) await rm(staged, { force: true });
    },
  };
}

/** The keys that were refused or never sent, and those whose outcome is not known. */
export function leftovers({ outcomes, untried }: RunReport): {
  readonly failed: readonly RequestKeys[];
  readonly unknown: readonly RequestKeys[];
} {
  const keysOf = (kinds: readonly string[]): RequestKeys[] =>
    outcomes.flatMap(({ outcome, request }) =>
      kinds.includes(outcome.kind) && request.keys ? [request.keys] : [],
    );
  const never = untried.flatMap(({ keys }) => (keys ? [keys] : []));
  return { failed: [...keysOf(['rejected', 'unsent']), ...never], unknown: keysOf(['unknown']) };
}

async function isSpecial(file: string, flag: string): Promise<boolean> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw usageError(`${flag} ${file} is a directory`, 'give the path of a file');
    return !found.isFile();
  } catch (error) {
    if (error instanceof ErpsyncError) throw error;
    return false;
  }
}
