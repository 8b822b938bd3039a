/** Where the batch tasks stood before the first request of a run: its own have higher ids. */
import type { Session } from '../cli/session.ts';
import type { Journal } from '../resync/journal.ts';
import type { Ledger } from '../resync/ledger.ts';
import { highestTaskId } from '../resync/task-search.ts';

/** What is known before the first request, to find the tasks of the run afterwards. */
export interface TaskMark {
  readonly associateId: number;
  readonly above: number;
}

/** Remembers in the journal where the tasks stand. @throws ErpsyncError as for any read, and (storage) */
export async function markTasks(
  { client, associateId, taskName }: Session,
  journal: Journal,
): Promise<TaskMark> {
  const id = await associateId();
  const above = await highestTaskId(client, id, taskName);
  await journal.note('task-mark', String(above));
  return { associateId: id, above };
}

/** The mark that was made before the very first request; undefined where none was. */
export function firstMark({ notes }: Ledger): number | undefined {
  const again = notes.findIndex(({ note }) => note === 'resumed');
  const first = (again === -1 ? notes : notes.slice(0, again)).find(({ note }) => note === 'task-mark');
  return first?.detail == null ? undefined : Number(first.detail);
}
