import type { AgentClient } from '../agent/client.ts';
import { connectionFlags } from '../cli/connection-flags.ts';
import { type Context, endingSignal } from '../cli/context.ts';
import { defineCommand } from '../cli/define.ts';
import { type Given, optional, repeated, toggle, withDefault } from '../cli/flags.ts';
import { openSession, type Session } from '../cli/session.ts';
import { text, wholeNumber } from '../cli/values.ts';
import { ErpsyncError, errorValue, usageError } from '../errors.ts';
import { printable } from '../output/json.ts';
import { table } from '../output/table.ts';
import { linesOf } from '../resync/key-source.ts';
import { collectKeys, keysInLines, largestKey, parseKeyList } from '../resync/keys.ts';
import { argumentsOf, direction, planResync, type ResyncPlan, type ResyncTarget } from '../resync/plan.ts';
import {
  dryRunResult,
  planInWords,
  type RunFacts,
  resyncResult,
  runId,
  summaryInWords,
} from '../resync/result.ts';
import { type RequestOutcome, type RunReport, runPlan } from '../resync/runner.ts';
import { checkSource } from '../resync/source.ts';

/** So many requests in a row without an answer end a run. */
const maxUnknown = 3;

const flags = {
  connection: optional(
    wholeNumber('id', 1, largestKey),
    'the ERP connection that the data comes FROM; it goes to all others and to SuperOffice',
  ),
  fromCrm: toggle('the data comes from SuperOffice and goes to all ERP connections'),
  ids: repeated(text('list'), 'internal keys: 100,959 or ranges 100-200'),
  idsFile: optional(
    text('path'),
    'a file of internal keys, one a line; # begins a comment, - is standard input',
    { readsStdin: true },
  ),
  all: toggle('every record; asks for confirmation, or needs --yes'),
  chunkSize: withDefault(wholeNumber('n', 1, 1_000_000), '1000', 'keys in one request'),
  maxKeys: withDefault(wholeNumber('n', 1, 16_000_000), '1000000', 'refuse more keys than this'),
  dryRun: toggle('show the exact plan and change nothing'),
  noCheck: toggle('do not look whether the source exists and is active'),
  ...connectionFlags,
};

export default defineCommand({
  path: ['force-resync'],
  summary: 'start a forced resync of some or all records',
  description: [
    'Values are taken from the source and overwrite those on the other side, whatever is newer. An internal',
    'key is the number under which SuperOffice keeps a synchronised record (table ErpInternalKey); it is not',
    'the id of the company, person or project.',
    '',
    'The server queues a batch task for each request; a success means "queued", not yet "synced".',
  ],
  effect: 'write',
  arguments: {},
  flags,
  examples: [
    {
      run: 'erpsync force-resync --connection 124 --ids 100,959',
      why: 'two records, from ERP connection 124 to all other connections and SuperOffice',
    },
    {
      run: 'erpsync force-resync --from-crm --ids-file keys.txt --dry-run',
      why: 'show what would be sent for the keys in a file, from SuperOffice to all ERP connections',
    },
    { run: 'erpsync force-resync --from-crm --all --yes', why: 'every record, without being asked' },
  ],
  exitCodes: [4, 5, 6, 7, 9, 10, 11, 130],
  async run(given, context) {
    const connectionId = sourceId(given);
    const target = await readTarget(given, context);
    if (target.kind === 'every-record') confirmationIsPossible(given.dryRun, context);
    const session = await openSession(context, given, given.dryRun ? 'read' : 'write');
    try {
      return await resync({ connectionId, target, given, context, session });
    } finally {
      await session.client.close();
    }
  },
  render(result, style) {
    const { plan } = result;
    if (plan === undefined) return printable(summaryInWords(result));
    const [first] = plan;
    const shown = table(
      plan,
      [
        { heading: 'request', cell: ({ index }) => String(index + 1) },
        { heading: 'keys', cell: ({ keys }) => (keys === null ? 'every record' : String(keys)) },
        { heading: 'first', cell: ({ first: key }) => String(key ?? '') },
        { heading: 'last', cell: ({ last }) => String(last ?? '') },
      ],
      style,
    );
    return `${printable(summaryInWords(result))}\n\nPOST ${first?.url ?? ''}\n${shown}`;
  },
});

type GivenFlags = Given<typeof flags>;

function sourceId({ connection, fromCrm }: GivenFlags): number {
  if (connection !== undefined && fromCrm) {
    throw usageError('--connection and --from-crm are two sources', 'give the one that the data comes from');
  }
  if (connection !== undefined) return connection;
  if (fromCrm) return 0;
  throw usageError('no source is given', 'say where the data comes from: --connection <id> or --from-crm');
}

