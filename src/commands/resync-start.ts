/** The beginning of `force-resync`: keys, source, confirmation, lock; then the run is made and sent. */
import { type Context, endingSignal } from '../cli/context.ts';
import type { Session } from '../cli/session.ts';
import { ErpsyncError, usageError } from '../errors.ts';
import { spoolExternalKeys, spoolInternalKeys } from '../resync/key-spool.ts';
import { direction, operationFor, type PlanOptions, planResync, type ResyncSource } from '../resync/plan.ts';
import {
  dryRunResult,
  emptyResult,
  nothingSent,
  type ResyncResult,
  type RunFacts,
  resyncResult,
  runId,
  subjectOf,
} from '../resync/result.ts';
import { subjectInWords } from '../resync/result-words.ts';
import { checkUnchanged, type RunHeader, requestSizes, type StoredTarget } from '../resync/run-header.ts';
import { draftRun, type RunDraft, type RunPlace, runNamed, type StoredRun } from '../resync/run-store.ts';
import type { Shard } from '../resync/shard.ts';
import { findSource, lookAtSource } from '../resync/source.ts';
import { tallyOf } from '../resync/tally.ts';
import { type KeySource, readTarget, type TargetOptions, targetSource } from '../resync/target.ts';
import { version } from '../version.ts';
import { type LeftoverPaths, openLeftovers } from './leftovers.ts';
import { type RunManner, runSubject, sendRun } from './resync-run.ts';
import { holdLocks, type LockManner } from './run-locks.ts';
import { runPlace } from './run-place.ts';

/** The source as it was named. */
export type SourceChoice = { readonly connectionId: number } | { readonly connectionName: string };

/** Everything that a new run needs. */
export interface ResyncJob extends LeftoverPaths, LockManner {
  readonly source: SourceChoice;
  readonly target: TargetOptions;
  readonly options: PlanOptions;
  readonly manner: RunManner;
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
}

/** Each step takes the value of the one before. */
export async function startResync(job: ResyncJob): Promise<ResyncResult> {
  const { context, manner } = job;
  const { clock } = context.host;
  const startedAt = clock.now();
  const id = runId(startedAt, clock.random());
  if (job.dryRun) return await showPlan(job, id, startedAt);

  const place = runPlace(context);
  const draft = await draftRun(place);
  let committed = false;
  const sessions = once(job.openSession);
  try {
    const keys = await keysOf(job, sessions.open);
    const target = await spool(job, keys, draft);
    if (target === 'empty') job.onEmpty();
    const session = await sessions.open();
    {
      const facts = (): RunFacts => factsOf(session, id, clock.now() - startedAt);
      if (typeof target === 'string') return nothingToSend(job, facts());
      const { source, problem } = await sourceOf(job, session);
      const operation = operationFor(target, job.options);
      const header = headerOf(job, session, { id, startedAt, source, operation, target });
      const subject = runSubject(header);
      const requests = requestSizes(header).requests;
      const unsent = (reason: ErpsyncError, ending: AbortSignal): ResyncResult =>
        resyncResult(subject, nothingSent(requests, subject.keys?.count ?? 1), facts(), {
          signal: endingSignal(ending),
          problem: reason,
        });
      if (problem !== undefined) return unsent(problem, context.host.stopped);
      const existing = job.name === undefined ? undefined : await runNamed(place, job.name);
      if (existing) checkUnchanged(existing.header, header);
      const complete = existing && (await resultIfComplete(existing, session, startedAt, context));
      if (complete) return complete;
      await confirmEveryRecord(header, session.url, context);

      const leftovers = await openLeftovers(job);
      const interruption = context.host.interruption();
      interruption.addEventListener('abort', () => {
        context.note(`${interruption.reason}: what is under way is finished first; again stops at once.`);
      });
      const wanted = { place, header: existing?.header ?? header, existing, manner: job };
      const locks = await holdLocks({ ...wanted, context, interruption });
      if (locks instanceof ErpsyncError) {
        await leftovers.discard();
        return unsent(locks, interruption);
      }
      try {
        committed = existing === undefined;
        const run = existing ?? (await draft.commit(header));
        tellStart(run, existing !== undefined, requests, context);
        const choice = { unknown: false, rejected: false, failed: false };
        const note = existing === undefined ? 'started' : 'resumed';
        const rest = { leftovers, locks, note, context, session, startedAt, interruption } as const;
        return await sendRun({ run, choice, manner, ...rest });
      } finally {
        for (const lock of locks) lock.release();
      }
    }
  } finally {
    await sessions.close();
    if (!committed) await draft.discard();
    // Finished runs are kept for 90 days; that one cannot be removed is no matter of this run.
    await prune(place, clock.now()).catch(() => undefined);
  }
}

