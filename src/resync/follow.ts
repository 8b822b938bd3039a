/**
 * Follows batch tasks to their end. A resync answers no task id, so the tasks of a run are those of its user
 * with a higher id than any before the first request, whose name looks like an ERP resync. Other jobs of the same
 * user may look alike, and a task may vanish when it is done: what cannot be told is told as that.
 */
import type { BatchTaskInfoValue } from '../agent/batch-carriers.ts';
import type { AgentClient } from '../agent/client.ts';
import { ErpsyncError } from '../errors.ts';
import type { Clock } from '../transport/retry.ts';

/** The name of the server's task is not documented; its resource key has these words in it. */
export const resyncTaskPattern = /erp.*resync/is;

/** A task as it was last seen. */
export interface FollowedTask {
  readonly id: number;
  /** `Vanished` for one that is no longer there. */
  readonly state: string;
  readonly progressPercent: number | null;
}

/** How following ended: all tasks did, the time was over, or a signal came. */
export type FollowEnd = 'all' | 'time' | 'signal';

/** What was seen. */
export interface Followed {
  readonly tasks: readonly FollowedTask[];
  readonly ended: FollowEnd;
}

/** What following needs. */
export interface FollowOptions {
  readonly clock: Clock;
  /** In ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told when a task is first seen and whenever its state or progress changes. */
  readonly onChange: (task: FollowedTask) => void;
}

/** Between two looks, in ms: soon at first, later less often. */
const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/** What became of an accepted request's task; `unconfirmed` where that cannot be told. */
export type TaskVerdict = 'done' | 'failed' | 'unconfirmed';

/** The highest id of a user's tasks; 0 where there is none. @throws ErpsyncError as for any read */
export async function highestTaskId(client: AgentClient, associateId: number): Promise<number> {
  const tasks = await client.read('GetBatchTaskInfosByAssociates', { AssociateIds: [associateId] });
  return Math.max(0, ...(tasks ?? []).map((task) => task?.Id ?? 0));
}

/** Whether a task is an ERP resync, by its name or its description. */
export function isResyncTask({ Name, Description }: BatchTaskInfoValue, pattern: RegExp): boolean {
  return pattern.test(Name ?? '') || pattern.test(Description ?? '');
}

/** Whether a task will not change any more. */
export function hasEnded(state: string): boolean {
  return ['Succeeded', 'SucceededManualCleanup', 'Failed', 'Vanished'].includes(state);
}

/** Follows the tasks of a run. */
export async function followRun(
  client: AgentClient,
  run: {
    readonly associateId: number;
    /** The highest task id before the first request. */
    readonly above: number;
    readonly pattern: RegExp;
    /** Requests that were accepted, so that many tasks are waited for. */
    readonly requests: number;
  },
  options: FollowOptions,
): Promise<Followed> {
  const look = async (): Promise<readonly BatchTaskInfoValue[]> => {
    const tasks = await client.read('GetBatchTaskInfosByAssociates', { AssociateIds: [run.associateId] });
    return (tasks ?? []).flatMap((task) =>
      task !== null && (task.Id ?? 0) > run.above && isResyncTask(task, run.pattern) ? [task] : [],
    );
  };
  return await follow(look, run.requests, options);
}

/** Follows tasks by their ids. */
export async function followTasks(
  client: AgentClient,
  ids: readonly number[],
  options: FollowOptions,
): Promise<Followed> {
  const look = async (): Promise<readonly BatchTaskInfoValue[]> => {
    const found: BatchTaskInfoValue[] = [];
    for (const id of ids) {
      const { outcome } = await client.call('GetBatchTaskInfo', { Id: id });
      if (outcome.kind === 'accepted' && outcome.value !== null) found.push(outcome.value);
      else if (outcome.kind !== 'accepted' && !(outcome.kind === 'rejected' && outcome.notFound)) {
        throw outcome.error;
      }
    }
    return found;
  };
  return await follow(look, ids.length, options);
}

async function follow(
  look: () => Promise<readonly BatchTaskInfoValue[]>,
  expected: number,
  { clock, timeoutMs, signal, onChange }: FollowOptions,
): Promise<Followed> {
  const seen = new Map<number, FollowedTask>();
  const end = clock.now() + timeoutMs;
  const ended = (how: FollowEnd): Followed => {
    return { tasks: [...seen.values()].toSorted((a, b) => a.id - b.id), ended: how };
  };
  const keep = (task: FollowedTask): void => {
    const before = seen.get(task.id);
    seen.set(task.id, task);
    if (before?.state !== task.state || before.progressPercent !== task.progressPercent) onChange(task);
  };
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    const tasks = await lookAgain(look);
    if (tasks !== undefined) {
      for (const { Id: id = 0, State, ProgressPercent } of tasks) {
        keep({ id: id ?? 0, state: State ?? 'Unknown', progressPercent: ProgressPercent ?? null });
      }
      const there = new Set(tasks.map(({ Id }) => Id));
      for (const task of seen.values()) {
        if (!there.has(task.id) && !hasEnded(task.state)) keep({ ...task, state: 'Vanished' });
      }
    }
    if (seen.size >= expected && [...seen.values()].every(({ state }) => hasEnded(state)))
      return ended('all');
    if (signal.aborted) return ended('signal');
    const left = end - clock.now();
    if (left <= 0) return ended('time');
    await clock.sleep(Math.min(pauseMs, left), signal);
  }
}

/** A look whose answer is lost does not end the following: there is another one. */
async function lookAgain<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const lasting = ['auth', 'forbidden', 'usage', 'config', 'internal'];
    if (error instanceof ErpsyncError && !lasting.includes(error.code)) return undefined;
    throw error;
  }
}

/**
 * What became of each accepted request, in the order in which they were sent. With as many tasks as requests
 * they are told apart only where that makes no difference, or where the requests left one after the other; with
 * more or fewer, only if all went the same way.
 *
 * @param inOrder whether each request was answered before the next one left
 */
export function verdicts(
  tasks: readonly FollowedTask[],
  requests: number,
  inOrder: boolean,
): readonly TaskVerdict[] {
  const each = tasks.toSorted((a, b) => a.id - b.id).map(({ state }) => verdictOf(state));
  const [first] = each;
  const all = (verdict: TaskVerdict): TaskVerdict[] => Array<TaskVerdict>(requests).fill(verdict);
  if (first === undefined || each.length < requests) return all('unconfirmed');
  if (each.every((verdict) => verdict === first)) return all(first);
  return inOrder && each.length === requests ? each : all('unconfirmed');
}

function verdictOf(state: string): TaskVerdict {
  if (state === 'Succeeded' || state === 'SucceededManualCleanup') return 'done';
  return state === 'Failed' ? 'failed' : 'unconfirmed';
}
