/** `force-resync --dry-run`: everything up to the first request, which is shown instead of sent. */
import { endingSignal } from '../cli/context.ts';
import type { PlannedPlace } from '../cli/offline-place.ts';
import type { Session } from '../cli/session.ts';
import { planResync } from '../resync/plan.ts';
import {
  dryRunResult,
  nothingSent,
  type ResyncResult,
  type RunFacts,
  resyncResult,
  subjectOf,
} from '../resync/result.ts';
import { ShardCount } from '../resync/shard.ts';
import { readTarget } from '../resync/target.ts';
import {
  type FoundSource,
  keysOf,
  nothingToSend,
  type ResyncJob,
  sessionOnce,
  sourceOf,
} from './resync-job.ts';

/** A dry run keeps nothing: its keys are shown, and never sent. */
export async function showPlan(job: ResyncJob, id: string, startedAt: number): Promise<ResyncResult> {
  const { context } = job;
  const sessions = sessionOnce(job.openSession);
  try {
    const { source: keys, ...resolved } = await keysOf(job, sessions.open);
    const count = new ShardCount(job.shard ?? null);
    const read = await readTarget(keys, job.target.maxKeys, count);
    const target = read.kind === 'every-record' ? read : { ...read, ...resolved };
    const empty = target.kind !== 'every-record' && target.keys.length === 0;
    if (empty && count.elsewhere === 0) job.onEmpty();
    const place = job.offlinePlace ? await job.offlinePlace() : placeOf(await sessions.open());
    const { profile, url, transport } = place;
    const facts = (): RunFacts => {
      const durationMs = context.host.clock.now() - startedAt;
      return { run: id, profile, url, transport, durationMs };
    };
    if (empty) return nothingToSend(job, facts());
    const { source, problem } = job.offlinePlace
      ? unseenSource(job)
      : await sourceOf(job, await sessions.open());
    const plan = planResync(source, target, job.options);
    if (problem === undefined) return dryRunResult(plan, facts(), place.addressOf(plan.operation));
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

function placeOf({ profile, url, client: { transport } }: Session): PlannedPlace {
  return { profile, url, transport: transport.name, addressOf: (name) => transport.addressOf(name) };
}

/** Nobody is asked whether it exists. A name has been refused by now. */
function unseenSource({ source, context }: ResyncJob): FoundSource {
  const connectionId = 'connectionId' in source ? source.connectionId : 0;
  if (connectionId !== 0) {
    context.note(`Nobody was asked whether ERP connection ${connectionId} exists and is active (--offline).`);
  }
  return { source: { connectionId, name: null }, problem: undefined };
}
