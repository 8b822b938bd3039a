/** The tenant's batch tasks: they work by the clock alone, nothing has to run in between. */
import type { BatchTaskInfoValue, BatchTaskState } from '../agent/batch-carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import { type Clock, millisecondsOf, neverTime, serverTime, storedTime } from './clock.ts';
import type { Task, Tenant } from './state.ts';

/** Name of the batch task behind ForceResyncBatchTask; the real server's is not documented, only its resource key. */
export const resyncTaskName = 'ErpForceResyncBatchPlugin';

/** How long a task stays New, in milliseconds after its creation. */
const taskStartsAfter = 300;
/** When a task ends, in milliseconds after its creation. */
const taskEndsAfter = 1500;
/** The database columns Request, Response and ProgressDescription hold no more characters than this. */
const taskTextLimit = 254;

type State = ValueOf<typeof BatchTaskState>;

/** A task to start. */
interface NewTask {
  readonly name: string;
  readonly description: string;
  /** 0 for a task of the system. */
  readonly associateId: number;
  readonly request: string;
  /** How it will end, and what it will then say. */
  readonly endState: 'Succeeded' | 'Failed';
  readonly endResponse: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** CanCancel unless it says otherwise. */
  readonly cancellation?: Task['cancellation'];
}

/** Starts a task and returns its id; ids ascend. */
export function startTask(tenant: Tenant, now: Clock, task: NewTask): number {
  const id = tenant.nextIds.task++;
  const createdAt = storedTime(now());
  tenant.tasks.push({
    cancellation: 'CanCancel',
    ...task,
    parameters: { ...task.parameters },
    id,
    isSystemTask: task.associateId === 0,
    response: '',
    createdAt,
    fixedState: 'Unknown',
    fixedAt: createdAt,
  });
  return id;
}

/** The state of a task at this moment. */
export function taskState({ createdAt, endState, fixedState }: Task, now: Clock): State {
  if (fixedState !== 'Unknown') return fixedState;
  const age = now() - millisecondsOf(createdAt);
  return age < taskStartsAfter ? 'New' : age < taskEndsAfter ? 'Started' : endState;
}

/** Puts a task into a state, where it stays from now on. */
export function fixTask(task: Task, state: State, now: Clock): void {
  task.fixedState = state;
  task.fixedAt = storedTime(now());
}

/** A task as the wire shows it at this moment. */
export function taskInfo(task: Task, now: Clock): BatchTaskInfoValue {
  const isFixed = task.fixedState !== 'Unknown';
  const createdAt = millisecondsOf(task.createdAt);
  const age = (isFixed ? millisecondsOf(task.fixedAt) : now()) - createdAt;
  const state = taskState(task, now);
  const started = age >= taskStartsAfter;
  const response =
    !isFixed && age >= taskEndsAfter && task.response === '' ? task.endResponse : task.response;
  const progress = Math.floor((100 * (age - taskStartsAfter)) / (taskEndsAfter - taskStartsAfter));
  return {
    Id: task.id,
    Name: task.name,
    AssociateId: task.associateId,
    DetailsTable: 0,
    DetailsRecord: 0,
    IsSystemTask: task.isSystemTask,
    IsInternalTask: false,
    ParameterObject: task.parameters,
    LastStarted: started ? serverTime(createdAt + taskStartsAfter) : neverTime,
    Created: serverTime(createdAt),
    StartCount: started ? 1 : 0,
    DatabaseSerialNumber: '1234567890',
    Context: 'Default',
    Result: null,
    State: state,
    Description: task.description,
    Response: response === '' ? null : cut(response),
    Request: cut(task.request),
    ProgressDescription: state === 'Started' ? 'Working' : null,
    ProgressPercent: state === 'Succeeded' ? 100 : Math.min(100, Math.max(0, progress)),
    FileName: null,
    CancellationBehaviour: task.cancellation,
  };
}

/** When a task last changed: at its end, before it now, since a task that runs shows that it is alive. */
export function taskUpdatedAt(task: Task, now: Clock): string {
  if (task.fixedState !== 'Unknown') return serverTime(millisecondsOf(task.fixedAt));
  return serverTime(Math.min(now(), millisecondsOf(task.createdAt) + taskEndsAfter));
}

function cut(text: string): string {
  return text.length > taskTextLimit ? `${text.slice(0, taskTextLimit - 3)}...` : text;
}
