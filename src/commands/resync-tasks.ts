/** A run's batch tasks on the server: room for more of them, and their end. */

import type { Context } from '../cli/context.ts';
import type { Session } from '../cli/session.ts';
import { continued } from '../errors.ts';
import { follow } from '../resync/follow.ts';
import type { Journal } from '../resync/journal.ts';
import type { Part } from '../resync/journal-entries.ts';
import type { FollowedRun } from '../resync/run-end.ts';
import { isNamed, namePattern } from '../resync/task-pattern.ts';
import { ownTasks } from '../resync/task-search.ts';
import { taskEnd } from '../resync/task-verdicts.ts';
import type { WatchedTask } from '../resync/task-watch.ts';
import type { Pace } from '../transport/pace.ts';
import type { TaskMark } from './task-mark.ts';

/** Follows the tasks of the parts that were accepted, and writes down what became of each. */
export async function followParts(
  accepted: readonly Part[],
  mark: TaskMark,
  how: {
    readonly timeoutMs: number;
    /** Each request was answered before the next one left. */
    readonly inOrder: boolean;
    readonly signal: AbortSignal;
    /** The source of the run, 0 for CRM. */
    readonly sourceId: number;
  },
  { client, taskName }: Session,
  journal: Journal,
  context: Context,
): Promise<FollowedRun> {
  const { tasks, verdicts, status, ended, error } = await follow({
    ...mark,
    ...how,
    client,
    pattern: taskName,
    accepted: accepted.length,
    clock: context.host.clock,
    onChange: (task) => tellTask(task, context),
    onLost: ({ message }) =>
      context.note(continued(`the tasks could not be looked at: ${message}`, 'looking again')),
    onSystemTasks: () => context.note('None of the tasks is ours; the tasks of the system are followed.'),
  });
  if (error !== undefined) context.warn(`warning: the tasks can no longer be seen: ${error.message}`);
  const ids = tasks.length === accepted.length && how.inOrder ? tasks.map(({ id }) => id) : [];
  for (const [index, part] of accepted.entries()) {
    journal.task(part, verdicts[index] ?? 'unconfirmed', ids[index] ?? null);
  }
  return { tasks, failed: status === 'failed', pending: status === 'pending', ended, error };
}

function tellTask({ id, info, end }: WatchedTask, context: Context): void {
  const state = end === 'vanished' ? 'Vanished' : (info.State ?? null);
  const progressPercent = info.ProgressPercent ?? null;
  context.event({ type: 'task', id, state, progressPercent });
  const percent = state === 'Started' && progressPercent !== null ? ` ${progressPercent} %` : '';
  context.note(`Task ${id}: ${state ?? 'unknown'}${percent}`);
}

/** Between two looks at how many tasks there are (ms): soon at first, later less often. */
const firstRoomPauseMs = 500;
const longestRoomPauseMs = 5_000;

/**
 * A pace that lets a request leave only while fewer resync tasks than `most` are unfinished on the server;
 * requests that are under way count as tasks, `landed` tells when one no longer is.
 */
export function roomyPace(
  pace: Pace,
  most: number,
  associateId: number,
  { client, taskName }: Session,
  { host }: Context,
): { readonly pace: Pace; landed(): void } {
  let underWay = 0;
  let turn: Promise<void> = Promise.resolve();
  const pattern = namePattern(taskName);
  const unfinished = async (): Promise<number> => {
    const tasks = await ownTasks(client, associateId);
    return tasks.filter(({ info }) => isNamed(info, pattern) && taskEnd(info.State) === 'open').length;
  };
  const room = async (signal: AbortSignal | undefined): Promise<void> => {
    for (let pauseMs = firstRoomPauseMs; ; pauseMs = Math.min(longestRoomPauseMs, 2 * pauseMs)) {
      if (signal?.aborted || underWay + (await unfinished()) < most) break;
      await host.clock.sleep(pauseMs, signal);
    }
    underWay++;
  };
  return {
    pace: {
      async take(signal) {
        const before = turn;
        turn = before.catch(() => undefined).then(() => room(signal));
        await turn;
        await pace.take(signal);
      },
    },
    landed() {
      underWay--;
    },
  };
}