async function prune(place: RunPlace, now: number): Promise<void> {
  const { pruneRuns } = await import('../resync/run-pruning.ts');
  await pruneRuns(place, { now });
}

/** One session for a command, opened when it is first needed. */
function once(openSession: () => Promise<Session>) {
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
interface GivenKeys {
  readonly source: KeySource;
  readonly given?: number;
  readonly unresolved: number;
}

/** Keys as they were given, or those of the records that were given. */
async function keysOf(
  { target, unresolved: wish }: ResyncJob,
  open: () => Promise<Session>,
): Promise<GivenKeys> {
  const source = targetSource(target);
  if (source.kind !== 'crm-records') return { source, unresolved: 0 };
  const { resolveRecords, unresolvedError } = await import('../resync/crm-records.ts');
  const { unresolved, ...resolved } = await resolveRecords(source, target.maxKeys, await open());
  if (unresolved.length > 0 && wish === 'error') throw unresolvedError(source.table, unresolved);
  return { ...resolved, unresolved: unresolved.length };
}

/** Writes the keys down; nothing is sent before the last one is there. */
async function spool(
  { target: options, shard: part }: ResyncJob,
  { source: given, ...resolved }: GivenKeys,
  { keysFile }: RunDraft,
): Promise<StoredTarget | 'empty' | 'empty shard'> {
  const shard = part ?? null;
  if (given.kind === 'every-record') return given;
  const how = { maxKeys: options.maxKeys, where: given.where, shard };
  const { elsewhere, ...spooled } =
    given.kind === 'internal-keys'
      ? await spoolInternalKeys(keysFile, given.ranges, how)
      : await spoolExternalKeys(keysFile, given.cells, how);
  if (spooled.count === 0) return elsewhere > 0 ? 'empty shard' : 'empty';
  const keys = { ...spooled, ...resolved };
  return given.kind === 'internal-keys'
    ? { kind: given.kind, ...keys }
    : { kind: given.kind, actorType: given.actorType, ...keys };
}

function nothingToSend({ source, target, options }: ResyncJob, facts: RunFacts): ResyncResult {
  const connectionId = 'connectionId' in source ? source.connectionId : 0;
  const { kind } = targetSource(target);
  const operation = operationFor({ kind: kind === 'crm-records' ? 'internal-keys' : kind }, options);
  return emptyResult({ connectionId, name: null }, operation, facts);
}

/** A dry run keeps nothing: its keys are shown, and never sent. */
async function showPlan(job: ResyncJob, id: string, startedAt: number): Promise<ResyncResult> {
  const { context } = job;
  const sessions = once(job.openSession);
  try {
    const { source: keys, ...resolved } = await keysOf(job, sessions.open);
    const read = await readTarget(keys, job.target.maxKeys);
    const target = read.kind === 'every-record' ? read : { ...read, ...resolved };
    const empty = target.kind !== 'every-record' && target.keys.length === 0;
    if (empty) job.onEmpty();
    const session = await sessions.open();
    const facts = (): RunFacts => factsOf(session, id, context.host.clock.now() - startedAt);
    if (empty) return nothingToSend(job, facts());
    const { source, problem } = await sourceOf(job, session);
    const plan = planResync(source, target, job.options);
    if (problem === undefined) {
      return dryRunResult(plan, facts(), session.client.transport.addressOf(plan.operation));
    }
    const subject = subjectOf(plan);
    const none = nothingSent(plan.requests.length, subject.keys?.count ?? 1);
    return resyncResult(subject, none, facts(), {
      signal: endingSignal(context.host.stopped),
      problem,
    });
  } finally {
    await sessions.close();
  }
}

function factsOf({ profile, url, client }: Session, run: string, durationMs: number): RunFacts {
  return { run, profile, url, transport: client.transport.name, durationMs };
}

function headerOf(
  { name, shard, options, manner }: ResyncJob,
  { profile, url, client }: Session,
  made: Pick<RunHeader, 'id' | 'source' | 'operation' | 'target'> & { readonly startedAt: number },
): RunHeader {
  const { id, startedAt, source, operation, target } = made;
  return {
    id,
    name: name ?? null,
    createdAt: new Date(startedAt).toISOString(),
    program: version,
    profile,
    tenant: url,
    url,
    transport: client.transport.name,
    operation,
    source,
    target,
    chunkSize: options.chunkSize,
    shard: shard ?? null,
    settings: {
      concurrency: manner.concurrency,
      rate: manner.rate,
      maxUnknown: manner.maxUnknown,
      split: manner.split,
      noCheck: manner.noCheck,
    },
  };
}

/** A run of the name that has nothing left to send; nothing is done twice. */
async function resultIfComplete(
  run: StoredRun,
  session: Session,
  startedAt: number,
  context: Context,
): Promise<ResyncResult | undefined> {
  const ledger = await run.readLedger();
  if (ledger.toSend({ unknown: false, rejected: false, failed: false }).length > 0) return undefined;
  context.note(`Run ${run.header.name} has nothing left to send; nothing was sent.`);
  const facts = factsOf(session, run.header.id, context.host.clock.now() - startedAt);
  const tally = tallyOf(ledger, { stopped: undefined });
  return resyncResult(runSubject(run.header), tally, facts, { signal: undefined, problem: undefined });
}

interface FoundSource {
  readonly source: ResyncSource;
  /** Why it cannot be used, or why it could not be looked at. */
  readonly problem: ErpsyncError | undefined;
}

async function sourceOf(
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
      problem: asLookProblem(error),
    };
  }
}

