/** The beginning of `force-resync`: keys, source, confirmation, lock; then the run is made and sent. */

import { notConfirmed } from '../cli/confirmation.ts';
import { type Context, endingSignal } from '../cli/context.ts';
import type { Session } from '../cli/session.ts';
import type { ErpsyncError } from '../errors.ts';
import { spoolExternalKeys, spoolInternalKeys } from '../resync/key-spool.ts';
import { checkGoesOnHere } from '../resync/ledger.ts';
import { direction, operationFor } from '../resync/plan.ts';
import { nothingSent, type ResyncResult, type RunFacts, resyncResult } from '../resync/result.ts';
import { subjectInWords } from '../resync/result-words.ts';
import { checkUnchanged, type RunHeader, requestSizes, type StoredTarget } from '../resync/run-header.ts';
import { runId } from '../resync/run-id.ts';
import { draftRun, type RunDraft, type RunPlace, runNamed, type StoredRun } from '../resync/run-store.ts';
import { version } from '../version.ts';
import { openLeftovers } from './leftovers.ts';
import { showPlan } from './resync-dry-run.ts';
import {
  factsOf,
  type GivenKeys,
  keysOf,
  nothingToSend,
  type ResyncJob,
  sessionOnce,
  sourceOf,
} from './resync-job.ts';
import { completeResult, type RunManner, runSubject, sendRun } from './resync-run.ts';
import { runLocks } from './run-locks.ts';
import { runPlace } from './run-place.ts';

/** Each step takes the value of the one before. */
export async function startResync(job: ResyncJob): Promise<ResyncResult> {
  const { context } = job;
  const { clock } = context.host;
  const startedAt = clock.now();
  const id = runId(startedAt, clock.random());
  if (job.dryRun) return await showPlan(job, id, startedAt);

  const place = runPlace(context);
  const draft = await draftRun(place);
  const sessions = sessionOnce(job.openSession);
  try {
    const keys = await keysOf(job, sessions.open);
    const target = await spool(job, keys, draft);
    if (target === 'empty') job.onEmpty();
    const session = await sessions.open();
    const facts = (): RunFacts => factsOf(session, id, clock.now() - startedAt);
    if (typeof target === 'string') return nothingToSend(job, facts());
    const { source, problem } = await sourceOf(job, session);
    const operation = operationFor(target, job.options);
    const manner = { ...job.manner, rate: session.rate.value / (job.shard?.count ?? 1) };
    const header = headerOf({ ...job, manner }, session, { id, startedAt, source, operation, target });
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
    const locks = runLocks(job, context, interruption);
    try {
      const busy =
        (existing && (await locks.holdRun(existing))) ??
        (await locks.holdTenant(place, existing?.header ?? header));
      if (busy) return unsent(busy, interruption);
      const run = existing ?? (await draft.commit(header));
      // From its first moment it can be resumed, exported and seen elsewhere.
      const taken = existing ? undefined : await locks.holdRun(run);
      if (taken) return unsent(taken, interruption);
      tellStart(run, existing !== undefined, requests, context);
      const choice = { unknown: false, rejected: false, failed: false };
      const note = existing === undefined ? 'started' : 'resumed';
      const rest = { leftovers, locks, note, context, session, startedAt, interruption } as const;
      return await sendRun({ run, choice, manner, ...rest });
    } finally {
      locks.release();
      await leftovers.discard();
    }
  } finally {
    await sessions.close();
    await draft.discard();
    // Finished runs are kept for 90 days; that one cannot be removed is no matter of this run.
    await prune(place, clock.now()).catch(() => undefined);
  }
}

async function prune(place: RunPlace, now: number): Promise<void> {
  const { pruneRuns } = await import('../resync/run-pruning.ts');
  await pruneRuns(place, { now });
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

function headerOf(
  { name, shard, options, manner }: ResyncJob & { readonly manner: RunManner },
  { profile, url, tenant, client }: Session,
  made: Pick<RunHeader, 'id' | 'source' | 'operation' | 'target'> & { readonly startedAt: number },
): RunHeader {
  const { id, startedAt, source, operation, target } = made;
  return {
    id,
    name: name ?? null,
    createdAt: new Date(startedAt).toISOString(),
    program: version,
    profile,
    tenant,
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

/** @throws ErpsyncError (usage) when it is not complete, and goes on elsewhere */
async function resultIfComplete(
  run: StoredRun,
  session: Session,
  startedAt: number,
  context: Context,
): Promise<ResyncResult | undefined> {
  const ledger = await run.readLedger();
  if (ledger.toSend({ unknown: false, rejected: false, failed: false }).length > 0) {
    checkGoesOnHere(run.header, ledger);
    return undefined;
  }
  const facts = factsOf(session, run.header.id, context.host.clock.now() - startedAt);
  return completeResult(run, ledger, facts, context);
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
  throw notConfirmed(typed, word);
}

function tellStart({ header }: StoredRun, again: boolean, requests: number, context: Context): void {
  const { id: run, profile, url, operation, source } = header;
  const words = subjectInWords(runSubject(header), requests);
  context.note(again ? `Run ${header.name} goes on: ${words}.` : `Resync of ${words}.`);
  context.event({ type: 'start', run, profile, url, operation, source, requests });
}
