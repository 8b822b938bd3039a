/** What a run amounts to: the counts, the status, the exit code, and the error that explains it. */
import {
  type EndingSignal,
  ErpsyncError,
  type ErrorValue,
  errorValue,
  exitCodes,
  signalExitCodes,
} from '../errors.ts';
import {
  direction,
  type PlannedRequest,
  type ResyncOperation,
  type ResyncPlan,
  type ResyncSource,
  unresolvedIn,
} from './plan.ts';
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
  readonly operation: ResyncOperation;
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
  readonly first: number | string | null;
  readonly last: number | string | null;
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
  /** What could not be written down of the run. */
  readonly storage?: ErpsyncError | undefined;
}

/** A result for a plan that was only shown. `address` is where its requests would go. */
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
  const nothing: RunReport = { outcomes: [], untried: [], stopped: undefined };
  return {
    status: 'dry-run',
    exitCode: exitCodes.ok,
    ...documentOf(plan, facts, nothing),
    requests: { ...countRequests(nothing), planned: plan.requests.length },
    error: null,
    plan: lines,
  };
}

/** The result for an empty key list where that is no error: nothing is sent, since it would mean every record. */
export function emptyResult(source: ResyncSource, operation: ResyncOperation, facts: RunFacts): ResyncResult {
  const { run, profile, url, transport, durationMs } = facts;
  const keys = { given: 0, duplicates: 0, unresolved: 0, accepted: 0, rejected: 0, unsent: 0, unknown: 0 };
  const requests = { planned: 0, accepted: 0, rejected: 0, unsent: 0, unknown: 0, retries: 0 };
  const document = { run, profile, url, transport, operation, source, keys, requests, tasks: [], durationMs };
  return { status: 'ok', exitCode: exitCodes.ok, ...document, error: null };
}

/** Sums a run up. */
export function resyncResult(
  plan: ResyncPlan,
  report: RunReport,
  facts: RunFacts,
  end: RunEnd,
): ResyncResult {
  const error = verdict(plan, report, end);
  return {
    status: statusOf(error),
    exitCode: error?.exitCode ?? exitCodes.ok,
    ...documentOf(plan, facts, report),
    error: error === undefined ? null : errorValue(error),
  };
}

function documentOf(plan: ResyncPlan, facts: RunFacts, report: RunReport) {
  const { run, profile, url, transport, durationMs } = facts;
  const { operation, source } = plan;
  const [keys, requests] = [countKeys(plan, report), countRequests(report)];
  return { run, profile, url, transport, operation, source, keys, requests, tasks: [], durationMs };
}

function countRequests({ outcomes, untried }: RunReport): RequestCounts {
  const count = (kind: string): number => outcomes.filter(({ outcome }) => outcome.kind === kind).length;
  return {
    planned: outcomes.length + untried.length,
    accepted: count('accepted'),
    rejected: count('rejected'),
    unsent: count('unsent') + untried.length,
    unknown: count('unknown'),
    retries: outcomes.reduce((sum, { retries }) => sum + retries, 0),
  };
}

const noCounts: KeyCounts = {
  given: null,
  duplicates: null,
  unresolved: null,
  accepted: null,
  rejected: null,
  unsent: null,
  unknown: null,
};

function countKeys({ target }: ResyncPlan, { outcomes, untried }: RunReport): KeyCounts {
  if (target.kind === 'every-record') return noCounts;
  const size = ({ keys }: PlannedRequest): number => keys?.length ?? 0;
  const count = (kind: string): number =>
    outcomes.reduce((sum, { outcome, request }) => sum + (outcome.kind === kind ? size(request) : 0), 0);
  return {
    given: target.given,
    duplicates: target.given - target.keys.length - unresolvedIn(target),
    unresolved: unresolvedIn(target),
    accepted: count('accepted'),
    rejected: count('rejected'),
    unsent: count('unsent') + untried.reduce((sum, request) => sum + size(request), 0),
    unknown: count('unknown'),
  };
}

