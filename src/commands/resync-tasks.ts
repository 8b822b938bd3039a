/** A run's batch tasks on the server: room for more of them, and their end. */
import type { Context } from '../cli/context.ts';
import type { Session } from '../cli/session.ts';
import {
  type FollowedTask,
  followRun,
  hasEnded,
  highestTaskId,
  isResyncTask,
  resyncTaskPattern,
  type TaskVerdict,
  verdicts,
} from '../resync/follow.ts';
import type { Journal } from '../resync/journal.ts';
import type { Part } from '../resync/journal-entries.ts';
import type { FollowedRun } from '../resync/result.ts';
import type { Pace } from '../transport/pace.ts';

/** What is known before the first request, to find the tasks of the run afterwards. */
export interface TaskMark {
  readonly associateId: number;
  readonly above: number;
}

/** Remembers in the journal where the tasks stand. @throws ErpsyncError as for any read, and (storage) */
export async function markTasks({ client, associateId }: Session, journal: Journal): Promise<TaskMark> {
  const id = await associateId();
  const above = await highestTaskId(client, id);
  await journal.note('task-mark', String(above));
  return { associateId: id, above };
}

/** Follows the tasks of the parts that were accepted, and writes down what became of each. */
export async function followParts(
  accepted: readonly Part[],
  mark: TaskMark,
  how: { readonly timeoutMs: number; readonly inOrder: boolean; readonly signal: AbortSignal },
  { client }: Session,
  journal: Journal,
  context: Context,
): Promise<FollowedRun> {
  const run = { ...mark, pattern: resyncTaskPattern, requests: accepted.length };
  const { timeoutMs, inOrder, signal } = how;
  const { tasks, ended } = await followRun(client, run, {
    clock: context.host.clock,
    timeoutMs,
    signal,
    onChange: (task) => tellTask(task, context),
  });
  const each: readonly TaskVerdict[] =
    ended === 'all'
      ? verdicts(tasks, accepted.length, inOrder)
      : accepted.map((): TaskVerdict => 'unconfirmed');
  const ids = tasks.length === accepted.length && inOrder ? tasks.map(({ id }) => id) : [];
  for (const [index, part] of accepted.entries()) {
    journal.task(part, each[index] ?? 'unconfirmed', ids[index] ?? null);
  }
  const failed = tasks.some(({ state }) => state === 'Failed');
  return { tasks, failed, pending: each.some((verdict) => verdict === 'unconfirmed') };
}

function tellTask(task: FollowedTask, context: Context): void {
  context.event({ type: 'task', ...task });
  const percent =
    task.state === 'Started' && task.progressPercent !== null ? ` ${task.progressPercent} %` : '';
  context.note(`Task ${task.id}: ${task.state}${percent}`);
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
  { client }: Session,
  { host }: Context,
): { readonly pace: Pace; landed(): void } {
  let underWay = 0;
  let turn: Promise<void> = Promise.resolve();
  const unfinished = async (): Promise<number> => {
    const tasks = await client.read('GetBatchTaskInfosByAssociates', { AssociateIds: [associateId] });
    return (tasks ?? []).filter(
      (task) => task !== null && isResyncTask(task, resyncTaskPattern) && !hasEnded(task.State ?? ''),
    ).length;
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
