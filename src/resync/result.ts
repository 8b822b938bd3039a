/** What a run amounts to: the counts, the status, the exit code, and the error that explains it. */
import {
  type EndingSignal,
  ErpsyncError,
  type ErrorValue,
  errorValue,
  exitCodes,
  signalExitCodes,
} from '../errors.ts';
import { direction, type ResyncPlan } from './plan.ts';
import type { RunReport } from './runner.ts';

export type RunStatus =
  | 'ok'
  | 'dry-run'
  | 'partial'
  | 'unknown'
  | 'rejected'
  | 'failed'
  | 'pending'
  | 'locked'
  | 'interrupted';

/** Keys by what became of them; null throughout when every record was asked for. */
export interface KeyCounts {
  readonly given: number | null;
  readonly duplicates: number | null;
  readonly unresolved: number | null;
  readonly accepted: number | null;
  readonly rejected: number | null;
  readonly unsent: number | null;
  readonly unknown: number | null;
}

/** Requests by what became of them. `unsent` counts those that were never tried, too. */
export interface RequestCounts {
  readonly planned: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly unsent: number;
  readonly unknown: number;
  /** Further tries of requests, not further requests. */
  readonly retries: number;
}

/** The body of `force-resync -o json`, without what the program adds (schemaVersion, command). */
export interface ResyncResult {
  readonly [member: string]: unknown;
  readonly status: RunStatus;
  readonly exitCode: number;
  readonly run: string;
  readonly profile: string | null;
  readonly url: string;
  readonly transport: 'rest' | 'soap';
  readonly operation: string;
  readonly source: { readonly connectionId: number; readonly name: string | null };
  readonly keys: KeyCounts;
  readonly requests: RequestCounts;
  /** The batch tasks that were followed: none, as long as a run does not wait for them. */
  readonly tasks: readonly never[];
  readonly durationMs: number;
  readonly error: ErrorValue | null;
  readonly plan?: readonly PlanLine[];
}

/** A request of a dry run. */
export interface PlanLine {
  readonly index: number;
  readonly method: 'POST';
  readonly url: string;
  /** Null: every record. */
  readonly keys: number | null;
  readonly first: number | null;
  readonly last: number | null;
}

/** Where and when a run took place. */
export interface RunFacts {
  readonly run: string;
  readonly profile: string | null;
  readonly url: string;
  readonly transport: 'rest' | 'soap';
  readonly durationMs: number;
}

/** How a run ended beyond its outcomes. */
export interface RunEnd {
  readonly signal: EndingSignal | undefined;
  /** What came up before the first request or after the last one: a source that is none any more. */
  readonly problem: ErpsyncError | undefined;
}

/** A result for a plan that was only shown. `urlOf` gives the address of its operation. */
export function dryRunResult(plan: ResyncPlan, facts: RunFacts, address: string): ResyncResult {
  const lines = plan.requests.map(
    ({ index, keys }): PlanLine => ({
      index,
      method: 'POST',
      url: address,
      keys: keys?.length ?? null,
      first: keys?.[0] ?? null,
      last: keys?.at(-1) ?? null,
    }),
  );
  const nothing: RunReport = { outcomes: [], stopped: undefined };
  return {
    status: 'dry-run',
    exitCode: exitCodes.ok,
    ...documentOf(plan, facts, countKeys(plan, nothing, false), countRequests(plan, nothing, false)),
    error: null,
    plan: lines,
  };
}

/** Sums a run up. */
export function resyncResult(
  plan: ResyncPlan,
  report: RunReport,
  facts: RunFacts,
  end: RunEnd,
): ResyncResult {
  const requests = countRequests(plan, report, true);
  const error = verdict(plan, report, requests, end);
  return {
    status: statusOf(error),
    exitCode: error?.exitCode ?? exitCodes.ok,
    ...documentOf(plan, facts, countKeys(plan, report, true), requests),
    error: error === undefined ? null : errorValue(error),
  };
}

function documentOf(plan: ResyncPlan, facts: RunFacts, keys: KeyCounts, requests: RequestCounts) {
  const { run, profile, url, transport, durationMs } = facts;
  const { operation, source } = plan;
  return { run, profile, url, transport, operation, source, keys, requests, tasks: [], durationMs };
}

function countRequests(plan: ResyncPlan, { outcomes }: RunReport, ran: boolean): RequestCounts {
  const count = (kind: string): number => outcomes.filter(({ outcome }) => outcome.kind === kind).length;
  const untried = ran ? plan.requests.length - outcomes.length : 0;
  return {
    planned: plan.requests.length,
    accepted: count('accepted'),
    rejected: count('rejected'),
    unsent: count('unsent') + untried,
    unknown: count('unknown'),
    retries: outcomes.reduce((sum, { retries }) => sum + retries, 0),
  };
}

function countKeys({ target }: ResyncPlan, { outcomes }: RunReport, ran: boolean): KeyCounts {
  if (target.kind === 'every-record') {
    return {
      given: null,
      duplicates: null,
      unresolved: null,
      accepted: null,
      rejected: null,
      unsent: null,
      unknown: null,
    };
  }
  const count = (kind: string): number =>
    outcomes.reduce(
      (sum, { outcome, request }) => sum + (outcome.kind === kind ? (request.keys?.length ?? 0) : 0),
      0,
    );
  const { keys, given, duplicates } = target.list;
  const [accepted, rejected, unknown] = [count('accepted'), count('rejected'), count('unknown')];
  const unsent = ran ? keys.length - accepted - rejected - unknown : 0;
  return { given, duplicates, unresolved: 0, accepted, rejected, unsent, unknown };
}

