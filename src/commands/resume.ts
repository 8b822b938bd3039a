import { connectionFlags, howToSend, runFlags } from '../cli/connection-flags.ts';
import { type Context, endingSignal } from '../cli/context.ts';
import { defineCommand } from '../cli/define.ts';
import { flagName, type Given, inGroup, optional, optionalArgument, toggle } from '../cli/flags.ts';
import { openSession, type Session } from '../cli/session.ts';
import { choice, text, wholeNumber } from '../cli/values.ts';
import { excluding } from '../error-words.ts';
import { ErpsyncError, usageError } from '../errors.ts';
import { printable } from '../output/json.ts';
import { ruleOf } from '../profiles/setting-table.ts';
import { checkGoesOnHere } from '../resync/ledger.ts';
import { nothingSent, type ResyncResult, type RunFacts, resyncResult } from '../resync/result.ts';
import { subjectInWords, summaryInWords } from '../resync/result-words.ts';
import { checkUnchanged, type RunHeader, requestSizes } from '../resync/run-header.ts';
import { latestRun } from '../resync/run-search.ts';
import { findRun, type StoredRun } from '../resync/run-store.ts';
import { lookAtSource } from '../resync/source.ts';
import { checkLeftoverPaths, openLeftovers } from './leftovers.ts';
import { completeResult, type RunManner, runSubject, sendRun } from './resync-run.ts';
import { runLocks } from './run-locks.ts';
import { runPlace } from './run-place.ts';
import { checkReportPath, withReports } from './run-report.ts';
import { noRunNamed, twoRuns } from './runs/chosen-run.ts';
import { courseFlags, outcomeFiles, waitingFlags } from './sending-flags.ts';
import { waitTime } from './wait-time.ts';

const flags = {
  ...inGroup(
    { heading: 'What to send' },
    {
      latest: toggle('the latest unfinished run, of the profile of --profile if it is given'),
      unknown: optional(
        choice('what', ['retry', 'skip', 'check']),
        'keys whose outcome is not known: retry sends them again, skip leaves them (the default); check sends nothing at all and compares the batch tasks on the server with the requests',
      ),
      rejected: toggle('also what the server refused'),
      failed: toggle('also keys whose batch task failed'),
    },
  ),
  ...inGroup(howToSend, {
    wait: toggle('follow the batch tasks that this starts to their end'),
    waitTimeout: courseFlags.waitTimeout,
    concurrency: optional(
      wholeNumber('n', 1, 64),
      'requests under way at a time; else as the run was started',
    ),
    noCheck: courseFlags.noCheck,
    deadline: courseFlags.deadline,
    maxUnknown: optional(
      wholeNumber('n', 1, 1_000_000),
      'requests in a row whose answers are lost that stop the run',
    ),
  }),
  ...waitingFlags,
  ...runFlags,
  ...outcomeFiles,
  ...connectionFlags,
};

export default defineCommand({
  path: ['resume'],
  summary: 'continue a run that was interrupted or partly failed',
  description: [
    'Sends what was not sent; what the server has accepted is never sent again. Tenant, source and',
    'operation have to be what they were; the profile is the one that the run was started with.',
  ],
  effect: 'write',
  arguments: {
    run: optionalArgument(text('run', 'run'), 'its id or name; at a terminal else the latest unfinished one'),
  },
  flags,
  examples: [
    { run: 'erpsync resume --latest', why: 'what the latest unfinished run has left to send' },
    {
      run: 'erpsync resume nightly --unknown check',
      why: 'what the server says of the keys whose outcome is not known; sends nothing',
    },
    {
      run: 'erpsync resume nightly --rejected',
      why: 'the run of this name, with the keys that were refused',
    },
  ],
  exitCodes: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  async run({ run: wanted, ...given }, context) {
    const startedAt = context.host.clock.now();
    const run = await chosenRun(wanted, given.latest, context);
    checkLeftoverPaths(given, run.header.target.kind === 'every-record');
    await checkReportPath(given.report);
    const { header } = run;
    const checks = given.unknown === 'check';
    if (checks) refuseBesideCheck(given);
    const waitMs = waitTime(given.wait, given.waitTimeout);
    const own = withProfile(context, header);
    const direct = header.operation !== 'ForceResyncBatchTask';
    const session = await openSession(
      own,
      given,
      checks ? 'read' : 'write',
      direct ? 10 * 60_000 : undefined,
    );
    try {
      const manner = mannerOf(header, given, waitMs, session);
      return await withReports(await resumed(run, manner, given, own, session, startedAt), given.report, own);
    } finally {
      await session.client.close();
    }
  },
  render: (result) => printable(result.check?.message ?? summaryInWords(result)),
});

type GivenFlags = Given<typeof flags>;

/** What sends or follows has no meaning beside a look. */
function refuseBesideCheck(given: GivenFlags): void {
  const { rejected, failed, wait, noCheck, maxTasks, failedOut, unknownOut } = given;
  const others = { rejected, failed, wait, noCheck, maxTasks, failedOut, unknownOut };
  const beside = Object.entries(others).find(([, value]) => value !== false && value !== undefined);
  if (beside === undefined) return;
  const why = 'a check sends nothing, and follows nothing';
  throw excluding(['--unknown check', flagName(beside[0])], why, 'leave one of them out');
}

