import { ErpActorType } from '../agent/carriers.ts';
import { connectionFlags, runFlags } from '../cli/connection-flags.ts';
import type { Context } from '../cli/context.ts';
import { defineCommand } from '../cli/define.ts';
import { type Given, optional, repeated, toggle, withDefault } from '../cli/flags.ts';
import { openSession } from '../cli/session.ts';
import { choice, duration, text, wholeNumber } from '../cli/values.ts';
import { usageError } from '../errors.ts';
import { printable } from '../output/json.ts';
import { table } from '../output/table.ts';
import { keyFormats } from '../resync/key-cell.ts';
import { largestKey } from '../resync/keys.ts';
import type { ActorType, PlanOptions } from '../resync/plan.ts';
import type { ResyncResult } from '../resync/result.ts';
import { summaryInWords } from '../resync/result-words.ts';
import type { Shard } from '../resync/shard.ts';
import { emptyListError } from '../resync/target.ts';
import { checkLeftoverPaths } from './leftovers.ts';
import {
  checkWithoutProfiles,
  isOfProfiles,
  namesProfiles,
  type ProfilesResult,
  profilesTable,
} from './profile-choice.ts';
import type { ResyncJob, SourceChoice } from './resync-job.ts';
import { startResync } from './resync-start.ts';
import { reportValue, withReports } from './run-report.ts';
import { waitTime } from './wait-time.ts';

/** Direct operations work within the request: small requests, much time. */
const directDefaults = { chunkSize: 25, concurrency: 1, timeoutMs: 10 * 60_000 };
const batchDefaults = { chunkSize: 1_000, concurrency: 4, timeoutMs: 100_000 };

const actorTypes = Object.keys(ErpActorType.values).filter((name): name is ActorType => name !== 'Unknown');
const shardValue = {
  placeholder: 'i/n',
  parse(given: string, where: string): Shard {
    const [, index, count] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(given) ?? [];
    const shard = { index: Number(index), count: Number(count) };
    if (shard.index <= shard.count) return shard;
    throw usageError(
      `${where}: ${JSON.stringify(given)} is no part of a whole`,
      'write it as 2/5, from 1 to n',
    );
  },
};

const keyColumn = 'the column with the keys, by name or number from 1; of NDJSON the field';

function crmRecords(noun: string) {
  const summary = `ids of ${noun} in SuperOffice, in the same forms as --ids; their internal keys are asked for`;
  return repeated(text('list'), summary, { readsStdin: true });
}

