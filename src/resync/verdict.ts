/** The error that explains how a run ended: its counts, their cause, and the command that goes on with it. */
import { continued, type EndingSignal, ErpsyncError, signalExitCodes } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import { diskRemedy } from '../files/storage-error.ts';
import type { FollowedRun, RunEnd, RunSubject } from './run-end.ts';
import { type Cause, countsInWords, quantity, type RunTally, total } from './tally.ts';

/** What is judged. */
interface Ended {
  readonly subject: RunSubject;
  readonly tally: RunTally;
  readonly end: RunEnd;
  /** The run as a word of a command line: its name, else its id. */
  readonly run: string;
}

/** The error that decides the exit code, or undefined when all was accepted. `id` is that of the run. */
export function verdict(
  subject: RunSubject,
  tally: RunTally,
  end: RunEnd,
  id: string,
): ErpsyncError | undefined {
  const ended = { subject, tally, end, run: shellWord(subject.name ?? id) };
  const { signal, problem, followed } = end;
  if (problem !== undefined && !tally.attempted) return notBegun(problem, signal);
  if (signal !== undefined) return interrupted(ended, signal);
  if (tally.lost !== undefined) return lost(ended, tally.lost);
  if (followed?.failed) return failed(ended, followed);
  const prevented = preventedBy(ended);
  if (prevented !== undefined) return stopped(ended, prevented);
  if (end.leftovers !== undefined) return withoutLeftovers(ended, end.leftovers);
  if (tally.requests.accepted === total(tally.requests)) return notWhole(ended);
  return tally.requests.accepted > 0 ? partial(ended) : nothingAccepted(ended);
}

/** Records without a link keep even a result without any other fault from being whole. `before` tells the counts. */
export function withoutLink({ keys }: RunSubject, before = ''): ErpsyncError | undefined {
  if (keys === null || keys.unresolved === 0) return undefined;
  const one = keys.unresolved === 1;
  return new ErpsyncError('partial', {
    what: `${before}${keys.unresolved} of the records given ${one ? 'is' : 'are'} left out`,
    why: one ? 'it has no link' : 'they have no link',
    next: `link ${one ? 'it' : 'them'} first: erpsync links create`,
  });
}

/** The error for a run whose journal takes nothing more, so that not even the first request can leave. */
export function notStarted(
  { name }: RunSubject,
  id: string,
  { code, message, cause }: ErpsyncError,
): ErpsyncError {
  const run = shellWord(name ?? id);
  return new ErpsyncError(code, {
    what: `run ${name ?? id} cannot go on`,
    why: continued(message, 'so nothing was sent', ','),
    next: `${remedyOf(cause)}, then: erpsync resume ${run}`,
    cause,
  });
}

function notBegun(problem: ErpsyncError, signal: EndingSignal | undefined): ErpsyncError {
  const { code, what, why, message, next, httpStatus, cause } = problem;
  if (signal === undefined) {
    return new ErpsyncError(code, {
      what,
      why: continued(why, 'so nothing was sent', ','),
      next,
      httpStatus,
      cause,
    });
  }
  return new ErpsyncError('interrupted', {
    what: `ended by ${signal}`,
    why: continued(message, 'so nothing was sent', ','),
    next: 'run the same command again',
    httpStatus,
    cause,
    exitCode: signalExitCodes[signal],
  });
}

function interrupted(ended: Ended, signal: EndingSignal): ErpsyncError {
  const { tally, end } = ended;
  const { followed } = end;
  const { unsent } = tally.requests;
  const next = [
    ...(unsent > 0 || followed === undefined ? [goOn(ended)] : []),
    ...(followed === undefined ? [] : [watchOn(followed)]),
  ];
  return new ErpsyncError('interrupted', {
    what: counts(ended),
    why: reasons(ended, [
      followed === undefined ? `ended by ${signal}` : `${signal} ended the watching, not the batch tasks`,
      firstCause(tally)?.message,
      preventedBy(ended)?.message,
    ]),
    next: next.join('; '),
    exitCode: signalExitCodes[signal],
  });
}

