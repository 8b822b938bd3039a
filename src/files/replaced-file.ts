/** Files that are replaced as a whole: a reader sees the old text or the new one. */
import { appendFile, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** How a file is replaced. */
interface Replacement {
  /** Of the new file: 0600 unless others are to read it. */
  readonly mode?: number;
}

/**
 * Puts a text in place of a file's, or makes the file. A link stays, and what it points to is replaced; a device such as
 * /dev/stdout is written to.
 *
 * @throws what the system said; the file is then as it was
 */
export async function replaceFile(
  file: string,
  text: string,
  { mode = 0o600 }: Replacement = {},
): Promise<void> {
  if (await isSpecial(file)) return await appendFile(file, text);
  const target = await realpath(file).catch(() => linked(file));
  const staged = `${target}.new`;
  const handle = await open(staged, 'w', mode);
  try {
    await handle.writeFile(text);
    await handle.close();
    await rename(staged, target);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(staged, { force: true });
    throw error;
  }
}

/** Where a link leads although nothing is there yet; else the file itself. */
async function linked(file: string): Promise<string> {
  const to = await readlink(file).catch(() => undefined);
  return to === undefined ? file : path.resolve(path.dirname(file), to);
}

/** Whether it is no file by itself: a device, a pipe, or a name for an open one, which may be a file. */
async function isSpecial(file: string): Promise<boolean> {
  if (/^\/(?:dev|proc)\//.test(file)) return true;
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}
