/** Every operation that the sandbox answers, for any protocol: what is checked first, then the work. */
import { agentOf, agents, type OperationName, operationNamed } from '../agent/contract.ts';
import type { AnyWireType } from '../agent/wire-types.ts';
import { actorOperations } from './actor-operations.ts';
import { archiveOperations } from './archive-operations.ts';
import { batchOperations } from './batch-operations.ts';
import { connectionOperations } from './connection-operations.ts';
import { connectorOperations } from './connector-operations.ts';
import { readSeconds } from './duration.ts';
import { engineOperations } from './engine-operations.ts';
import type { Answered, Call, Implementations } from './implementation.ts';
import { linkOperations } from './link-operations.ts';
import { listMappingOperations } from './list-mapping-operations.ts';
import { mappingOperations } from './mapping-operations.ts';
import { resyncOperations } from './resync-operations.ts';
import type { User } from './users.ts';

const implementations: Implementations = {
  ...connectionOperations,
  ...connectorOperations,
  ...actorOperations,
  ...linkOperations,
  ...mappingOperations,
  ...listMappingOperations,
  ...engineOperations,
  ...resyncOperations,
  ...batchOperations,
  ...archiveOperations,
};

/** All operations of the contract. */
export const operationNames: readonly Answered[] = [
  ...keysOf(agents.ErpSync),
  ...keysOf(agents.Batch),
  ...keysOf(agents.Archive),
];

/** Whether the user may call the operation: the ErpSync agent needs a right of its own. */
export function mayCall(user: User, name: OperationName): boolean {
  return agentOf(name) !== 'ErpSync' || user.mayUseErpSync;
}

/** Decoded arguments by parameter name. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * Why decoded arguments are refused although their types fit, or undefined. A real server reads an
 * absent key list as every record; here only an explicitly empty list may mean that, and no list of ids,
 * keys or names may be null or hold null. A duration has to be one, in either form.
 */
export function argumentProblem(name: OperationName, given: Given): string | undefined {
  const { parameters, emptyMeansAll } = operationNamed(name);
  for (const [parameter, wireType] of Object.entries(parameters)) {
    const path = `${name}.${parameter}`;
    const type = wireType as AnyWireType;
    const value = given[parameter];
    if (type.kind === 'duration' && readSeconds(String(value)) === undefined) {
      return `${path}: a duration of whole seconds is written as 00:15:00, 1.00:15:00 or PT15M`;
    }
    if (type.kind !== 'list' || type.element.kind === 'carrier') continue;
    const empty = parameter === emptyMeansAll ? '[] for every record' : '[] for none';
    if (!Array.isArray(value)) return `${path}: null where a list is due (${empty})`;
    const at = value.indexOf(null);
    if (at >= 0) return `${path}[${at}]: null where a key is due`;
  }
  return undefined;
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
 * {@link argumentProblem} and {@link mayCall} come before.
 *
 * @throws Refusal when the tenant says no; nothing was done then.
 */
export function perform(name: OperationName, given: Given, call: Call): unknown {
  const implementation = implementations[name as Answered] as (given: Given, call: Call) => unknown;
  return implementation(given, call);
}

function keysOf<T extends object>(operations: T): (keyof T)[] {
  return Object.keys(operations) as (keyof T)[];
}
