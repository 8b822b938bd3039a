/** Files that are replaced as a whole: a reader sees the old text or the new one. */
import { open, rename, rm } from 'node:fs/promises';

/** How a file is replaced. */
interface Replacement {
  /** Of the new file: 0600 unless others are to read it. */
  readonly mode?: number;
}

/**
 * Puts a text in place of a file's, or makes the file.
 *
 * @throws what the system said; the file is then as it was
 */
export async function replaceFile(
  file: string,
  text: string,
  { mode = 0o600 }: Replacement = {},
): Promise<void> {
  const staged = `${file}.new`;
  const handle = await open(staged, 'w', mode);
  try {
    await handle.writeFile(text);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await rename(staged, file);
}