const flags = {
  connection: optional(
    { ...wholeNumber('id', 1, largestKey), completes: 'connection' },
    'the ERP connection that the data comes FROM; it goes to all others and to SuperOffice',
  ),
  connectionName: optional(
    text('text', 'connection-name'),
    'the same, as the one active connection of that name',
  ),
  fromCrm: toggle('the data comes from SuperOffice and goes to all ERP connections'),
  ids: repeated(text('list'), 'internal keys: 100,959 or ranges 100-200; - is standard input, @path a file', {
    readsStdin: true,
  }),
  idsFile: optional(
    text('path'),
    'a file of internal keys, one a line, CSV, TSV or NDJSON; - is standard input',
    {
      readsStdin: true,
    },
  ),
  company: crmRecords('companies'),
  person: crmRecords('persons'),
  project: crmRecords('projects'),
  sale: crmRecords('sales'),
  unresolved: withDefault(
    choice('what', ['error', 'skip']),
    'error',
    'what a record without a link is: nothing is sent, or it is left out (exit code 10)',
  ),
  externalKeys: repeated(
    text('list', 'nothing'),
    'ERP keys, quoted as in CSV where they hold a comma; only with --connection',
  ),
  externalKeysFile: optional(text('path'), 'a file of ERP keys; - is standard input', { readsStdin: true }),
  actorType: optional(choice('type', actorTypes), `what the ERP keys belong to: ${actorTypes.join(', ')}`),
  all: toggle('every record; asks for confirmation, or needs --yes'),
  format: optional(
    choice('format', keyFormats),
    `how the file is written: ${keyFormats.join(', ')}; else its name tells`,
  ),
  column: optional(text('column'), keyColumn),
  ifEmpty: withDefault(
    choice('what', ['error', 'ok']),
    'error',
    'what a list without keys is; nothing is sent either way',
  ),
  maxKeys: withDefault(wholeNumber('n', 1, 16_000_000), '1000000', 'refuse more keys than this'),
  mode: optional(
    choice('mode', ['batch', 'direct']),
    'batch: the server queues a task (the default); direct: it resyncs within the request',
  ),
  keepNonBlank: toggle('blank values of the source leave what the other side has; direct'),
  chunkSize: optional(wholeNumber('n', 1, 1_000_000), 'keys in one request (default 1000; direct 25)'),
  concurrency: optional(wholeNumber('n', 1, 64), 'requests under way at a time (default 4; direct 1)'),
  deadline: optional(duration(), 'stop sending after this time, and finish what is under way'),
  maxUnknown: withDefault(
    wholeNumber('n', 1, 1_000_000),
    '3',
    'requests in a row whose answers are lost that stop the run',
  ),
  split: toggle(
    'halve what is refused for its content until the bad keys stand alone, with at most 64 further requests',
  ),
  failedOut: optional(text('path'), 'write the keys that were refused or not sent to a file, one a line'),
  unknownOut: optional(text('path'), 'write the keys whose outcome is not known to a file, one a line'),
  maxTasks: optional(
    wholeNumber('n', 1, 100_000),
    'send only while fewer ERP resync tasks of yours than that are unfinished on the server',
  ),
  wait: toggle('follow the batch tasks that the run started to their end'),
  waitTimeout: optional(duration(), 'how long --wait follows them (default 1h)'),
  shard: optional(
    shardValue,
    'only the i-th of n disjoint parts of the keys, such as 2/5; the rate is divided by n',
  ),
  run: optional(
    text('name', 'run-name'),
    'a name for the run: started again under it, it goes on, or ends with 0 if complete',
  ),
  lockWait: optional(
    duration(),
    'wait so long for who works at the tenant or on the run; else that ends this one with 12',
  ),
  noLock: toggle('do not look for other runs of the tenant'),
  profiles: optional(
    text('list', 'profile-list'),
    'the same on several profiles, one after the other: prod,test; the source is --from-crm or --connection-name',
  ),
  allProfiles: toggle('on every stored profile of a server'),
  profileColumn: optional(
    text('column'),
    'with several profiles: the column of the file that names the profile of a key, beside --column',
  ),
  yesTenants: optional(
    wholeNumber('n', 1, 100_000),
    'with several profiles and --all: confirms that it takes every record of so many tenants',
  ),
  report: optional(reportValue, 'write what became of each request to a file that CI systems read'),
  dryRun: toggle('show the exact plan and change nothing'),
  noCheck: toggle('do not look whether the source exists and is active'),
  ...runFlags,
  ...connectionFlags,
};

