/** Following the batch tasks that a run started, and what their ends say about its requests. */
import type { ErpsyncError } from '../errors.ts';
import { type TaskSearch, taskSearch } from './task-search.ts';
import { type AcceptedRequests, type Verdict, verdicts } from './task-verdicts.ts';
import { type WatchEnd, type WatchedTask, type WatchOptions, watchTasks } from './task-watch.ts';

/** What is followed, and how. */
export interface FollowOptions
  extends TaskSearch,
    AcceptedRequests,
    Pick<WatchOptions, 'client' | 'timeoutMs' | 'clock' | 'signal' | 'onChange' | 'onLost'> {
  /** Told once, when the tasks found are the system's, since none of ours showed. */
  readonly onSystemTasks?: (() => void) | undefined;
}

/** A task as a result shows it. */
export interface FollowedTask {
  readonly id: number;
  /** As on the wire; `Vanished` when the server no longer has it. */
  readonly state: string | null;
  readonly progressPercent: number | null;
}

/** What the following came to. */
export interface Followed {
  /** All that may be the run's, by ascending id. */
  readonly tasks: readonly FollowedTask[];
  /** For each accepted request, in their order. */
  readonly verdicts: readonly Verdict[];
  readonly ended: WatchEnd;
  /** Why nothing more could be seen, with `unseen`. */
  readonly error: ErpsyncError | undefined;
  /** 13 when any task failed, 0 when every request is done, else 8. */
  readonly status: FollowStatus;
}

/** How following ended: the names of exit codes 0, 13 and 8. */
export type FollowStatus = 'ok' | 'failed' | 'pending';

/**
 * Follows until as many tasks as requests were accepted, and all that appeared, have ended; until the time is
 * over; or until the signal aborts. Fewer tasks than requests are given half a minute after the last change:
 * the server may have removed those that ended early. Never throws for what the server answers.
 */
export async function follow(options: FollowOptions): Promise<Followed> {
  const { accepted, client, onSystemTasks, timeoutMs, clock, signal, onChange, onLost } = options;
  if (accepted === 0) return { tasks: [], verdicts: [], ended: 'all', error: undefined, status: 'ok' };
  const searchAgain = taskSearch(client, options);
  let toldOfSystem = false;
  const { tasks, ended, error } = await watchTasks({
    client,
    timeoutMs,
    clock,
    signal,
    onChange,
    onLost,
    isComplete: ({ length }) => length >= accepted,
    async search(aborting) {
      const found = await searchAgain(aborting);
      if (found.system && !toldOfSystem) onSystemTasks?.();
      toldOfSystem ||= found.system;
      return found.tasks;
    },
  });
  const ends = tasks.map(({ end }) => end);
  const each = verdicts(options, ends);
  const isDone = each.every((verdict) => verdict === 'done');
  const status = ends.includes('failed') ? 'failed' : isDone ? 'ok' : 'pending';
  return { tasks: tasks.map(followedTask), verdicts: each, ended, error, status };
}

/** A task in the form of results. */
function followedTask({ id, info, end }: WatchedTask): FollowedTask {
  return {
    id,
    state: end === 'vanished' ? 'Vanished' : (info.State ?? null),
    progressPercent: info.ProgressPercent ?? null,
  };
}
