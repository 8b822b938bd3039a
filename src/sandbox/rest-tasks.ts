/** The REST entity of batch tasks: the Batch agent's operations under paths of their own. */
import { BatchTaskInfo, type BatchTaskInfoValue, BatchTaskState } from '../agent/batch-carriers.ts';
import type { OperationName } from '../agent/contract.ts';
import { operationNamed } from '../agent/contract.ts';
import { readJson, WireValueError } from '../agent/wire-json.ts';
import { type Answer, errorAnswer, invalidRequest, jsonAnswer, noContent } from './answers.ts';
import { jsonResult } from './json-result.ts';
import { type Given, perform } from './operations.ts';
import { notFound } from './refusal.ts';
import type { EntityCall } from './rest-entity-call.ts';

/** A task by its id, or the users' tasks in a state by its name. @throws Refusal when there is no such task. */
export function namedTask(name: string, call: EntityCall): Answer {
  if (/^\d+$/.test(name)) {
    requireTask(Number(name), call);
    return answer('GetBatchTaskInfo', { Id: Number(name) }, call);
  }
  const state = Object.keys(BatchTaskState.values).find((one) => one.toLowerCase() === name.toLowerCase());
  if (state === undefined) return invalidRequest(`"${name.slice(0, 40)}" is neither an id nor a state`);
  return answer('GetBatchTaskInfosByState', { State: state }, call);
}

/** Starts a task and answers its id. */
export function startedTask(value: unknown, call: EntityCall): Answer {
  const read = readTask(value);
  return 'status' in read ? read : answer('StartBatchJob', { BatchTaskInfo: read.task }, call);
}

/** Changes a task. @throws Refusal when there is no such task, or the change is not possible. */
export function changedTask(id: string, value: unknown, call: EntityCall): Answer {
  const read = readTask(value);
  if ('status' in read) return read;
  if (String(read.task.Id) !== id) return invalidRequest('the id in the path is not the one in the body');
  requireTask(Number(id), call);
  return answer('UpdateBatchTask', { BatchTaskInfo: read.task }, call);
}

/** Deletes a task. @throws Refusal when there is no such task. */
export function deletedTask(id: string, call: EntityCall): Answer {
  if (!/^\d+$/.test(id)) return invalidRequest(`"${id.slice(0, 40)}" is no id`);
  return answer('DeleteBatchTask', { BatchTaskId: Number(id) }, call);
}

/** Stops a task: whether it could be stopped, and 400 for a task that is not there. */
export function stoppedTask(id: number, call: EntityCall): Answer {
  const isThere = call.tenant.tasks.some((task) => task.id === id);
  if (!isThere) return errorAnswer(400, 'SoNotFoundException', `batch task ${id} not found`);
  return answer('StopBatchJob', { Id: id }, call);
}

function answer(name: OperationName, given: Given, call: EntityCall): Answer {
  const value = perform(name, given, call);
  const { result } = operationNamed(name);
  return result.kind === 'nothing' ? noContent : jsonAnswer(200, jsonResult(result, value, undefined));
}

function requireTask(id: number, { tenant }: EntityCall): void {
  if (!tenant.tasks.some((task) => task.id === id)) throw notFound(`batch task ${id}`);
}

function readTask(value: unknown): Answer | { readonly task: BatchTaskInfoValue } {
  try {
    const task = readJson(BatchTaskInfo, value, 'batchTaskInfo', 'strict') as BatchTaskInfoValue | null;
    return task === null ? invalidRequest('batchTaskInfo: null where an object is due') : { task };
  } catch (error) {
    if (error instanceof WireValueError) return invalidRequest(error.message);
    throw error;
  }
}
