/** Batch tasks as commands show them. */
import type { BatchTaskInfoValue } from '../../agent/batch-carriers.ts';
import { pointInTime } from '../../agent/server-time.ts';
import { wholeNumber } from '../../cli/values.ts';

/** The id of a task as an argument. */
export const taskId = wholeNumber('id', 1, 2 ** 31 - 1);

/** What a list says of a task. */
export function taskItem(task: BatchTaskInfoValue) {
  return {
    id: task.Id ?? null,
    name: task.Name ?? '',
    description: task.Description ?? '',
    state: task.State ?? null,
    progressPercent: task.ProgressPercent ?? null,
    progress: task.ProgressDescription ?? '',
    associateId: task.AssociateId ?? null,
    system: task.IsSystemTask ?? null,
    created: pointInTime(task.Created),
    lastStarted: pointInTime(task.LastStarted),
    request: task.Request ?? '',
    response: task.Response ?? '',
  };
}

/** One line of the list. */
export type TaskItem = ReturnType<typeof taskItem>;

/** State and progress in one word or two. */
export function stateInWords({ state, progressPercent }: TaskItem): string {
  const percent = progressPercent === null || state !== 'Started' ? '' : ` ${progressPercent} %`;
  return `${state ?? 'unknown'}${percent}`;
}