async function readTarget(given: GivenFlags, context: Context): Promise<ResyncTarget> {
  const { ids, idsFile, all, maxKeys } = given;
  const kinds = [
    ...(ids.length > 0 ? ['--ids'] : []),
    ...(idsFile === undefined ? [] : ['--ids-file']),
    ...(all ? ['--all'] : []),
  ];
  const [kind, second] = kinds;
  if (second !== undefined) throw usageError(`${kinds.join(' and ')} exclude each other`, 'give one of them');
  if (kind === undefined) {
    throw usageError('no keys are given', 'say which records: --ids <list>, --ids-file <path> or --all');
  }
  if (all) return { kind: 'every-record' };
  if (idsFile !== undefined) {
    const name = idsFile === '-' ? 'standard input' : idsFile;
    const lines = linesOf(idsFile, () => context.host.stdin);
    return { kind: 'keys', list: await collectKeys(keysInLines(lines, name), maxKeys, name) };
  }
  const ranges = ids.flatMap((list, index) =>
    parseKeyList(list, ids.length === 1 ? '--ids' : `--ids (no. ${index + 1})`),
  );
  return { kind: 'keys', list: await collectKeys(ranges, maxKeys, '--ids') };
}

function confirmationIsPossible(dryRun: boolean, { globals, prompts }: Context): void {
  if (dryRun || globals.yes || prompts.available) return;
  throw usageError(
    '--all means every record and nobody is there to confirm it',
    'add --yes if that is meant',
  );
}

interface Job {
  readonly connectionId: number;
  readonly target: ResyncTarget;
  readonly given: GivenFlags;
  readonly context: Context;
  readonly session: Session;
}

/** Check, plan, confirm, send, check again, sum up: each step takes the value of the one before. */
async function resync({ connectionId, target, given, context, session }: Job) {
  const { client, profile, url } = session;
  const { clock } = context.host;
  const startedAt = clock.now();
  const run = runId(startedAt, clock.random());
  const facts = (): RunFacts => {
    return { run, profile, url, transport: client.transport.name, durationMs: clock.now() - startedAt };
  };
  const nothingSent: RunReport = { outcomes: [], stopped: undefined };
  const unchecked = planResync({ connectionId, name: null }, target, given.chunkSize);

  const before = given.noCheck ? undefined : await lookAt(connectionId, client, context);
  if (before instanceof ErpsyncError) {
    return resyncResult(unchecked, nothingSent, facts(), { signal: undefined, problem: before });
  }
  const plan = before === undefined ? unchecked : planResync(before, target, given.chunkSize);
  if (given.dryRun) return dryRunResult(plan, facts(), client.transport.addressOf(plan.operation));
  await confirmEveryRecord(plan, url, context);

  context.note(`Resync of ${planInWords(plan)}.`);
  const { requests, source, operation } = plan;
  context.event({ type: 'start', run, profile, url, operation, source, requests: requests.length });
  const interruption = context.host.interruption();
  const report = await runPlan(plan, {
    send: (request) =>
      client.call(plan.operation, argumentsOf(plan, request), {
        everyRecord: target.kind === 'every-record',
        signal: interruption,
      }),
    maxUnknown,
    signal: interruption,
    onOutcome: (outcome) => tellOutcome(outcome, plan, context),
  });
  const sent = report.outcomes.some(
    ({ outcome }) => outcome.kind === 'accepted' || outcome.kind === 'unknown',
  );
  const after = before === undefined || !sent ? undefined : await lookAgain(connectionId, client, context);
  return resyncResult(plan, report, facts(), { signal: endingSignal(interruption), problem: after });
}

async function lookAt(connectionId: number, client: AgentClient, { warn }: Context) {
  try {
    const { source, warning } = await checkSource(client, connectionId);
    if (warning !== undefined) warn(`warning: ${warning}`);
    return source;
  } catch (error) {
    if (error instanceof ErpsyncError) return error;
    throw error;
  }
}

/** The source after the last request: a problem only if it is none any more, not if the look failed. */
async function lookAgain(connectionId: number, client: AgentClient, context: Context) {
  const problem = await lookAt(connectionId, client, { ...context, warn: () => undefined });
  if (!(problem instanceof ErpsyncError) || problem.code === 'rejected') {
    return problem instanceof ErpsyncError ? problem : undefined;
  }
  context.warn(`warning: could not look at the source again after the run: ${problem.message}`);
  return undefined;
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

function tellOutcome(
  { request, outcome, retries }: RequestOutcome,
  { requests }: ResyncPlan,
  context: Context,
): void {
  const { index, keys } = request;
  const error = outcome.kind === 'accepted' ? null : errorValue(outcome.error);
  const [first, last] = [keys?.[0] ?? null, keys?.at(-1) ?? null];
  context.event({
    type: 'request',
    index,
    outcome: outcome.kind,
    keys: keys?.length ?? null,
    first,
    last,
    retries,
    error,
  });
  if (error === null || requests.length === 1) return;
  const which = keys === null ? '' : `, ${keys.length} keys from ${first} to ${last} in the order given`;
  context.note(`Request ${index + 1} of ${requests.length}${which}: ${outcome.kind}: ${error.message}`);
}
