/** What `force-resync` was asked for, and the steps that a run and a dry run have in common. */
import type { Context } from '../cli/context.ts';
import type { PlannedPlace } from '../cli/offline-place.ts';
import type { Session } from '../cli/session.ts';
import { ErpsyncError } from '../errors.ts';
import { operationFor, type PlanOptions, type ResyncSource } from '../resync/plan.ts';
import { emptyResult, type ResyncResult, type RunFacts } from '../resync/result.ts';
import type { Shard } from '../resync/shard.ts';
import { findSource, lookAtSource } from '../resync/source.ts';
import { type KeySource, type TargetOptions, targetSource } from '../resync/target.ts';
import type { LeftoverPaths } from './leftovers.ts';
import type { RunManner } from './resync-run.ts';
import type { LockManner } from './run-locks.ts';

/** The source as it was named. */
export type SourceChoice = { readonly connectionId: number } | { readonly connectionName: string };

/** Everything that a new run needs. */
export interface ResyncJob extends LeftoverPaths, LockManner {
  readonly source: SourceChoice;
  readonly target: TargetOptions;
  /** The keys, where they are read already. */
  readonly keys: KeySource | undefined;
  readonly options: PlanOptions;
  /** The rate is the session's, of the whole; each part has its share. */
  readonly manner: Omit<RunManner, 'rate'>;
  /** The name that was given to the run. */
  readonly name: string | undefined;
  readonly shard: Shard | undefined;
  readonly dryRun: boolean;
  /** What records without a link are. */
  readonly unresolved: 'error' | 'skip';
  /** What a list without keys is; it throws where that is an error. */
  readonly onEmpty: () => void;
  readonly context: Context;
  readonly openSession: () => Promise<Session>;
  /** Of a dry run that asks nobody: where its requests would go. */
  readonly offlinePlace: (() => Promise<PlannedPlace>) | undefined;
}

/** One session for a command, opened when it is first needed. */
export function sessionOnce(openSession: () => Promise<Session>) {
  let opening: Promise<Session> | undefined;
  return {
    open(): Promise<Session> {
      opening ??= openSession();
      return opening;
    },
    async close(): Promise<void> {
      const session = await opening?.catch(() => undefined);
      await session?.client.close();
    },
  };
}

/** Keys that can be sent; of records how many were given, and how many of them have none. */
export interface GivenKeys {
  readonly source: KeySource;
  readonly given?: number;
  readonly unresolved: number;
}

/** Keys as they were given, or those of the records that were given. */
export async function keysOf(
  { target, keys, unresolved: wish, context }: ResyncJob,
  open: () => Promise<Session>,
): Promise<GivenKeys> {
  const source = keys ?? targetSource(target);
  if (source.kind !== 'crm-records') return { source, unresolved: 0 };
  const { leftOutInWords, resolveRecords, unresolvedError } = await import('../resync/crm-records.ts');
  const { unresolved, resolved, ...records } = await resolveRecords(source, target.maxKeys, await open());
  if (unresolved.length > 0 && wish === 'error') throw unresolvedError(source.table, unresolved);
  if (unresolved.length > 0 && resolved > 0) context.note(leftOutInWords(source.table, unresolved));
  return { ...records, unresolved: unresolved.length };
}

/** The source, and what is wrong with it. */
export interface FoundSource {
  readonly source: ResyncSource;
  /** Why it cannot be used, or why it could not be looked at. */
  readonly problem: ErpsyncError | undefined;
}

/** Finds the source, and looks at it unless `--no-check`. */
export async function sourceOf(
  { source: choice, manner, context }: ResyncJob,
  session: Session,
): Promise<FoundSource> {
  let connectionId = 'connectionId' in choice ? choice.connectionId : 0;
  try {
    if ('connectionName' in choice) connectionId = await findSource(session, choice.connectionName);
    if (manner.noCheck) return { source: { connectionId, name: null }, problem: undefined };
    const { source, unusable, warning } = await lookAtSource(session.client, connectionId);
    if (warning !== undefined) context.warn(`warning: ${warning}`);
    return { source, problem: unusable };
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    return {
      source: { connectionId, name: 'connectionName' in choice ? choice.connectionName : null },
      problem: error,
    };
  }
}

/** The result where there is no key to send, which was no error. */
export function nothingToSend({ source, target, options }: ResyncJob, facts: RunFacts): ResyncResult {
  const connectionId = 'connectionId' in source ? source.connectionId : 0;
  const { kind } = targetSource(target);
  const operation = operationFor({ kind: kind === 'crm-records' ? 'internal-keys' : kind }, options);
  return emptyResult({ connectionId, name: null }, operation, facts);
}

export function factsOf({ profile, url, client }: Session, run: string, durationMs: number): RunFacts {
  return { run, profile, url, transport: client.transport.name, durationMs };
}
