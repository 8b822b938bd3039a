/** The run behind `force-resync`: look at the source, plan, confirm, send, look again, sum up. */
import type { AgentClient } from '../agent/client.ts';
import { type Context, endingSignal } from '../cli/context.ts';
import type { Session } from '../cli/session.ts';
import { ErpsyncError, errorValue, usageError } from '../errors.ts';
import type { LeftoverFile } from '../resync/leftover-files.ts';
import {
  direction,
  operationFor,
  type PlannedRequest,
  type PlanOptions,
  planResync,
  type RequestKeys,
  type ResyncPlan,
  type ResyncSource,
  type ResyncTarget,
  sendRequest,
} from '../resync/plan.ts';
import {
  dryRunResult,
  emptyResult,
  planInWords,
  type ResyncResult,
  type RunFacts,
  resyncResult,
  runId,
} from '../resync/result.ts';
import { type RequestOutcome, type RunReport, runPlan } from '../resync/runner.ts';
import { findSource, lookAtSource } from '../resync/source.ts';
import { paceOf } from '../transport/pace.ts';
import { retryBudget } from '../transport/retry-budget.ts';

/** So many further requests `--split` may cost. */
const maxSplits = 64;

/** The source as it was named. */
export type SourceChoice = { readonly connectionId: number } | { readonly connectionName: string };

/** Everything that a run needs. */
export interface ResyncJob {
  readonly source: SourceChoice;
  readonly target: ResyncTarget;
  readonly options: PlanOptions;
  readonly noCheck: boolean;
  readonly dryRun: boolean;
  readonly split: boolean;
  /** Requests under way at a time. */
  readonly concurrency: number;
  /** Requests a second; 0 is no limit. */
  readonly rate: number;
  /** In ms from the first request on. */
  readonly deadline: number | undefined;
  /** So many requests in a row without an answer end the run. */
  readonly maxUnknown: number;
  readonly failedOut: string | undefined;
  readonly unknownOut: string | undefined;
  readonly context: Context;
  readonly session: Session;
}

/** Each step takes the value of the one before. */
export async function runResync(job: ResyncJob): Promise<ResyncResult> {
  const { target, options, context, session } = job;
  const { client, profile, url } = session;
  const { clock } = context.host;
  const startedAt = clock.now();
  const run = runId(startedAt, clock.random());
  const facts = (): RunFacts => {
    return { run, profile, url, transport: client.transport.name, durationMs: clock.now() - startedAt };
  };
  if (target.kind !== 'every-record' && target.keys.length === 0) {
    const connectionId = 'connectionId' in job.source ? job.source.connectionId : 0;
    return emptyResult({ connectionId, name: null }, operationFor(target, options), facts());
  }

  const { source, problem } = await sourceOf(job);
  const plan = planResync(source, target, options);
  if (problem !== undefined) {
    const nothing: RunReport = { outcomes: [], untried: plan.requests, stopped: undefined };
    return resyncResult(plan, nothing, facts(), { signal: endingSignal(context.host.stopped), problem });
  }
  if (job.dryRun) return dryRunResult(plan, facts(), client.transport.addressOf(plan.operation));
  await confirmEveryRecord(plan, url, context);
  const files = await openLeftovers(job);

  context.note(`Resync of ${planInWords(plan)}.`);
  const { requests, operation } = plan;
  context.event({ type: 'start', run, profile, url, operation, source, requests: requests.length });
  const interruption = context.host.interruption();
  interruption.addEventListener('abort', () => {
    context.note(`${interruption.reason}: what is under way is finished first; again stops at once.`);
  });
  const pace = paceOf(job.rate, { now: () => performance.now(), sleep: clock.sleep });
  const budget = retryBudget(10 + context.globals.retries * job.concurrency);
  const report = await runPlan(plan, {
    send: (request, signal) => sendRequest(client, plan, request, { signal, pace, budget }),
    concurrency: job.concurrency,
    pace,
    maxUnknown: job.maxUnknown,
    deadline: job.deadline === undefined ? undefined : AbortSignal.timeout(job.deadline),
    splits: job.split ? maxSplits : 0,
    signal: interruption,
    onOutcome: (outcome) => tellOutcome(outcome, plan, context),
  });
  for (const request of report.untried) tellUntried(request, context);
  const storage = await writeLeftovers(files, report);
  const sent = report.outcomes.some(
    ({ outcome }) => outcome.kind === 'accepted' || outcome.kind === 'unknown',
  );
  const after = job.noCheck || !sent ? undefined : await lookAgain(source, client, context);
  return resyncResult(plan, report, facts(), { signal: endingSignal(interruption), problem: after, storage });
}