export default defineCommand({
  path: ['force-resync'],
  summary: 'start a forced resync of some or all records',
  description: [
    'Values are taken from the source and overwrite those on the other side, whatever is newer. An internal',
    'key is the number under which SuperOffice keeps a synchronised record (table ErpInternalKey); it is not',
    'the id of the company, person or project. An ERP key is the key of a record in the ERP system.',
    '',
    'The server queues a batch task for each request; a success means "queued", not yet "synced". Direct',
    'requests (--mode direct, --keep-non-blank, ERP keys) have up to 10 minutes each, or --timeout.',
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
      run: 'erpsync force-resync --connection 124 --ids 100,959 --wait',
      why: 'the same, until the server has done it',
    },
    {
      run: 'erpsync force-resync --from-crm --ids-file keys.txt --dry-run',
      why: 'show what would be sent for the keys in a file, from SuperOffice to all ERP connections',
    },
    {
      run: 'erpsync force-resync --connection 124 --external-keys C1001,C1002 --actor-type Customer',
      why: 'two customers by their keys in the ERP system',
    },
    {
      run: 'erpsync force-resync --from-crm --ids-file keys.csv --column Key --split --failed-out failed.txt',
      why: 'a column of a CSV file; what is refused ends up in failed.txt',
    },
    {
      run: 'erpsync force-resync --from-crm --company 12 --dry-run',
      why: 'a company by its id in SuperOffice: shows the internal key that would be sent',
    },
    {
      run: 'erpsync force-resync --all-profiles --from-crm --all --dry-run',
      why: 'every record of every stored tenant: shows what would be sent to each',
    },
    { run: 'erpsync force-resync --from-crm --all --yes', why: 'every record, without being asked' },
  ],
  exitCodes: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 130],
  async run(given, context) {
    const source = chosenSource(given);
    const options = planOptions(given);
    checkLeftoverPaths(given, given.all);
    if (options.mode === 'direct' && (given.wait || given.maxTasks !== undefined)) {
      const flag = given.wait ? '--wait' : '--max-tasks';
      throw usageError(`${flag} is about batch tasks, and direct requests start none`, 'leave it out');
    }
    const records = [given.company, given.person, given.project, given.sale];
    if (given.unresolved === 'skip' && records.every((list) => list.length === 0)) {
      throw usageError('--unresolved is about records of SuperOffice, and none are given', 'leave it out');
    }
    if (given.all && given.shard !== undefined)
      throw usageError('--shard is a part of the keys, and --all names none', 'leave one of them out');
    if (
      given.all &&
      !namesProfiles(given) &&
      !given.dryRun &&
      !context.globals.yes &&
      !context.prompts.available
    ) {
      throw usageError(
        '--all means every record and nobody is there to confirm it',
        'add --yes if that is meant',
      );
    }
    const target = { ...given, openStdin: () => context.host.stdin };
    const { timeoutMs, concurrency } = options.mode === 'direct' ? directDefaults : batchDefaults;
    const jobOf = (own: Context, more: Pick<ResyncJob, 'name' | 'keys'>): ResyncJob => ({
      ...given,
      ...more,
      source,
      target,
      options,
      manner: {
        ...given,
        concurrency: given.concurrency ?? concurrency,
        waitMs: waitTime(given.wait, given.waitTimeout),
      },
      onEmpty() {
        if (given.ifEmpty === 'error') throw emptyListError(target);
      },
      context: own,
      openSession: () => openSession(own, given, given.dryRun ? 'read' : 'write', timeoutMs),
    });
    if (namesProfiles(given)) {
      const { resyncProfiles } = await import('./resync-profiles.ts');
      const result = await resyncProfiles({ ...given, ...target, jobOf }, context);
      return await withReports<ResyncResult | ProfilesResult>(result, given.report, context);
    }
    checkWithoutProfiles(given);
    const result = await startResync(jobOf(context, { name: given.run, keys: undefined }));
    return await withReports<ResyncResult | ProfilesResult>(result, given.report, context);
  },
  render(result, style) {
    if (isOfProfiles(result)) return profilesTable(result, style);
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

function chosenSource({ connection, connectionName, fromCrm }: GivenFlags): SourceChoice {
  const [source, ...others] = [
    ...(connection === undefined ? [] : ['--connection']),
    ...(connectionName === undefined ? [] : ['--connection-name']),
    ...(fromCrm ? ['--from-crm'] : []),
  ];
  if (source === undefined) {
    throw usageError('no source is given', 'say where the data comes from: --connection <id> or --from-crm');
  }
  if (others.length > 0) {
    const sources = [source, ...others].join(' and ');
    throw usageError(
      `${sources} are ${others.length === 1 ? 'two' : 'three'} sources`,
      'give the one that the data comes from',
    );
  }
  return connectionName === undefined ? { connectionId: connection ?? 0 } : { connectionName };
}

function planOptions(given: GivenFlags): PlanOptions {
  const { keepNonBlank, fromCrm } = given;
  const external = given.externalKeys.length > 0 || given.externalKeysFile !== undefined;
  if (external && fromCrm) {
    throw usageError(
      'ERP keys are keys of one ERP connection, and --from-crm names none',
      'give --connection',
    );
  }
  const onlyDirect = keepNonBlank ? '--keep-non-blank' : external ? '--external-keys' : undefined;
  if (onlyDirect !== undefined && given.mode === 'batch') {
    throw usageError(`${onlyDirect} has no batch form on the server`, 'leave out --mode batch');
  }
  const mode = onlyDirect === undefined ? (given.mode ?? 'batch') : 'direct';
  const { chunkSize } = mode === 'direct' ? directDefaults : batchDefaults;
  return { mode, keepNonBlank, chunkSize: given.chunkSize ?? chunkSize };
}
