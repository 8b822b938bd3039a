/** What a run amounts to: the counts, the status, the exit code, and the error that explains it. */
import { type ErpsyncError, type ErrorValue, errorValue, exitCodes } from '../errors.ts';
import type { FollowedTask } from './follow.ts';
import type { ResyncOperation, ResyncPlan, ResyncSource } from './plan.ts';
import type { RunEnd, RunSubject } from './run-end.ts';
import { type RunTally, total } from './tally.ts';
import type { TaskCheck } from './task-evidence.ts';
import { verdict, withoutLink } from './verdict.ts';

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