interface FoundSource {
  readonly source: ResyncSource;
  /** Why it cannot be used, or why it could not be looked at. */
  readonly problem: ErpsyncError | undefined;
}

async function sourceOf({ source: choice, noCheck, context, session }: ResyncJob): Promise<FoundSource> {
  const { client } = session;
  let connectionId = 'connectionId' in choice ? choice.connectionId : 0;
  try {
    if ('connectionName' in choice) connectionId = await findSource(client, choice.connectionName);
    if (noCheck) return { source: { connectionId, name: null }, problem: undefined };
    const { source, unusable, warning } = await lookAtSource(client, connectionId);
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

/** The source after the last request: a problem only if it is none any more, not if the look failed. */
async function lookAgain({ connectionId }: ResyncSource, client: AgentClient, { warn }: Context) {
  try {
    return (await lookAtSource(client, connectionId)).unusable;
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    warn(`warning: could not look at the source again after the run: ${error.message}`);
    return undefined;
  }
}

async function confirmEveryRecord(
  plan: ResyncPlan,
  url: string,
  { globals, prompts, warn }: Context,
): Promise<void> {
  if (plan.target.kind !== 'every-record' || globals.yes) return;
  const word = plan.source.connectionId === 0 ? 'crm' : String(plan.source.connectionId);
  warn(`this takes EVERY record ${direction(plan.source)}, and overwrites what is there (${url})`);
  const typed = await prompts.text(`Type ${word} to go on`);
  if (typed.trim() === word) return;
  throw usageError(`${JSON.stringify(typed)} is not ${word}`, 'nothing was sent');
}

interface LeftoverFiles {
  readonly failed: LeftoverFile | undefined;
  readonly unknown: LeftoverFile | undefined;
}

async function openLeftovers({ failedOut, unknownOut }: ResyncJob): Promise<LeftoverFiles | undefined> {
  if (failedOut === undefined && unknownOut === undefined) return undefined;
  const { leftoverFile } = await import('../resync/leftover-files.ts');
  const failed = failedOut === undefined ? undefined : await leftoverFile(failedOut, '--failed-out');
  try {
    return {
      failed,
      unknown: unknownOut === undefined ? undefined : await leftoverFile(unknownOut, '--unknown-out'),
    };
  } catch (error) {
    await failed?.discard();
    throw error;
  }
}

/** Writes what is left over; that it could not be written is returned, since the run itself has to be told. */
async function writeLeftovers(
  files: LeftoverFiles | undefined,
  report: RunReport,
): Promise<ErpsyncError | undefined> {
  if (!files) return undefined;
  const { leftovers } = await import('../resync/leftover-files.ts');
  const { failed, unknown } = leftovers(report);
  const problems = await Promise.allSettled([files.failed?.write(failed), files.unknown?.write(unknown)]);
  for (const problem of problems) {
    if (problem.status === 'fulfilled') continue;
    if (problem.reason instanceof ErpsyncError) return problem.reason;
    throw problem.reason;
  }
  return undefined;
}

/** An event for a request that was never sent, so that the events name every key. */
function tellUntried({ index, keys }: PlannedRequest, { event }: Context): void {
  event({ type: 'request', index, outcome: 'unsent', ...extent(keys), retries: 0, error: null });
}

function extent(keys: RequestKeys | null) {
  return { keys: keys?.length ?? null, first: keys?.[0] ?? null, last: keys?.at(-1) ?? null };
}

function tellOutcome(
  { request, outcome, retries }: RequestOutcome,
  { requests }: ResyncPlan,
  context: Context,
): void {
  const { index, keys } = request;
  const error = outcome.kind === 'accepted' ? null : errorValue(outcome.error);
  const { keys: count, first, last } = extent(keys);
  context.event({ type: 'request', index, outcome: outcome.kind, keys: count, first, last, retries, error });
  if (error === null || (requests.length === 1 && count === requests[0]?.keys?.length)) return;
  const which = keys === null ? '' : `, ${count} keys from ${first} to ${last} in the order given`;
  context.note(`Request ${index + 1} of ${requests.length}${which}: ${outcome.kind}: ${error.message}`);
}
