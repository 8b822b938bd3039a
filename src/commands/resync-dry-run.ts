/** `force-resync --dry-run`: everything up to the first request, which is shown instead of sent. */
import { endingSignal } from '../cli/context.ts';
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
import { factsOf, keysOf, nothingToSend, type ResyncJob, sessionOnce, sourceOf } from './resync-job.ts';

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
