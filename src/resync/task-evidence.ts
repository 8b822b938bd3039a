/** What the batch tasks that appeared since a run began say about the requests whose outcome is not known. */
import { quantity } from './tally.ts';

/** What was counted. */
export interface TaskCounts {
  /** Resync tasks of this login, or of the system, that are there now. */
  readonly tasks: number;
  /** Those that were there before the run are not among them, since it noted which they were. */
  readonly isMarked: boolean;
  /** Requests that the server has accepted: each made a task. */
  readonly accepted: number;
  /** Requests whose outcome is not known: each may have made a task. */
  readonly unknown: number;
  /** How often requests were sent again: what went before may have made tasks of its own. */
  readonly repeats: number;
}

/**
 * How many of the unknown requests the tasks account for. Never a proof: the server may remove tasks that have
 * ended, and other jobs of the same user look alike.
 */
type TaskFinding = 'none-unknown' | 'all' | 'some' | 'none' | 'nothing';

/** The comparison as a result has it. */
export interface TaskCheck extends TaskCounts {
  readonly finding: TaskFinding;
  /** What it means, and what to do with it. */
  readonly message: string;
}

/** @returns `nothing` where tasks of accepted requests are missing too, or may be those of earlier tries */
function findingOf({ tasks, accepted, unknown, repeats }: TaskCounts): TaskFinding {
  if (unknown === 0) return 'none-unknown';
  if (tasks >= accepted + unknown) return tasks >= accepted + unknown + repeats ? 'all' : 'nothing';
  if (tasks > accepted) return 'some';
  return tasks === accepted ? 'none' : 'nothing';
}

/** The comparison. `resume` is the command that goes on with the run. */
export function taskCheck(counts: TaskCounts, resume: string): TaskCheck {
  return { ...counts, finding: findingOf(counts), message: findingInWords(counts, resume) };
}

function findingInWords(counts: TaskCounts, resume: string): string {
  const { tasks, isMarked, accepted, unknown, repeats } = counts;
  const asked = [
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
    `${unknown} unknown ${unknown === 1 ? 'request' : 'requests'}`,
  ];
  const seen = isMarked
    ? `${quantity(tasks, 'resync task')} appeared for ${asked.join(' and ')}`
    : `${quantity(tasks, 'resync task')} of this user ${tasks === 1 ? 'is' : 'are'} there, older ones included, beside ${asked.join(' and ')}`;
  const again = `${resume} --unknown retry`;
  switch (findingOf(counts)) {
    case 'none-unknown':
      return 'No request of the run is unknown.';
    case 'all':
      return isMarked
        ? `${seen}: very likely the server took all of them, unless other jobs of this user started some. Leave them, or send them once more with: ${again}`
        : `${seen}: the server may have taken all of them. Leave them, or send them once more with: ${again}`;
    case 'some':
      return `${seen}: at least ${accepted + unknown - tasks} left no task that is still there, and which is not known. That the server never took it is not proven: tasks may be removed when they end. To send all unknown ones again: ${again}`;
    case 'none':
      return `${seen}: no task is there that could be theirs. That the server never took them is not proven: tasks may be removed when they end. To send them again: ${again}`;
    default:
      if (tasks >= accepted + unknown)
        return `${seen}, of which requests were sent again ${repeats === 1 ? 'once' : `${repeats} times`}: tasks may be those of earlier tries, and nothing follows. To send the unknown ones again: ${again}`;
      return `${seen}: tasks of accepted requests are missing too, so the server removes tasks or does not show them, and nothing follows. To send the unknown ones again: ${again}`;
  }
}
