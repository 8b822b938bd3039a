/** What a run was about, and how it ended beyond the outcomes of its requests. */
import type { EndingSignal, ErpsyncError } from '../errors.ts';
import type { FollowedTask } from './follow.ts';
import type { ResyncOperation, ResyncSource } from './plan.ts';
import type { WatchEnd } from './task-watch.ts';

/** How a run ended beyond its outcomes. */
export interface RunEnd {
  readonly signal: EndingSignal | undefined;
  /** What came up before the first request or after the last one: a source that is none any more. */
  readonly problem: ErpsyncError | undefined;
  /** Why its journal could not be written to the end. */
  readonly journal?: ErpsyncError | undefined;
  /** Keys (a request, where every record was asked for) whose answers came and are not in the journal. */
  readonly unrecorded?: number;
  /** Why the files of keys that were not accepted could not be written. */
  readonly leftovers?: ErpsyncError | undefined;
  /** Its batch tasks, where they were followed. */
  readonly followed?: FollowedRun | undefined;
  /** The batch tasks were compared with the unknown requests: nobody is told to do that again. */
  readonly checked?: boolean;
}

/** What following a run's batch tasks came to. */
export interface FollowedRun {
  readonly tasks: readonly FollowedTask[];
  /** A task ended as Failed. */
  readonly failed: boolean;
  /** For some request it was not seen that its task succeeded. */
  readonly pending: boolean;
  readonly ended: WatchEnd;
  /** Why nothing more could be seen. */
  readonly error: ErpsyncError | undefined;
}

/** What a run was about, as far as its result tells it. */
export interface RunSubject {
  /** Given by `--run`; null or undefined for none. */
  readonly name?: string | null;
  readonly operation: ResyncOperation;
  readonly source: ResyncSource;
  /** Null for every record. */
  readonly keys: {
    readonly given: number;
    /** Different ones. */
    readonly count: number;
    readonly unresolved: number;
  } | null;
}
