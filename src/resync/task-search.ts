/** Finding the batch tasks that a run started: the server answers nothing that would name them. */
import type { BatchTaskInfoValue } from '../agent/batch-carriers.ts';
import { type AgentClient, asReadError } from '../agent/client.ts';
import type { OperationName, ResultOf } from '../agent/contract.ts';
import { ErpsyncError } from '../errors.ts';
import type { Outcome } from '../transport/outcome.ts';
import { contradicts, isNamed, namePattern } from './task-pattern.ts';

/** A batch task that has an id. */
export interface SeenTask {
  readonly id: number;
  readonly info: BatchTaskInfoValue;
}

/**
 * The highest id of a batch task of this associate, and of the system's resyncs where the server lists those; 0 when
 * there is none. What a run starts has a higher one, so this is asked before its first request.
 *
 * @param pattern as in {@link TaskSearch}
 * @throws ErpsyncError as for any read
 */
export async function highestTaskId(
  client: AgentClient,
  associateId: number,
  pattern: string,
): Promise<number> {
  const own = await ownTasks(client, associateId);
  const tasks = [...own, ...((await systemTasks(client, pattern)) ?? [])];
  return tasks.reduce((highest, { id }) => Math.max(highest, id), 0);
}

/**
 * The batch tasks of an associate, by ascending id.
 *
 * @throws ErpsyncError as for any read
 */
export async function ownTasks(
  client: AgentClient,
  associateId: number,
  signal?: AbortSignal,
): Promise<SeenTask[]> {
  const call = await client.call(
    'GetBatchTaskInfosByAssociates',
    { AssociateIds: [associateId] },
    { signal },
  );
  return seen(call.outcome);
}

/**
 * One task, or null if the server does not have it (any more).
 *
 * @throws ErpsyncError as for any read
 */
export async function taskWithId(
  client: AgentClient,
  id: number,
  signal?: AbortSignal,
): Promise<BatchTaskInfoValue | null> {
  const { outcome } = await client.call('GetBatchTaskInfo', { Id: id }, { signal });
  if (outcome.kind === 'accepted') return outcome.value;
  if (outcome.kind === 'rejected' && (outcome.notFound || outcome.error.httpStatus === 404)) return null;
  throw asReadError(outcome);
}

/** Which tasks may be the run's. */
export interface TaskSearch {
  readonly associateId: number;
  /** {@link highestTaskId} before the first request. */
  readonly above: number;
  /** Name or description, * standing for anything. */
  readonly pattern: string;
  /** The source of the run (0: CRM): a task that names another one is not its. */
  readonly sourceId?: number | undefined;
}

/** What a search has found. */
export interface Found {
  /** By ascending id. */
  readonly tasks: readonly SeenTask[];
  /** They are tasks of the system, since none of this associate's showed. */
  readonly system: boolean;
}

/** What the server is asked for where the pattern names no task in full. */
const likelyName = 'ErpForceResyncBatchPlugin';

/**
 * Returns what searches, again and again. Where no task shows among those of the associate, tasks of the system
 * are looked for; the server lists them by their whole name only, and not over SOAP before Services88. Once it
 * has refused that, it is not asked again.
 */
export function taskSearch(
  client: AgentClient,
  { associateId, above, pattern, sourceId }: TaskSearch,
): (signal?: AbortSignal) => Promise<Found> {
  const name = namePattern(pattern);
  const fits = ({ id, info }: SeenTask): boolean =>
    id > above && isNamed(info, name) && (sourceId === undefined || !contradicts(info, sourceId));
  let asksForSystem = true;

  return async (signal) => {
    const own = (await ownTasks(client, associateId, signal)).filter(fits);
    if (own.length > 0) return { tasks: own, system: false };
    const listed = asksForSystem ? await systemTasks(client, pattern, signal) : undefined;
    asksForSystem = listed !== undefined;
    const tasks = (listed ?? []).filter(fits);
    return { tasks, system: tasks.length > 0 };
  };
}

/** The system's tasks; undefined where the server does not list them, as over SOAP before Services88. */
async function systemTasks(
  client: AgentClient,
  pattern: string,
  signal?: AbortSignal,
): Promise<SeenTask[] | undefined> {
  const given = { TaskName: pattern.includes('*') ? likelyName : pattern, State: 'All' } as const;
  try {
    const { outcome } = await client.call('GetSystemBatchTaskInfosByNameAndState', given, { signal });
    return outcome.kind === 'rejected' ? undefined : seen(outcome);
  } catch (error) {
    // A service version without the operation refuses before anything is sent.
    if (error instanceof ErpsyncError && error.code === 'usage') return undefined;
    throw error;
  }
}

type ListOperation = Extract<OperationName, 'GetBatchTaskInfosByAssociates'>;

function seen(outcome: Outcome<ResultOf<ListOperation>>): SeenTask[] {
  if (outcome.kind !== 'accepted') throw asReadError(outcome);
  return (outcome.value ?? [])
    .flatMap((info) => (typeof info?.Id !== 'number' ? [] : [{ id: info.Id, info }]))
    .sort((a, b) => a.id - b.id);
}
