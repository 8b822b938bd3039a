/** Every archive that the sandbox has. */
import { Refusal } from '../refusal.ts';
import type { Archive } from './column.ts';
import { dynamicArchive } from './dynamic-archive.ts';
import { erpArchives } from './erp-archives.ts';
import { taskArchive } from './task-archive.ts';

/** The archives, by name. */
export const archives: readonly Archive[] = [taskArchive, dynamicArchive, ...erpArchives];

/** An archive by its name in any case. @throws Refusal when there is none. */
export function archiveNamed(name: string): Archive {
  const archive = archives.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());
  if (archive !== undefined) return archive;
  throw new Refusal(
    `There is no archive "${name.slice(0, 100)}", but ${archives.map((one) => one.name).join(', ')}`,
  );
}
