/** Looking at batch tasks again and again until they have ended; knows no terminal. */
import type { BatchTaskInfoValue } from '../agent/batch-carriers.ts';
import type { AgentClient } from '../agent/client.ts';
import { ErpsyncError } from '../errors.ts';
import type { Clock } from '../transport/retry.ts';
import { type SeenTask, taskWithId } from './task-search.ts';
import { type TaskEnd, taskEnd } from './task-verdicts.ts';

/** A task as it was last seen. */
export interface WatchedTask extends SeenTask {
  readonly end: TaskEnd;
}

/** Why the watching ended; `unseen`: the server does not let us look any more. */
export type WatchEnd = 'all' | 'time' | 'signal' | 'unseen';

/** How tasks are watched. */
export interface WatchOptions {
  readonly client: AgentClient;
  /** Looks for tasks to watch besides those that are known; asked in each round. */
  readonly search?: (signal?: AbortSignal) => Promise<readonly SeenTask[]>;
  /** Tasks to watch from the start. */
  readonly known?: readonly SeenTask[];
  /** Whether these are all, so that the watching ends with the last of them. */
  isComplete(tasks: readonly WatchedTask[]): boolean;
  /** In ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Ends the watching early. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each task when it is first seen, and when its state or progress has changed. */
  readonly onChange?: ((task: WatchedTask) => void) | undefined;
  /** Told of a look that failed and is repeated. */
  readonly onLost?: ((error: ErpsyncError) => void) | undefined;
}

/** What the watching came to. */
export interface Watched {
  /** By ascending id. */
  readonly tasks: readonly WatchedTask[];
  readonly ended: WatchEnd;
  /** Why nothing more can be seen, with `unseen`. */
  readonly error: ErpsyncError | undefined;
}

/** First and longest pause between two looks (ms). */
const [firstPauseMs, longestPauseMs] = [1_000, 15_000];
/** When tasks that are due do not show after all others have ended, they are given up after this (ms). */
const graceMs = 30_000;
/** So many refusals in a row show that the server will not answer. */
const mostRefusals = 3;

/** Watches until all tasks have ended or vanished, the time is over, or the signal aborts. */
export async function watchTasks(options: WatchOptions): Promise<Watched> {
  const { client, search, isComplete, timeoutMs, clock, signal, onChange, onLost } = options;
  const tasks = new Map<number, WatchedTask>();
  const begin = clock.now();
  let changedAt = begin;
  let refusals = 0;

  function note(id: number, info: BatchTaskInfoValue, end: TaskEnd): void {
    const before = tasks.get(id);
    const task = { id, info, end };
    tasks.set(id, task);
    if (before && before.end === end && look(before.info) === look(info)) return;
    changedAt = clock.now();
    onChange?.(task);
  }

  async function lookAround(): Promise<void> {
    const listed = new Set<number>();
    for (const { id, info } of (await search?.(signal)) ?? []) {
      listed.add(id);
      if (isOpen(tasks.get(id))) note(id, info, taskEnd(info.State));
    }
    for (const { id, info } of sorted(tasks)) {
      if (listed.has(id) || !isOpen(tasks.get(id))) continue;
      const now = await taskWithId(client, id, signal);
      note(id, now ?? info, now === null ? 'vanished' : taskEnd(now.State));
    }
  }

  const result = (ended: WatchEnd, error?: ErpsyncError): Watched => ({ tasks: sorted(tasks), ended, error });
  for (const { id, info } of options.known ?? []) note(id, info, taskEnd(info.State));
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    try {
      await lookAround();
      refusals = 0;
    } catch (error) {
      if (!(error instanceof ErpsyncError)) throw error;
      if (signal?.aborted) return result('signal');
      if (error.code === 'rejected') refusals++;
      if (!mayPass(error) || refusals >= mostRefusals) return result('unseen', error);
      onLost?.(error);
    }
    const all = sorted(tasks);
    if (refusals === 0 && !all.some(isOpen)) {
      if (isComplete(all) || clock.now() - changedAt >= graceMs) return result('all');
    }
    if (signal?.aborted) return result('signal');
    const leftMs = begin + timeoutMs - clock.now();
    if (leftMs <= 0) return result('time');
    await clock.sleep(Math.min(pauseMs, leftMs), signal);
    if (signal?.aborted) return result('signal');
  }
}

function isOpen(task: WatchedTask | undefined): boolean {
  return task === undefined || task.end === 'open';
}

/** Whether another look may go better: a lost answer, a server that is away, or a refusal of its own. */
function mayPass({ code }: ErpsyncError): boolean {
  return code === 'network' || code === 'unavailable' || code === 'rejected';
}

function look({ State, ProgressPercent, ProgressDescription }: BatchTaskInfoValue): string {
  return JSON.stringify([State, ProgressPercent, ProgressDescription]);
}

function sorted(tasks: ReadonlyMap<number, WatchedTask>): WatchedTask[] {
  return [...tasks.values()].sort((a, b) => a.id - b.id);
}