function lost(ended: Ended, { message, httpStatus }: Cause): ErpsyncError {
  return new ErpsyncError('unknown', {
    what: counts(ended),
    why: reasons(ended, [message, preventedBy(ended)?.message]),
    next: sendUnknown(ended),
    httpStatus,
  });
}

function failed(ended: Ended, { tasks }: FollowedRun): ErpsyncError {
  const ids = tasks.filter(({ state }) => state === 'Failed').map(({ id }) => id);
  return new ErpsyncError('failed', {
    what: `${counts(ended)}, and not all of it synced`,
    why: reasons(ended, [`${tasksInWords(ids)} failed`]),
    next: `see what ${ids.length === 1 ? 'it' : 'the first one'} says: erpsync tasks show ${ids[0]}`,
  });
}

/** Nothing more was sent, since it could not be written down or the lock was lost. */
function stopped(ended: Ended, prevented: ErpsyncError): ErpsyncError {
  const { code, message } = prevented;
  return new ErpsyncError(code, {
    what: counts(ended),
    why: reasons(ended, [firstCause(ended.tally)?.message, message]),
    next: nextOf(ended, prevented),
    cause: prevented,
  });
}

function nextOf(ended: Ended, { code, cause, next }: ErpsyncError): string {
  // A lost lock names the run already.
  if (code === 'locked') return next;
  if (code !== 'storage') return `${next}; then ${goOn(ended)}`;
  const remedy = remedyOf(cause);
  return ended.tally.requests.unsent > 0
    ? `${remedy}, then: erpsync resume ${ended.run}`
    : `${remedy}; ${goOn(ended)}`;
}

function remedyOf(cause: unknown): string {
  return diskRemedy(cause) ?? 'make the file writable again';
}

/** What kept the last session of the run from sending all. */
function preventedBy({ tally, end }: Ended): ErpsyncError | undefined {
  return tally.problem ?? end.journal;
}

function withoutLeftovers(ended: Ended, leftovers: ErpsyncError): ErpsyncError {
  return new ErpsyncError(leftovers.code, {
    what: counts(ended),
    why: reasons(ended, [firstCause(ended.tally)?.message, leftovers.message]),
    next: leftovers.next,
    cause: leftovers,
  });
}

/** All was accepted, and yet something is to be told. */
function notWhole(ended: Ended): ErpsyncError | undefined {
  const { subject, end } = ended;
  if (end.problem !== undefined) {
    const what = `${counts(ended)}, and possibly not synced`;
    return new ErpsyncError('partial', { what, why: reasons(ended, []), next: goOn(ended) });
  }
  const leftOut = withoutLink(subject, `${counts(ended)}, and `);
  if (leftOut !== undefined || !end.followed?.pending) return leftOut;
  return new ErpsyncError('pending', {
    what: `${counts(ended)}, and not all of it was seen to be synced`,
    why: unseenBecause(end.followed, ended.tally.requests.accepted),
    next: watchOn(end.followed),
  });
}

function partial(ended: Ended): ErpsyncError {
  const { tally } = ended;
  const why = reasons(ended, [firstCause(tally)?.message ?? endedEarly(tally)]);
  return new ErpsyncError('partial', { what: counts(ended), why, next: goOn(ended) });
}

/** Told as its cause is, where that is known with all that belongs to it. */
function nothingAccepted(ended: Ended): ErpsyncError {
  const { tally } = ended;
  const [worst] = tally.causes.toSorted((a, b) => a.exitCode - b.exitCode);
  if (worst instanceof ErpsyncError) return worst;
  return new ErpsyncError(worst?.code ?? 'unavailable', {
    what: counts(ended),
    why: reasons(ended, [worst?.message ?? endedEarly(tally)]),
    next: goOn(ended),
    httpStatus: worst?.httpStatus,
  });
}

