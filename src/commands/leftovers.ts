/** `--failed-out` and `--unknown-out`: the files that a run leaves behind. */
import { unusable } from '../error-words.ts';
import { ErpsyncError, usageError } from '../errors.ts';
import type { PartState } from '../resync/ledger.ts';
import type { LeftoverFile } from '../resync/leftover-files.ts';
import type { RequestKeys } from '../resync/plan.ts';

/** Paths as they were given. */
export interface LeftoverPaths {
  readonly failedOut: string | undefined;
  readonly unknownOut: string | undefined;
}

/** Files that are ready to be replaced. */
export interface Leftovers {
  /**
   * @param run the id of the run whose keys are written
   * @returns what could not be written: the run itself has to be told all the same
   */
  write(
    run: string,
    keysIn: (states: readonly PartState[]) => AsyncIterable<RequestKeys>,
  ): Promise<ErpsyncError | undefined>;
  /** Leaves the files as they are; harmless when they were written. */
  discard(): Promise<void>;
}

/** @throws ErpsyncError (usage) where `everyRecord` leaves no keys to write, and for one file for both */
export function checkLeftoverPaths({ failedOut, unknownOut }: LeftoverPaths, everyRecord: boolean): void {
  const output = failedOut === undefined ? '--unknown-out' : '--failed-out';
  if (failedOut === undefined && unknownOut === undefined) return;
  if (everyRecord)
    throw unusable(output, 'it writes keys, and a resync of every record names none', 'leave it out');
  if (failedOut === unknownOut)
    throw usageError({
      what: '--failed-out and --unknown-out cannot be the same file',
      why: 'what the one writes the other would overwrite',
      next: 'give two files',
    });
}

/** @throws ErpsyncError (usage) for a place that cannot be written, before anything is sent */
export async function openLeftovers({ failedOut, unknownOut }: LeftoverPaths): Promise<Leftovers> {
  if (failedOut === undefined && unknownOut === undefined) {
    return { write: () => Promise.resolve(undefined), discard: () => Promise.resolve() };
  }
  const { leftoverFile } = await import('../resync/leftover-files.ts');
  const open = async (path: string | undefined, flag: string): Promise<LeftoverFile | undefined> =>
    path === undefined ? undefined : await leftoverFile(path, flag);
  const failedFile = await open(failedOut, '--failed-out');
  let unknownFile: LeftoverFile | undefined;
  try {
    unknownFile = await open(unknownOut, '--unknown-out');
  } catch (error) {
    await failedFile?.discard();
    throw error;
  }
  return {
    async write(run, keysIn) {
      const problems: unknown[] = [];
      for (const [file, states] of [
        [failedFile, ['unsent', 'rejected', 'failed']],
        [unknownFile, ['unknown']],
      ] as const) {
        const options = states.map((state) => `--state ${state}`).join(' ');
        const instead = `erpsync runs keys ${run} ${options} -o ids`;
        await file?.write(keysIn(states), instead).catch((error: unknown) => problems.push(error));
      }
      const [first] = problems;
      if (first === undefined || first instanceof ErpsyncError) return first;
      throw first;
    },
    async discard() {
      await failedFile?.discard();
      await unknownFile?.discard();
    },
  };
}