/** The run's own profile is taken unless another one is named. */
function withProfile(context: Context, { profile }: RunHeader): Context {
  const { globals } = context;
  return { ...context, globals: { ...globals, profile: globals.profile ?? profile ?? undefined } };
}

async function resumed(
  run: StoredRun,
  manner: RunManner,
  given: GivenFlags,
  context: Context,
  session: Session,
  startedAt: number,
): Promise<ResyncResult> {
  const { header } = run;
  const { source, operation } = header;
  checkUnchanged(header, { tenant: session.tenant, source, operation });
  const subject = runSubject(header);
  const facts = (): RunFacts => {
    const { profile, url, client } = session;
    const durationMs = context.host.clock.now() - startedAt;
    return { run: header.id, profile, url, transport: client.transport.name, durationMs };
  };
  const none = nothingSent(requestSizes(header).requests, subject.keys?.count ?? 1);
  const unsent = (problem: ErpsyncError, ending: AbortSignal): ResyncResult =>
    resyncResult(subject, none, facts(), { signal: endingSignal(ending), problem });

  if (given.unknown === 'check') {
    const { checkUnknown } = await import('./unknown-check.ts');
    return await checkUnknown(run, await run.readLedger(), session, facts(), context);
  }
  const wishes = { unknown: given.unknown === 'retry', rejected: given.rejected, failed: given.failed };
  const ledger = await run.readLedger();
  checkGoesOnHere(header, ledger);
  if (ledger.toSend(wishes).length === 0) return completeResult(run, ledger, facts(), context);
  const problem = manner.noCheck ? undefined : await problemOf(header, session, context);
  if (problem !== undefined) return unsent(problem, context.host.stopped);
  const leftovers = await openLeftovers(given);
  const interruption = context.host.interruption();
  interruption.addEventListener('abort', () => {
    context.note(`${interruption.reason}: what is under way is finished first; again stops at once.`);
  });
  const locks = runLocks(given, context, interruption);
  try {
    const busy = (await locks.holdRun(run)) ?? (await locks.holdTenant(runPlace(context), header));
    if (busy) return unsent(busy, interruption);
    const requests = requestSizes(header).requests;
    context.note(`Run ${header.name ?? header.id} goes on: ${subjectInWords(subject, requests)}.`);
    const { id, profile, url } = header;
    context.event({ type: 'start', run: id, profile, url, operation, source, requests });
    const rest = { leftovers, locks, note: 'resumed', context, session, startedAt, interruption } as const;
    return await sendRun({ run, choice: wishes, manner, ...rest });
  } finally {
    locks.release();
    await leftovers.discard();
  }
}

/** Why the source can no longer be one. */
async function problemOf({ source }: RunHeader, { client }: Session, context: Context) {
  try {
    const { unusable, warning } = await lookAtSource(client, source.connectionId);
    if (warning !== undefined) context.warn(`warning: ${warning}`);
    return unusable;
  } catch (error) {
    if (error instanceof ErpsyncError) return error;
    throw error;
  }
}

/** As the run was started, unless something else is said now. */
function mannerOf(
  { settings, shard }: RunHeader,
  given: GivenFlags,
  waitMs: number | undefined,
  { rate }: Session,
): RunManner {
  const { flag, variable } = ruleOf('rate');
  const isTyped = [flag, variable].includes(rate.from);
  const number = (name: string, fallback: number): number => {
    const value = settings[name];
    return typeof value === 'number' ? value : fallback;
  };
  return {
    concurrency: given.concurrency ?? number('concurrency', 1),
    rate: isTyped ? rate.value / (shard?.count ?? 1) : number('rate', 10),
    maxUnknown: given.maxUnknown ?? number('maxUnknown', 3),
    deadline: given.deadline,
    waitMs,
    maxTasks: given.maxTasks,
    split: settings['split'] === true,
    noCheck: given.noCheck || settings['noCheck'] === true,
  };
}

async function chosenRun(wanted: string | undefined, latest: boolean, context: Context): Promise<StoredRun> {
  const place = runPlace(context);
  const { globals, prompts } = context;
  if (wanted !== undefined) {
    if (latest) throw twoRuns();
    return await findRun(place, wanted);
  }
  if (!latest && !prompts.available) {
    throw noRunNamed();
  }
  const run = await latestRun(place, { profile: globals.profile, unfinished: true });
  if (latest) return run;
  const { id, name } = run.header;
  context.warn(
    `The latest unfinished run is ${name ?? id}: ${subjectInWords(runSubject(run.header), requestSizes(run.header).requests)}`,
  );
  const typed = await prompts.text('Type yes to go on with it');
  if (typed.trim() === 'yes') return run;
  throw usageError({
    what: 'nothing was sent',
    why: `${JSON.stringify(typed)} is not yes`,
    next: 'name the run that is to go on; see which there are: erpsync runs list',
  });
}
