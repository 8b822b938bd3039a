/**
 * The Batch agent. Its lists named "Batch..." know the users' tasks, those named "SystemBatch..." the
 * system's, those named "AllBatch..." both.
 */
import type { BatchTaskInfoValue } from '../agent/batch-carriers.ts';
import { fixTask, startTask, taskInfo, taskState } from './batch-tasks.ts';
import type { Call, Implementations } from './implementation.ts';
import { elements, filled, notFound, present, Refusal } from './refusal.ts';
import type { Task, Tenant } from './state.ts';

type Condition = (task: BatchTaskInfoValue) => boolean;

/** The implementations; lists are by ascending id. */
export const batchOperations = {
  GetBatchTaskInfo({ Id }, { tenant, now }) {
    const task = tenant.tasks.find(({ id }) => id === Id);
    return task === undefined ? null : taskInfo(task, now);
  },

  GetBatchTaskInfosByAssociates: ({ AssociateIds }, call) => tasks(call, ofUsers, ownedBy(AssociateIds)),
  GetBatchTaskInfosByState: ({ State }, call) => tasks(call, ofUsers, inState(State)),
  GetBatchTaskInfosByNameAndState: ({ Name, State }, call) =>
    tasks(call, ofUsers, named(Name), inState(State)),
  GetBatchTaskInfosByNameAndAssociates: ({ Name, AssociateIds }, call) =>
    tasks(call, ofUsers, named(Name), ownedBy(AssociateIds)),
  GetBatchTaskInfosByAssociatesAndState: ({ AssociateIds, State }, call) =>
    tasks(call, ofUsers, ownedBy(AssociateIds), inState(State)),

  GetAllBatchTaskInfosByName: ({ TaskName }, call) => tasks(call, named(TaskName)),
  GetAllBatchTaskInfosByNameAndState: ({ TaskName, State }, call) =>
    tasks(call, named(TaskName), inState(State)),
  GetSystemBatchTaskInfosByName: ({ TaskName }, call) => tasks(call, ofSystem, named(TaskName)),
  GetSystemBatchTaskInfosByNameAndState: ({ TaskName, State }, call) =>
    tasks(call, ofSystem, named(TaskName), inState(State)),

  // Only a task that waits or runs can be stopped, and only if it lets itself be; false also for an unknown id.
  StopBatchJob({ Id }, { tenant, now }) {
    const task = tenant.tasks.find(({ id }) => id === Id);
    if (task === undefined || task.cancellation !== 'CanCancel') return false;
    if (!['New', 'Started'].includes(taskState(task, now))) return false;
    fixTask(task, 'Failed', now);
    task.response = 'Stopped on request';
    return true;
  },

  // The server gives id, owner, state and times; a task that it does not know by name succeeds with nothing done.
  StartBatchJob({ BatchTaskInfo }, { tenant, caller, now }) {
    const path = 'StartBatchJob.BatchTaskInfo';
    const given = present(BatchTaskInfo, path);
    if ((given.Id ?? 0) !== 0) throw new Refusal(`${path}.Id: a job that is to be started has none yet`);
    const parameters = Object.entries(given.ParameterObject ?? {});
    return startTask(tenant, now, {
      name: filled(given.Name, `${path}.Name`),
      description: given.Description ?? '',
      associateId: given.IsSystemTask ? 0 : caller.associateId,
      request: given.Request ?? '',
      endState: 'Succeeded',
      endResponse: 'Done',
      parameters: Object.fromEntries(parameters.map(([key, value]) => [key, value ?? ''])),
      cancellation: given.CancellationBehaviour ?? 'CanCancel',
    });
  },

  // Only these four members; an absent text is none. A state other than the present one ends what the clock does.
  UpdateBatchTask({ BatchTaskInfo }, { tenant, now }) {
    const path = 'UpdateBatchTask.BatchTaskInfo';
    const given = present(BatchTaskInfo, path);
    const task = existingTask(tenant, present(given.Id, `${path}.Id`));
    const state = present(given.State, `${path}.State`);
    if (state === 'All' || state === 'Unknown') throw new Refusal(`${path}.State: no task is in ${state}`);
    if (state !== taskState(task, now)) fixTask(task, state, now);
    task.description = given.Description ?? '';
    task.response = given.Response ?? '';
    task.request = given.Request ?? '';
    return taskInfo(task, now);
  },

  DeleteBatchTask({ BatchTaskId }, { tenant }) {
    deleteTasks(tenant, [BatchTaskId]);
    return undefined;
  },
  // All or none; an empty list is none.
  DeleteBatchTasks({ BatchTaskIds }, { tenant }) {
    deleteTasks(tenant, elements(BatchTaskIds, 'DeleteBatchTasks.BatchTaskIds'));
    return undefined;
  },
} satisfies Partial<Implementations>;

function tasks({ tenant, now }: Call, ...conditions: readonly Condition[]): BatchTaskInfoValue[] {
  return tenant.tasks
    .map((task) => taskInfo(task, now))
    .filter((task) => conditions.every((holds) => holds(task)));
}

const ofSystem: Condition = (task) => task.IsSystemTask === true;
const ofUsers: Condition = (task) => !ofSystem(task);

/** Without ids there is nobody whose tasks are meant. */
function ownedBy(associateIds: readonly number[] | null): Condition {
  const owners = new Set<unknown>(associateIds ?? []);
  return (task) => owners.has(task.AssociateId);
}

function inState(state: string): Condition {
  return (task) => state === 'All' || task.State === state;
}

function named(name: string | null): Condition {
  const wanted = name?.toLowerCase();
  return (task) => task.Name?.toLowerCase() === wanted;
}

function existingTask({ tasks: queued }: Tenant, taskId: number): Task {
  const task = queued.find(({ id }) => id === taskId);
  if (task === undefined) throw notFound(`batch task ${taskId}`);
  return task;
}

function deleteTasks(tenant: Tenant, ids: readonly number[]): void {
  const gone = new Set(ids.map((id) => existingTask(tenant, id)));
  tenant.tasks = tenant.tasks.filter((task) => !gone.has(task));
}
