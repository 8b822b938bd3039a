/** Sends what a run has left to send, and sums it up: the end of `force-resync`, and of `resume`. */
import { type Context, endingSignal } from '../cli/context.ts';
import type { Session } from '../cli/session.ts';
import { ErpsyncError, errorValue } from '../errors.ts';
import type { Journal } from '../resync/journal.ts';
import { entryError, type OutcomeKind, type Part } from '../resync/journal-entries.ts';
import { halvesOf, type Ledger, type PartState, type SendChoice, stateAtRest } from '../resync/ledger.ts';
import type { HeldLock } from '../resync/owner-set.ts';
import { type RequestKeys, type ResyncSource, sendRequest } from '../resync/plan.ts';
import { nothingLeft, type ResyncResult, type RunFacts, resyncResult } from '../resync/result.ts';
import type { RunSubject } from '../resync/run-end.ts';
import type { RunHeader } from '../resync/run-header.ts';
import type { RunKeys, StoredRun } from '../resync/run-store.ts';
import { type RequestOutcome, sendAll } from '../resync/runner.ts';
import { lookAtSource } from '../resync/source.ts';
import { countsOf, tallyOf } from '../resync/tally.ts';
import { notStarted } from '../resync/verdict.ts';
import { paceOf } from '../transport/pace.ts';
import { retryBudget } from '../transport/retry-budget.ts';
import type { Leftovers } from './leftovers.ts';

/** How a run is sent. */
export interface RunManner {
  /** Requests under way at a time. */
  readonly concurrency: number;
  /** Requests a second; 0 is no limit. */
  readonly rate: number;
  /** In ms from the first request on. */
  readonly deadline: number | undefined;
  /** So many requests in a row without an answer end the run. */
  readonly maxUnknown: number;
  readonly split: boolean;
  readonly noCheck: boolean;
  /** How long to follow the batch tasks of the run (ms); undefined: not at all. */
  readonly waitMs: number | undefined;
  /** Send only while fewer resync tasks than this are unfinished on the server. */
  readonly maxTasks: number | undefined;
}

/** A run that is to go on. */
export interface RunJob {
  readonly run: StoredRun;
  readonly choice: SendChoice;
  readonly manner: RunManner;
  readonly leftovers: Leftovers;
  /** What is held while it goes on; asked before each request. */
  readonly locks: Pick<HeldLock, 'check'>;
  readonly note: 'started' | 'resumed';
  readonly context: Context;
  readonly session: Session;
  /** When the command began, by the clock of the host. */
  readonly startedAt: number;
  readonly interruption: AbortSignal;
}

/** So many further requests `--split` may cost a run. */
const maxSplits = 64;

/** @throws ErpsyncError (config, storage) when the run cannot be opened; nothing was sent then */
export async function sendRun(job: RunJob): Promise<ResyncResult> {
  const { run, context } = job;
  const journal = await run.openJournal(() => context.host.clock.now());
  let keys: RunKeys | undefined;
  try {
    keys = await run.openKeys();
    return await sendParts(job, journal, keys);
  } finally {
    await keys?.close();
    // What could not be written is part of the result already, or the error that ends all.
    await journal.close().catch(() => undefined);
  }
}

