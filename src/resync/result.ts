/** What a run amounts to: the counts, the status, the exit code, and the error that explains it. */
import {
  type EndingSignal,
  ErpsyncError,
  type ErrorValue,
  errorValue,
  exitCodes,
  signalExitCodes,
} from '../errors.ts';
import type { FollowedTask } from './follow.ts';
import type { ResyncOperation, ResyncPlan, ResyncSource } from './plan.ts';
import { countsInWords, type RunTally, total } from './tally.ts';
import type { TaskCheck } from './task-evidence.ts';

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

/** Marks the result of a complete run, to which nothing was added: for the words to people, no document has it. */
export const nothingLeft = Symbol('nothing left to send');

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
  /** The batch tasks that were followed: none where a run does not wait for them. */
  readonly tasks: readonly FollowedTask[];
  readonly durationMs: number;
  readonly error: ErrorValue | null;
  readonly plan?: readonly PlanLine[];
  /** Of `resume --unknown check`; null where nothing can be compared. */
  readonly check?: TaskCheck | null;
  readonly [nothingLeft]?: true;
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
  /** Its batch tasks, where they were followed. */
  readonly followed?: FollowedRun | undefined;
}

/** What following a run's batch tasks came to. */
export interface FollowedRun {
  readonly tasks: readonly FollowedTask[];
  /** A task ended as Failed. */
  readonly failed: boolean;
  /** For some request it was not seen that its task succeeded. */
  readonly pending: boolean;
}

/** What a run was about, as far as its result tells it. */
export interface RunSubject {
  readonly operation: ResyncOperation;
  readonly source: ResyncSource;
  /** Null for every record. */
  readonly keys: {
    readonly given: number;
    /** Different ones. */
    readonly count: number;
    readonly unresolved: number;
  } | null;
}

/** What a plan is about. */
export function subjectOf({ operation, source, target }: ResyncPlan): RunSubject {
  if (target.kind === 'every-record') return { operation, source, keys: null };
  const { given, keys } = target;
  const unresolved = target.kind === 'internal-keys' ? (target.unresolved ?? 0) : 0;
  return { operation, source, keys: { given, count: keys.length, unresolved } };
}

/** A result for a plan that was only shown; its code is the run's, as far as that is known. `address` is where its requests would go. */
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
  const subject = subjectOf(plan);
  const document = documentOf(subject, facts, nothingSent(0, 0));
  const error = withoutLink(subject);
  return {
    status: 'dry-run',
    exitCode: error?.exitCode ?? exitCodes.ok,
    ...document,
    requests: { ...document.requests, planned: plan.requests.length },
    error: error === undefined ? null : errorValue(error),
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
  subject: RunSubject,
  tally: RunTally,
  facts: RunFacts,
  end: RunEnd,
): ResyncResult {
  const error = verdict(subject, tally, end, facts.run);
  return {
    status: statusOf(error),
    exitCode: error?.exitCode ?? exitCodes.ok,
    ...documentOf(subject, facts, tally),
    tasks: end.followed?.tasks ?? [],
    error: error === undefined ? null : errorValue(error),
  };
}

/** A tally of a run that sent nothing at all. */
export function nothingSent(requests: number, keys: number): RunTally {
  const none = { accepted: 0, rejected: 0, unknown: 0 };
  return {
    requests: { ...none, unsent: requests },
    keys: { ...none, unsent: keys },
    retries: 0,
    attempted: false,
    causes: [],
    lost: undefined,
    stopped: undefined,
    problem: undefined,
  };
}

