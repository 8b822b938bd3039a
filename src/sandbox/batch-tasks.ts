/** The tenant's batch tasks: they work by the clock alone, nothing has to run in between. */
import type { BatchTaskInfoValue } from '../agent/carriers.ts';
import { type Clock, neverTime, serverTime } from './clock.ts';

/** How long a task stays New, in milliseconds after its creation. */
const taskStartsAfter = 300;
/** When a task ends, in milliseconds after its creation. */
const taskEndsAfter = 1500;
/** The database columns Request, Response and ProgressDescription hold no more characters than this. */
const taskTextLimit = 254;

/** A task to start. */
interface NewTask {
  readonly name: string;
  readonly description: string;
  /** Owner of a user task; undefined makes it a system task, whose AssociateId is 0. */
  readonly associateId: number | undefined;
  readonly request: string;
  /** How it will end, and what it will then say. */
  readonly end: { readonly state: 'Succeeded' | 'Failed'; readonly response: string };
}

/** The queue of one tenant. */
export interface BatchTasks {
  /** Starts a task and returns its id; ids ascend. */
  start(task: NewTask): number;
  /** All tasks as they stand now, by id. */
  all(): readonly BatchTaskInfoValue[];
}

interface QueuedTask extends NewTask {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A queue with two finished tasks of others in it; the first new task gets the id 71. */
export function createBatchTasks(now: Clock): BatchTasks {
  const hourAgo = now() - 60 * 60 * 1000;
  const tasks: QueuedTask[] = [
    {
      id: 69,
      createdAt: hourAgo,
      name: 'DatabaseStatistics',
      description: 'Refresh statistics',
      associateId: undefined,
      request: 'Refresh statistics',
      end: { state: 'Succeeded', response: 'Statistics refreshed' },
    },
    {
      id: 70,
      createdAt: hourAgo,
      name: 'SelectionExport',
      description: 'Export of a selection',
      associateId: 6,
      request: 'Export of selection 12',
      end: { state: 'Succeeded', response: '40 rows exported' },
    },
  ];
  let nextId = 71;
  return {
    start(task) {
      const id = nextId++;
      tasks.push({ ...task, id, createdAt: now() });
      return id;
    },
    all: () => tasks.map((task) => taskInfo(task, now())),
  };
}

/** A task as the wire shows it at a point in time. */
function taskInfo(task: QueuedTask, at: number): BatchTaskInfoValue {
  const age = at - task.createdAt;
  const state = age < taskStartsAfter ? 'New' : age < taskEndsAfter ? 'Started' : task.end.state;
  const started = state !== 'New';
  const ended = state === task.end.state;
  const progress = Math.floor((100 * (age - taskStartsAfter)) / (taskEndsAfter - taskStartsAfter));
  return {
    Id: task.id,
    Name: task.name,
    AssociateId: task.associateId ?? 0,
    DetailsTable: 0,
    DetailsRecord: 0,
    IsSystemTask: task.associateId === undefined,
    IsInternalTask: false,
    ParameterObject: {},
    LastStarted: started ? serverTime(task.createdAt + taskStartsAfter) : neverTime,
    Created: serverTime(task.createdAt),
    StartCount: started ? 1 : 0,
    DatabaseSerialNumber: '1234567890',
    Context: 'Default',
    Result: null,
    State: state,
    Description: task.description,
    Response: ended ? cut(task.end.response) : null,
    Request: cut(task.request),
    ProgressDescription: state === 'Started' ? 'Resyncing' : null,
    ProgressPercent: Math.min(100, Math.max(0, progress)),
    FileName: null,
    CancellationBehaviour: 'CannotCancel',
  };
}

function cut(text: string): string {
  return text.length > taskTextLimit ? `${text.slice(0, taskTextLimit - 3)}...` : text;
}
