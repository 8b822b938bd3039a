/**
 * The reading operations of the Batch agent. Those named "Batch..." know the users' tasks, those named
 * "SystemBatch..." the system's, those named "AllBatch..." both.
 */
import type { BatchTaskInfoValue } from '../agent/carriers.ts';
import type { Call, Implementations } from './implementation.ts';

type Condition = (task: BatchTaskInfoValue) => boolean;

/** The implementations; each answers the tasks as they stand at that moment, by ascending id. */
export const batchOperations: Implementations = {
  // NetServer answers null for an unknown id.
  GetBatchTaskInfo: ({ Id }, { tenant }) => tenant.batchTasks.all().find((task) => task.Id === Id) ?? null,

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
};

function tasks({ tenant }: Call, ...conditions: readonly Condition[]): BatchTaskInfoValue[] {
  return tenant.batchTasks.all().filter((task) => conditions.every((holds) => holds(task)));
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