function documentOf(subject: RunSubject, facts: RunFacts, tally: RunTally) {
  const { run, profile, url, transport, durationMs } = facts;
  const { operation, source } = subject;
  const requests: RequestCounts = {
    planned: total(tally.requests),
    ...tally.requests,
    retries: tally.retries,
  };
  const keys = countKeys(subject, tally);
  return { run, profile, url, transport, operation, source, keys, requests, tasks: [], durationMs };
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

function countKeys({ keys }: RunSubject, tally: RunTally): KeyCounts {
  if (keys === null) return noCounts;
  const { given, count, unresolved } = keys;
  return { given, duplicates: given - unresolved - count, unresolved, ...tally.keys };
}

/** The error that decides the exit code, or undefined when all was accepted. */
function verdict(
  subject: RunSubject,
  tally: RunTally,
  { signal, problem, storage, followed }: RunEnd,
  run: string,
): ErpsyncError | undefined {
  const { requests, causes, lost } = tally;
  if (problem !== undefined && !tally.attempted) {
    const exitCode = signal === undefined ? undefined : signalExitCodes[signal];
    const words = signal === undefined ? problem.message : `ended by ${signal}: ${problem.message}`;
    const code = signal === undefined ? problem.code : 'interrupted';
    const { hint, httpStatus, cause } = problem;
    return new ErpsyncError(code, `${words}; nothing was sent`, { hint, httpStatus, cause, exitCode });
  }
  const all = requests.accepted === total(requests);
  const told = (cause: ErpsyncError | undefined): string => {
    const meanwhile = problem === undefined ? '' : `; meanwhile ${problem.message}`;
    return `${countsInWords(tally, subject.keys === null)}${cause === undefined ? '' : `: ${cause.message}`}${meanwhile}`;
  };
  const goOn = requests.unsent > 0 ? `the rest is sent by: erpsync resume ${run}` : restHint(run);
  if (signal !== undefined) {
    const exitCode = signalExitCodes[signal];
    const message = `ended by ${signal}; ${told(causes[0])}`;
    return new ErpsyncError('interrupted', message, { exitCode, hint: all ? undefined : goOn });
  }
  if (lost !== undefined) {
    const { httpStatus } = lost;
    const again = `erpsync resume ${run} --unknown retry sends it again`;
    const hint =
      subject.operation === 'ForceResyncBatchTask'
        ? `what the batch tasks say of it: erpsync resume ${run} --unknown check; ${again}`
        : `what was synced: erpsync log; ${again}`;
    return new ErpsyncError('unknown', told(lost), { httpStatus, hint });
  }
  if (followed?.failed) {
    const names = followed.tasks.filter(({ state }) => state === 'Failed').map(({ id }) => id);
    const hint = `see: erpsync tasks show ${names[0]}`;
    return new ErpsyncError('failed', `${told(undefined)}; failed: task ${names.join(', ')}`, { hint });
  }
  const prevented = tally.problem ?? storage;
  if (prevented !== undefined) {
    const { code, message, hint } = prevented;
    return new ErpsyncError(code, `${told(causes[0])}; ${message}`, { hint, cause: prevented });
  }
  const leftOut = withoutLink(subject, `${told(undefined)}; `);
  if (all && problem === undefined && leftOut !== undefined) return leftOut;
  if (all && problem === undefined && followed?.pending) {
    const hint = 'look with: erpsync tasks watch';
    return new ErpsyncError('pending', `${told(undefined)}; not all of it was seen to be synced`, { hint });
  }
  if (all) {
    const hint = 'what was queued may not be synced; look at the batch tasks on the server';
    return problem && new ErpsyncError('partial', told(undefined), { hint });
  }
  const late =
    tally.stopped === 'deadline' ? new ErpsyncError('unavailable', 'the deadline passed') : undefined;
  if (requests.accepted > 0) return new ErpsyncError('partial', told(causes[0] ?? late), { hint: goOn });
  const worst = causes.toSorted((a, b) => a.exitCode - b.exitCode)[0];
  return worst ?? new ErpsyncError('unavailable', told(late), { hint: goOn });
}

/** Records without a link keep even a result without any other fault from being whole. */
function withoutLink({ keys }: RunSubject, before = ''): ErpsyncError | undefined {
  if (keys === null || keys.unresolved === 0) return undefined;
  const words = `${keys.unresolved} of the records given ${keys.unresolved === 1 ? 'has' : 'have'} no link`;
  return new ErpsyncError('partial', `${before}${words}`, { hint: 'they were left out' });
}

function restHint(run: string): string {
  return `send those again with: erpsync resume ${run} --rejected; their keys: erpsync runs keys ${run} --state rejected`;
}

function statusOf(error: ErpsyncError | undefined): RunStatus {
  switch (error?.code) {
    case undefined:
      return 'ok';
    case 'partial':
    case 'unknown':
    case 'rejected':
    case 'interrupted':
    case 'locked':
    case 'pending':
      return error.code;
    default:
      return 'failed';
  }
}
