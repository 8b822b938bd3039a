/** What a run is going to do, as a value: it is shown, sent and summed up, and never changes. */
import type { ArgumentsOf } from '../agent/contract.ts';
import { ErpsyncError } from '../errors.ts';
import type { KeyList } from './keys.ts';

/** Where the data comes from: `ErpConnectionId` on the wire, 0 for SuperOffice CRM itself. */
export interface ResyncSource {
  readonly connectionId: number;
  /** The connection's display name; null for CRM, or when it was not asked for. */
  readonly name: string | null;
}

/** Which records: a list of keys that is never empty, or deliberately every record. */
export type ResyncTarget =
  | { readonly kind: 'keys'; readonly list: KeyList }
  | { readonly kind: 'every-record' };

/** The operation that this plan uses. */
export type ResyncOperation = 'ForceResyncBatchTask';

/** A run before it starts. */
export interface ResyncPlan {
  readonly operation: ResyncOperation;
  readonly source: ResyncSource;
  readonly target: ResyncTarget;
  /** Keys in each request. */
  readonly chunkSize: number;
  readonly requests: readonly PlannedRequest[];
}

/** One request of a plan. */
export interface PlannedRequest {
  /** From 0. */
  readonly index: number;
  /** The keys that it carries; null means every record. Never empty. */
  readonly keys: Int32Array | null;
}

/** Cuts the target into requests. */
export function planResync(source: ResyncSource, target: ResyncTarget, chunkSize: number): ResyncPlan {
  return {
    operation: 'ForceResyncBatchTask',
    source,
    target,
    chunkSize,
    requests: requestsFor(target, chunkSize),
  };
}

function requestsFor(target: ResyncTarget, chunkSize: number): readonly PlannedRequest[] {
  if (target.kind === 'every-record') return [{ index: 0, keys: null }];
  const { keys } = target.list;
  if (keys.length === 0) throw new ErpsyncError('internal', 'a plan without keys would mean every record');
  return Array.from({ length: Math.ceil(keys.length / chunkSize) }, (_, index) => ({
    index,
    keys: keys.subarray(index * chunkSize, (index + 1) * chunkSize),
  }));
}

/** The parameters of a request of the plan; an empty list stands only for a deliberate "every record". */
export function argumentsOf(plan: ResyncPlan, { keys }: PlannedRequest): ArgumentsOf<ResyncOperation> {
  return { ErpConnectionId: plan.source.connectionId, InternalKeyIds: keys === null ? [] : Array.from(keys) };
}

/**
 * The source in words, since the number alone reads as a target: `ERP connection 124 "Visma Net"`. The name
 * is quoted as JSON is, so that it cannot break the line.
 */
export function sourceInWords({ connectionId, name }: ResyncSource): string {
  if (connectionId === 0) return 'SuperOffice CRM';
  return name === null
    ? `ERP connection ${connectionId}`
    : `ERP connection ${connectionId} ${JSON.stringify(name)}`;
}

/** Where the data goes: always everywhere else. */
export function direction(source: ResyncSource): string {
  const others = source.connectionId === 0 ? 'all ERP connections' : 'all other connections and SuperOffice';
  return `from ${sourceInWords(source)} to ${others}`;
}