/** The error that decides the exit code, or undefined when all was accepted. */
function verdict(
  plan: ResyncPlan,
  report: RunReport,
  { signal, problem, storage }: RunEnd,
): ErpsyncError | undefined {
  const requests = countRequests(report);
  if (problem !== undefined && report.outcomes.length === 0) {
    const exitCode = signal === undefined ? undefined : signalExitCodes[signal];
    const words = signal === undefined ? problem.message : `ended by ${signal}: ${problem.message}`;
    const code = signal === undefined ? problem.code : 'interrupted';
    const { hint, httpStatus, cause } = problem;
    return new ErpsyncError(code, `${words}; nothing was sent`, { hint, httpStatus, cause, exitCode });
  }
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
  const notWritten = report.problem ?? storage;
  if (notWritten !== undefined) {
    const { message, hint } = notWritten;
    return new ErpsyncError('storage', `${told(causes[0])}; ${message}`, { hint, cause: notWritten });
  }
  if (requests.accepted === requests.planned) {
    if (problem === undefined && unresolvedIn(plan.target) > 0) {
      return new ErpsyncError('partial', told(undefined), { hint: 'some records have no internal key' });
    }
    const hint = 'what was queued may not be synced; look at the batch tasks on the server';
    return problem && new ErpsyncError('partial', told(undefined), { hint });
  }
  const late =
    report.stopped === 'deadline' ? new ErpsyncError('unavailable', 'the deadline passed') : undefined;
  if (requests.accepted > 0) return new ErpsyncError('partial', told(causes[0] ?? late), { hint: restHint });
  if (causes.length === 0 && late !== undefined)
    return new ErpsyncError('unavailable', told(late), { hint: 'give it more time with --deadline' });
  return causes.toSorted((a, b) => a.exitCode - b.exitCode)[0];
}

const restHint = 'run it again with the keys that were not accepted; --failed-out writes them to a file';

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
  const counts = every ? countRequests(report) : countKeys(plan, report);
  const { accepted, rejected, unknown, unsent } = counts;
  const total = plan.target.kind === 'every-record' ? countRequests(report).planned : plan.target.keys.length;
  const parts = [
    `${accepted} of ${quantity(total, every ? 'request' : 'key')} accepted`,
    ...(rejected ? [`${rejected} rejected`] : []),
    ...(unknown ? [`${unknown} unknown`] : []),
    ...(unsent ? [`${unsent} not sent`] : []),
  ];
  return parts.join(', ');
}

/** `1 key`, `2 keys`. */
export function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The result in a sentence; an error that goes with it is told apart. */
export function summaryInWords({ status, operation, keys, requests, source, plan }: ResyncResult): string {
  const every = keys.given === null;
  const way = direction(source);
  if (plan !== undefined) {
    const count = plan.reduce((sum, line) => sum + (line.keys ?? 0), 0);
    const what = every ? 'every record' : quantity(count, 'key');
    return `Dry run, nothing was sent. The plan: ${what} in ${quantity(requests.planned, 'request')}, ${way}.`;
  }
  if (status === 'ok' && requests.planned === 0) return 'No keys, so nothing was sent.';
  const batch = operation === 'ForceResyncBatchTask';
  if (requests.accepted > 0) {
    const accepted = every ? 'every record' : quantity(keys.accepted ?? 0, 'key');
    const done = batch ? 'Queued on the server, not yet synced' : 'Resynced, as the server says';
    return `${done}: ${accepted} in ${quantity(requests.accepted, 'request')}, ${way}.`;
  }
  const verb = batch ? 'queued' : 'resynced';
  return requests.unknown > 0 ? `It is not known whether anything was ${verb}.` : `Nothing was ${verb}.`;
}

/** The plan in a sentence, in which the source cannot be taken for the target. */
export function planInWords(plan: ResyncPlan): string {
  const requests = quantity(plan.requests.length, 'request');
  if (plan.target.kind === 'every-record') return `every record, in ${requests}, ${direction(plan.source)}`;
  const { keys, given } = plan.target;
  const duplicates = given - keys.length;
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
