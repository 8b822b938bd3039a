/** Every operation that the sandbox answers, for any protocol: what is checked first, then the work. */
import { agentOf, agents, type OperationName, operationNamed } from '../agent/contract.ts';
import { batchOperations } from './batch-operations.ts';
import { erpSyncOperations } from './erpsync-operations.ts';
import type { Call, Implementations } from './implementation.ts';
import type { User } from './users.ts';

const implementations: Implementations = { ...erpSyncOperations, ...batchOperations };

/** All operations of the contract, whether answered or not. */
export const operationNames: readonly OperationName[] = [...keysOf(agents.ErpSync), ...keysOf(agents.Batch)];

/** Whether the sandbox answers the operation at all. */
export function isAnswered(name: OperationName): boolean {
  return implementations[name] !== undefined;
}

/** Whether the user may call the operation: the ErpSync agent needs a right of its own. */
export function mayCall(user: User, name: OperationName): boolean {
  return agentOf(name) !== 'ErpSync' || user.mayUseErpSync;
}

/** Decoded arguments by parameter name. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * Why decoded arguments are refused although their types fit, or undefined. A real server reads an
 * absent key list as every record; here only an explicitly empty list may mean that.
 */
export function argumentProblem(name: OperationName, given: Given): string | undefined {
  const { emptyMeansAll } = operationNamed(name);
  if (emptyMeansAll === undefined) return undefined;
  const keys = given[emptyMeansAll];
  if (!Array.isArray(keys)) return `${name}.${emptyMeansAll}: null where a list is due ([] for every record)`;
  const at = keys.indexOf(null);
  return at < 0 ? undefined : `${name}.${emptyMeansAll}[${at}]: null where a key is due`;
}

/** What a resync asks for. */
export interface ResyncRequest {
  /** The ERP connection that the data comes from, 0 for CRM. */
  readonly source: number;
  readonly keys: readonly (number | string)[];
}

/** The source and keys of a resync operation's arguments; null for every other operation. */
export function resyncRequest(name: OperationName, given: Given): ResyncRequest | null {
  const { emptyMeansAll } = operationNamed(name);
  if (emptyMeansAll === undefined) return null;
  const { ErpConnectionId: source } = given as { ErpConnectionId: number };
  return { source, keys: given[emptyMeansAll] as readonly (number | string)[] };
}

/**
 * Does the work of an operation and returns its result, undefined where it has none. Decoding,
 * {@link argumentProblem}, {@link mayCall} and {@link isAnswered} come before.
 *
 * @throws Error when the operation is not answered: a bug of the caller.
 */
export function perform(name: OperationName, given: Given, call: Call): unknown {
  const implementation = implementations[name] as ((given: Given, call: Call) => unknown) | undefined;
  if (implementation === undefined) throw new Error(`${name} is not answered`);
  return implementation(given, call);
}

function keysOf<T extends object>(operations: T): (keyof T)[] {
  return Object.keys(operations) as (keyof T)[];
}