async function sendParts(job: RunJob, journal: Journal, keys: RunKeys): Promise<ResyncResult> {
  const { run, manner, context, session, interruption } = job;
  const { header } = run;
  const subject = runSubject(header);
  const { clock } = context.host;
  const parts = journal.ledger.toSend(job.choice);
  await journal.note(job.note).catch((error: unknown) => {
    throw error instanceof ErpsyncError ? notStarted(subject, header.id, error) : error;
  });
  const pace = paceOf(manner.rate, { now: () => performance.now(), sleep: clock.sleep });
  // Loaded only for what needs it: most runs are started and left alone.
  const loadTasks = () => import('./resync-tasks.ts');
  const loadMark = () => import('./task-mark.ts');
  const mark = manner.waitMs === undefined ? undefined : await (await loadMark()).markTasks(session, journal);
  const roomy =
    manner.maxTasks === undefined
      ? undefined
      : (await loadTasks()).roomyPace(pace, manner.maxTasks, await session.associateId(), session, context);
  const budget = retryBudget(10 + context.globals.retries * manner.concurrency);
  const errors: ErpsyncError[] = [];
  const told = new Map<Part, RequestKeys | null>();
  // Parts whose intent is written and whose outcome is not: a try that was not made has none.
  const open = new Set<Part>();
  const close = (part: Part, kind: OutcomeKind, retries: number, error: ErpsyncError | null): void => {
    if (open.delete(part)) journal.outcome(part, kind, retries, error && entryError(error, context.redact));
  };

  const showProgress = progressOf(job, parts);

  const report = await sendAll<Part>(parts, {
    async send(part, signal) {
      const partKeys = await keys.keysOf(part);
      told.set(part, partKeys);
      return await sendRequest(
        session.client,
        header,
        { keys: partKeys },
        {
          signal,
          pace,
          budget,
          async beforeTry() {
            job.locks.check();
            await journal.intend(part);
            open.add(part);
          },
          onRetry(outcome) {
            if (outcome.kind === 'unsent') close(part, 'unsent', 0, outcome.error);
            showProgress({ retries: 1 });
          },
        },
      );
    },
    halve: halvesOf,
    concurrency: manner.concurrency,
    pace: roomy?.pace ?? pace,
    maxUnknown: manner.maxUnknown,
    splits: manner.split ? Math.max(0, maxSplits - 2 * journal.ledger.splits) : 0,
    signal: interruption,
    deadline: manner.deadline === undefined ? undefined : AbortSignal.timeout(manner.deadline),
    onSplit(part, retries) {
      roomy?.landed();
      close(part, 'split', retries, null);
      told.delete(part);
    },
    onOutcome(done) {
      roomy?.landed();
      const { request, outcome, retries } = done;
      const error = outcome.kind === 'accepted' ? null : outcome.error;
      if (error !== null) errors.push(error);
      close(request, outcome.kind, retries, error);
      showProgress({ requests: 1, keys: request.count });
      tellOutcome(done, told.get(request) ?? null, parts.length, context);
      told.delete(request);
    },
  });

  context.progressEnd();
  const accepted = report.outcomes.flatMap(({ request, outcome }) =>
    outcome.kind === 'accepted' ? [request] : [],
  );
  const follows = mark !== undefined && accepted.length > 0 && !interruption.aborted && !journal.failure;
  const following = {
    timeoutMs: manner.waitMs ?? 0,
    // A task of a request whose outcome is not known would stand among theirs.
    inOrder: manner.concurrency === 1 && report.outcomes.every(({ outcome }) => outcome.kind !== 'unknown'),
    signal: interruption,
    sourceId: header.source.connectionId,
  };
  const followed = follows
    ? await (await loadTasks()).followParts(accepted, mark, following, session, journal, context)
    : undefined;
  const signal = endingSignal(interruption);
  await written(journal, signal === undefined && report.stopped === undefined);
  const kept = await keptLedger(run, journal);
  await tellUntried(report.untried, keys, context);
  const leftoverProblem = await keepLeftovers(job, kept, keys);
  const sent = report.outcomes.some(({ outcome }) => ['accepted', 'unknown'].includes(outcome.kind));
  const problem = manner.noCheck || !sent ? undefined : await lookAgain(header.source, session, context);
  const tally = tallyOf(journal.ledger, report, errors);
  return resyncResult(subject, { ...tally, ...countsOf(kept) }, factsOf(job), {
    signal,
    problem,
    journal: journal.failure,
    unrecorded: countsOf(kept).keys.unknown - tally.keys.unknown,
    leftovers: leftoverProblem,
    followed,
  });
}

/**
 * The run as its journal has it from now on, which is closed. Where the disk did not take all, answers that came
 * are missing in it: what they are about counts as unknown, here as for everybody who looks later.
 */
async function keptLedger(run: StoredRun, journal: Journal): Promise<Ledger> {
  try {
    await journal.close();
    return journal.ledger;
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    return await run.readLedger().catch(() => journal.ledger);
  }
}

