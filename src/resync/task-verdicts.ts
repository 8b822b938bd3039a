/** What the batch tasks that appeared say about the requests that were accepted. */
import type { BatchTaskInfoValue } from '../agent/batch-carriers.ts';

/** How far a task was seen to come; a task that the server no longer has is `vanished`, whatever it did. */
export type TaskEnd = 'succeeded' | 'failed' | 'vanished' | 'open';

/** What became of an accepted request; `unconfirmed`: its task cannot be told from others, or its end was not seen. */
export type Verdict = 'done' | 'failed' | 'unconfirmed';

/** Where a state of the wire stands. */
export function taskEnd(state: BatchTaskInfoValue['State']): TaskEnd {
  if (state === 'Succeeded' || state === 'SucceededManualCleanup') return 'succeeded';
  return state === 'Failed' ? 'failed' : 'open';
}

/** How the requests went. */
export interface AcceptedRequests {
  /** So many were accepted. */
  readonly accepted: number;
  /**
   * Each was sent after the answer to the one before, so that their tasks were created in the same order. With
   * several under way at a time the server may have taken them in any order.
   */
  readonly inOrder: boolean;
}

/**
 * A verdict for each accepted request, in their order. `ends` are those of all tasks that may be theirs, by
 * ascending id.
 *
 * 1. More or fewer tasks than requests: nobody knows which are whose, all are unconfirmed.
 * 2. As many, and all ended alike: whichever is whose, the verdict is the same for all.
 * 3. As many, with different ends: one to one if the requests went in order, else all are unconfirmed.
 */
export function verdicts({ accepted, inOrder }: AcceptedRequests, ends: readonly TaskEnd[]): Verdict[] {
  const alike = ends.every((end) => end === ends[0]);
  if (ends.length !== accepted || !(alike || inOrder)) {
    return Array.from({ length: accepted }, () => 'unconfirmed');
  }
  return ends.map((end) => (end === 'succeeded' ? 'done' : end === 'failed' ? 'failed' : 'unconfirmed'));
}