/** An error of the look at the source, told as such: nothing is wrong with the resync itself yet. */
function asLookProblem({ code, message, hint, httpStatus, cause }: ErpsyncError): ErpsyncError {
  const remedy = hint ?? 'to go on without looking at the source, say --no-check';
  return new ErpsyncError(code, `could not look at the source: ${message}`, {
    hint: remedy,
    httpStatus,
    cause,
  });
}

async function confirmEveryRecord(
  { target, source }: RunHeader,
  url: string,
  { globals, prompts, warn }: Context,
): Promise<void> {
  if (target.kind !== 'every-record' || globals.yes) return;
  const word = source.connectionId === 0 ? 'crm' : String(source.connectionId);
  warn(`this takes EVERY record ${direction(source)}, and overwrites what is there (${url})`);
  const typed = await prompts.text(`Type ${word} to go on`);
  if (typed.trim() === word) return;
  throw usageError(`${JSON.stringify(typed)} is not ${word}`, 'nothing was sent');
}

function tellStart({ header }: StoredRun, again: boolean, requests: number, context: Context): void {
  const { id: run, profile, url, operation, source } = header;
  const words = subjectInWords(runSubject(header), requests);
  context.note(again ? `Run ${header.name} goes on: ${words}.` : `Resync of ${words}.`);
  context.event({ type: 'start', run, profile, url, operation, source, requests });
}