/** The error that decides the exit code, or undefined when all was accepted. */
function verdict(
  plan: ResyncPlan,
  report: RunReport,
  requests: RequestCounts,
  { signal, problem }: RunEnd,
): ErpsyncError | undefined {
  if (problem !== undefined && report.outcomes.length === 0) return beforeAnything(problem);
  const causes = report.outcomes.flatMap(({ outcome }) =>
    outcome.kind === 'accepted' ? [] : [outcome.error],
  );
  const lost = report.outcomes.find(({ outcome }) => outcome.kind === 'unknown')?.outcome;
  const told = (cause: ErpsyncError | undefined): string => {
    const meanwhile = problem === undefined ? '' : `; meanwhile ${problem.message}`;
    return `${countsInWords(plan, report)}${cause === undefined ? '' : `: ${cause.message}`}${meanwhile}`;
  };
  if (signal !== undefined) {
    const exitCode = signalExitCodes[signal];
    const message = `ended by ${signal}; ${told(causes[0])}`;
    const hint = requests.accepted === requests.planned ? undefined : restHint;
    return new ErpsyncError('interrupted', message, { exitCode, hint });
  }
  if (lost?.kind === 'unknown') {
    const { httpStatus, hint } = lost.error;
    return new ErpsyncError('unknown', told(lost.error), { httpStatus, hint });
  }
  if (requests.accepted === requests.planned) {
    const hint = 'what was queued may not be synced; look at the batch tasks on the server';
    return problem && new ErpsyncError('partial', told(undefined), { hint });
  }
  if (requests.accepted > 0) return new ErpsyncError('partial', told(causes[0]), { hint: restHint });
  return causes.toSorted((a, b) => a.exitCode - b.exitCode)[0];
}

/** What kept the run from its first request, with the words that matter most at 3 a.m. */
function beforeAnything({ code, message, hint, httpStatus, cause }: ErpsyncError): ErpsyncError {
  return new ErpsyncError(code, `${message}; nothing was sent`, { hint, httpStatus, cause });
}

const restHint = 'run it again with the keys that were not accepted';

function statusOf(error: ErpsyncError | undefined): RunStatus {
  switch (error?.code) {
    case undefined:
      return 'ok';
    case 'partial':
    case 'unknown':
    case 'rejected':
    case 'interrupted':
      return error.code;
    default:
      return 'failed';
  }
}

/** The counts as people read them: `1000 of 3000 keys accepted, 1000 rejected, 1000 not sent`. */
function countsInWords(plan: ResyncPlan, report: RunReport): string {
  const every = plan.target.kind === 'every-record';
  const keys = countKeys(plan, report, true);
  const requests = countRequests(plan, report, true);
  const of = (kind: 'accepted' | 'rejected' | 'unknown' | 'unsent'): number =>
    every ? requests[kind] : (keys[kind] ?? 0);
  const total = plan.target.kind === 'every-record' ? requests.planned : plan.target.list.keys.length;
  const parts = [
    `${of('accepted')} of ${quantity(total, every ? 'request' : 'key')} accepted`,
    ...(of('rejected') > 0 ? [`${of('rejected')} rejected`] : []),
    ...(of('unknown') > 0 ? [`${of('unknown')} unknown`] : []),
    ...(of('unsent') > 0 ? [`${of('unsent')} not sent`] : []),
  ];
  return parts.join(', ');
}

/** `1 key`, `2 keys`. */
export function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The result in a sentence; an error that goes with it is told apart. */
export function summaryInWords({ status, keys, requests, source, plan }: ResyncResult): string {
  const every = keys.given === null;
  const way = direction(source);
  if (plan !== undefined) {
    const count = plan.reduce((sum, line) => sum + (line.keys ?? 0), 0);
    const what = every ? 'every record' : quantity(count, 'key');
    return `Dry run, nothing was sent. The plan: ${what} in ${quantity(requests.planned, 'request')}, ${way}.`;
  }
  const accepted = every ? 'every record' : quantity(keys.accepted ?? 0, 'key');
  const queued = `Queued on the server, not yet synced: ${accepted} in ${quantity(requests.accepted, 'request')}, ${way}.`;
  if (status === 'ok') return queued;
  if (requests.accepted > 0) return queued;
  return requests.unknown > 0 ? 'It is not known whether anything was queued.' : 'Nothing was queued.';
}

/** The plan in a sentence, in which the source cannot be taken for the target. */
export function planInWords(plan: ResyncPlan): string {
  const requests = quantity(plan.requests.length, 'request');
  if (plan.target.kind === 'every-record') return `every record, in ${requests}, ${direction(plan.source)}`;
  const { keys, duplicates } = plan.target.list;
  const twice = duplicates === 0 ? '' : ` (${quantity(duplicates, 'duplicate')} left out)`;
  return `${quantity(keys.length, 'key')}${twice} in ${requests}, ${direction(plan.source)}`;
}

/** A name for a run that sorts by time: `20261121T221146Z-4f0c9a`. */
export function runId(now: number, random: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${Math.floor(random * 0x1000000)
    .toString(16)
    .padStart(6, '0')}`;
}
