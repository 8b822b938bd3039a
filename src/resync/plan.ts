/** What a run is going to do, as a value: it is shown, sent and summed up, and never changes. */
import type { AgentClient, CallOptions } from '../agent/client.ts';
import type { ArgumentsOf } from '../agent/contract.ts';
import { internalError } from '../errors.ts';
import type { Attempted } from '../transport/retry.ts';

/** Where the data comes from: `ErpConnectionId` on the wire, 0 for SuperOffice CRM itself. */
export interface ResyncSource {
  readonly connectionId: number;
  /** The connection's display name; null for CRM, or when it was not asked for. */
  readonly name: string | null;
}

/**
 * How the server works: `batch` queues a batch task and answers at once, `direct` resyncs within the
 * request and answers how it went.
 */
export type ResyncMode = 'batch' | 'direct';

/** Which records: keys, never none, or deliberately every record. */
export type ResyncTarget =
  | {
      readonly kind: 'internal-keys';
      readonly keys: Int32Array;
      readonly given: number;
      /** CRM records given that have no key, where that was allowed. */
      readonly unresolved?: number;
    }
  | {
      readonly kind: 'external-keys';
      readonly keys: readonly string[];
      readonly given: number;
      readonly actorType: ActorType;
    }
  | { readonly kind: 'every-record' };

/** Kinds of ERP records that external keys are unique within. */
export type ActorType = ArgumentsOf<'ForceResyncExternal'>['ErpActorType'];

/** The operations that force a resync. */
export type ResyncOperation =
  | 'ForceResyncBatchTask'
  | 'ForceResync'
  | 'ForceResyncNoBlankValues'
  | 'ForceResyncExternal'
  | 'ForceResyncExternalNoBlankValues';

/** A run before it starts. */
export interface ResyncPlan {
  readonly operation: ResyncOperation;
  readonly source: ResyncSource;
  readonly target: ResyncTarget;
  readonly requests: readonly PlannedRequest[];
}

/** Keys of one request. */
export type RequestKeys = Int32Array | readonly string[];

/** One request of a plan. */
export interface PlannedRequest {
  /** From 0. */
  readonly index: number;
  /** The keys that it carries; null means every record. Never empty. */
  readonly keys: RequestKeys | null;
}

/** What a plan is made from. */
export interface PlanOptions {
  readonly mode: ResyncMode;
  /** Blank values of the source leave what the other side has. Only direct. */
  readonly keepNonBlank: boolean;
  /** Keys in each request. */
  readonly chunkSize: number;
}

/** Chooses the operation and cuts the target into requests. */
export function planResync(source: ResyncSource, target: ResyncTarget, options: PlanOptions): ResyncPlan {
  const operation = operationFor(target, options);
  return { operation, source, target, requests: requestsFor(target, options.chunkSize) };
}

/** The operation that does it. No external keys and no NoBlankValues as a batch task: the server has none. */
export function operationFor(
  { kind }: Pick<ResyncTarget, 'kind'>,
  { mode, keepNonBlank }: Pick<PlanOptions, 'mode' | 'keepNonBlank'>,
): ResyncOperation {
  if (mode === 'batch') {
    if (kind !== 'external-keys' && !keepNonBlank) return 'ForceResyncBatchTask';
    throw internalError('no operation does this as a batch task');
  }
  if (kind === 'external-keys')
    return keepNonBlank ? 'ForceResyncExternalNoBlankValues' : 'ForceResyncExternal';
  return keepNonBlank ? 'ForceResyncNoBlankValues' : 'ForceResync';
}

function requestsFor(target: ResyncTarget, chunkSize: number): readonly PlannedRequest[] {
  if (target.kind === 'every-record') return [{ index: 0, keys: null }];
  const { keys } = target;
  if (keys.length === 0) throw internalError('a plan without keys would mean every record');
  return Array.from({ length: Math.ceil(keys.length / chunkSize) }, (_, index) => ({
    index,
    keys: part(keys, index * chunkSize, (index + 1) * chunkSize),
  }));
}

function part(keys: RequestKeys, from: number, to: number): RequestKeys {
  return keys instanceof Int32Array ? keys.subarray(from, to) : keys.slice(from, to);
}

/** What of a plan goes into each of its requests. */
export interface SentPlan extends Pick<ResyncPlan, 'operation' | 'source'> {
  readonly target:
    | { readonly kind: 'every-record' | 'internal-keys' }
    | { readonly kind: 'external-keys'; readonly actorType: ActorType };
}

/** Sends one request of a plan; an empty list goes out only for a deliberate "every record". */
export function sendRequest(
  client: AgentClient,
  { operation, source, target }: SentPlan,
  { keys }: Pick<PlannedRequest, 'keys'>,
  options: Omit<CallOptions, 'everyRecord'>,
): Promise<Attempted<unknown>> {
  const ErpConnectionId = source.connectionId;
  const everyRecord = target.kind === 'every-record' && keys === null;
  switch (operation) {
    case 'ForceResyncExternal':
    case 'ForceResyncExternalNoBlankValues': {
      if (target.kind !== 'external-keys') throw internalError('external keys without an actor type');
      const ExternalKeys = Array.from<number | string, string>(keys ?? [], String);
      return client.call(
        operation,
        { ErpConnectionId, ErpActorType: target.actorType, ExternalKeys },
        options,
      );
    }
    default: {
      const InternalKeyIds: number[] = [];
      for (const key of keys ?? []) InternalKeyIds.push(Number(key));
      return client.call(operation, { ErpConnectionId, InternalKeyIds }, { ...options, everyRecord });
    }
  }
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