function counts({ subject, tally }: Ended): string {
  return countsInWords(tally, subject.keys === null);
}

/** In one clause, with what is true besides. */
function reasons({ end, subject }: Ended, own: readonly (string | undefined)[]): string {
  const unrecorded = end.unrecorded ?? 0;
  const noun = subject.keys === null ? 'request' : 'key';
  return [
    ...own,
    ...(unrecorded === 0
      ? []
      : [`the answers to ${quantity(unrecorded, noun)} could not be written down, so they count as unknown`]),
    ...(end.problem === undefined ? [] : [`meanwhile ${end.problem.message}`]),
  ]
    .filter((reason) => reason !== undefined)
    .join('; ');
}

/** That it could not be written down is told by itself. */
function firstCause({ causes }: RunTally): Cause | undefined {
  return causes.find(({ code }) => code !== 'storage');
}

function endedEarly({ stopped: reason }: RunTally): string {
  return reason === 'deadline' ? 'the deadline passed' : 'it ended before its last request';
}

/** The command that goes on with what is left, by what that is. */
function goOn(ended: Ended): string {
  const { run, subject, tally } = ended;
  const { unsent, unknown, rejected } = tally.requests;
  const resume = `erpsync resume ${run}`;
  if (unsent > 0) return `send the rest: ${resume}`;
  if (unknown > 0) return sendUnknown(ended);
  if (rejected === 0) return isBatch(subject) ? 'watch the batch tasks: erpsync tasks watch' : lookAtLog;
  const keys = subject.keys === null ? '' : `look at their keys: erpsync runs keys ${run} --state rejected; `;
  return `${keys}send them again: ${resume} --rejected`;
}

const lookAtLog = 'look what was synced: erpsync log';

function sendUnknown({ run, subject, end }: Ended): string {
  const resume = `erpsync resume ${run} --unknown`;
  const again = `send again what is unknown: ${resume} retry`;
  if (!isBatch(subject)) return `${lookAtLog}; ${again}`;
  return end.checked ? again : `look what the batch tasks say of it: ${resume} check; ${again}`;
}

function isBatch({ operation }: RunSubject): boolean {
  return operation === 'ForceResyncBatchTask';
}

/** Why the end of some task was not seen. */
function unseenBecause({ tasks, ended, error }: FollowedRun, accepted: number): string {
  const open = openIds(tasks);
  if (error !== undefined) return `the batch tasks can no longer be seen: ${error.message}`;
  if (open.length > 0) return `the wait ran out before ${tasksInWords(open)} ended`;
  const vanished = tasks.filter(({ state }) => state === 'Vanished').map(({ id }) => id);
  if (vanished.length > 0) return `the server removed ${tasksInWords(vanished)} before the end was seen`;
  if (tasks.length < accepted) {
    const which =
      accepted === 1
        ? 'its batch task did not show'
        : `${tasks.length} of its ${accepted} batch tasks showed`;
    return ended === 'time' ? `the wait ran out, and ${which}` : which;
  }
  return 'other batch tasks of this user cannot be told from its own';
}

function watchOn({ tasks }: FollowedRun): string {
  const open = openIds(tasks);
  if (open.length > 0) return `watch on: erpsync tasks watch ${open.join(' ')}`;
  return tasks.length === 0 ? 'watch on: erpsync tasks watch' : lookAtLog;
}

/** Of tasks whose end was not seen, and which are still there. */
function openIds(tasks: FollowedRun['tasks']): readonly number[] {
  const ends = ['Succeeded', 'SucceededManualCleanup', 'Failed', 'Vanished'];
  return tasks.filter(({ state }) => !ends.includes(state ?? '')).map(({ id }) => id);
}

function tasksInWords(ids: readonly number[]): string {
  return `batch task${ids.length === 1 ? '' : 's'} ${ids.join(', ')}`;
}