/** Shows how far this session of the run is, in keys, or in requests where every record was asked for. */
function progressOf({ run, context }: RunJob, parts: readonly Part[]) {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const noun = run.header.target.kind === 'every-record' ? 'requests' : 'keys';
  const begun = performance.now();
  let [done, requests, retries] = [0, 0, 0];
  return (more: { readonly requests?: number; readonly keys?: number; readonly retries?: number }): void => {
    done += more.keys ?? 0;
    requests += more.requests ?? 0;
    retries += more.retries ?? 0;
    context.progress({ done, total, noun, requests, retries, elapsedMs: performance.now() - begun });
  };
}

/** The result of a run that has nothing left to send; nothing is done twice. */
export function completeResult(
  { header }: StoredRun,
  ledger: Ledger,
  facts: RunFacts,
  context: Context,
): ResyncResult {
  context.note(`Run ${header.name ?? header.id} has nothing left to send; nothing was sent.`);
  const tally = tallyOf(ledger, { stopped: undefined });
  const result = resyncResult(runSubject(header), tally, facts, { signal: undefined, problem: undefined });
  return { ...result, [nothingLeft]: true };
}

/** What a stored run is about. */
export function runSubject({ name, operation, source, target }: RunHeader): RunSubject {
  if (target.kind === 'every-record') return { name, operation, source, keys: null };
  const { given, count, unresolved } = target;
  return { name, operation, source, keys: { given, count, unresolved } };
}

function factsOf({ run, session, context, startedAt }: RunJob): RunFacts {
  const { profile, url, client } = session;
  const durationMs = context.host.clock.now() - startedAt;
  return { run: run.header.id, profile, url, transport: client.transport.name, durationMs };
}

/** The last words of a session of the run. That they cannot be written shows in `journal.failure`. */
async function written(journal: Journal, whole: boolean): Promise<void> {
  const note = whole && journal.ledger.finished ? 'finished' : whole ? undefined : 'interrupted';
  if (note === undefined || journal.failure) return;
  await journal.note(note).catch(() => undefined);
}

async function keepLeftovers(
  { leftovers, run }: RunJob,
  ledger: Ledger,
  keys: RunKeys,
): Promise<ErpsyncError | undefined> {
  async function* inStates(states: readonly PartState[]): AsyncGenerator<RequestKeys> {
    for (const part of ledger.parts()) {
      const found = states.includes(stateAtRest(part.state)) ? await keys.keysOf(part) : null;
      if (found !== null) yield found;
    }
  }
  return await leftovers.write(run.header.id, inStates);
}

/** The source after the last request: a problem only if it is none any more, not if the look failed. */
async function lookAgain({ connectionId }: ResyncSource, { client }: Session, { warn }: Context) {
  try {
    return (await lookAtSource(client, connectionId)).unusable;
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    warn(`warning: could not look at the source again after the run: ${error.message}`);
    return undefined;
  }
}

/** An event for each request that was never sent, so that the events name every key. */
async function tellUntried(parts: readonly Part[], keys: RunKeys, context: Context): Promise<void> {
  if (context.globals.output !== 'ndjson') return;
  for (const part of parts) {
    const { request: index } = part;
    const untried = extent(await keys.keysOf(part));
    context.event({ type: 'request', index, outcome: 'unsent', ...untried, retries: 0, error: null });
  }
}

function extent(keys: RequestKeys | null) {
  return { keys: keys?.length ?? null, first: keys?.[0] ?? null, last: keys?.at(-1) ?? null };
}

function tellOutcome(
  { request, outcome, retries }: RequestOutcome<Part>,
  partKeys: RequestKeys | null,
  requests: number,
  context: Context,
): void {
  const { request: index } = request;
  const error = outcome.kind === 'accepted' ? null : errorValue(outcome.error);
  const { keys, first, last } = extent(partKeys);
  context.event({ type: 'request', index, outcome: outcome.kind, keys, first, last, retries, error });
  if (error === null || requests === 1) return;
  const several = `${keys} keys from ${first} to ${last} in the order given`;
  const which = keys === null ? '' : `, ${keys === 1 ? `key ${first}` : several}`;
  context.note(`Request ${index + 1}${which}: ${outcome.kind}: ${error.message}`);
}
