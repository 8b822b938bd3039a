import { requireConfirmable } from '../cli/confirmation.ts';
import type { Context } from '../cli/context.ts';
import { defineCommand } from '../cli/define.ts';
import type { Given } from '../cli/flags.ts';
import { openSession } from '../cli/session.ts';
import { excluding, missing, unusable } from '../error-words.ts';
import { printable } from '../output/json.ts';
import { table } from '../output/table.ts';
import type { PlanOptions } from '../resync/plan.ts';
import type { ResyncResult } from '../resync/result.ts';
import { summaryInWords } from '../resync/result-words.ts';
import { emptyListError } from '../resync/target.ts';
import { checkLeftoverPaths } from './leftovers.ts';
import {
  checkWithoutProfiles,
  isOfProfiles,
  namesProfiles,
  type ProfilesResult,
  profilesTable,
} from './profile-choice.ts';
import { resyncFlags } from './resync-flags.ts';
import type { ResyncJob, SourceChoice } from './resync-job.ts';
import { checkOffline, placeOffline } from './resync-offline.ts';
import { startResync } from './resync-start.ts';
import { checkReportPath, withReports } from './run-report.ts';
import { waitTime } from './wait-time.ts';

/** Direct operations work within the request: small requests, much time. */
const directDefaults = { chunkSize: 25, concurrency: 1, timeoutMs: 10 * 60_000 };
const batchDefaults = { chunkSize: 1_000, concurrency: 4, timeoutMs: 100_000 };

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
  flags: resyncFlags,
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
  exitCodes: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  async run(given, context) {
    const source = chosenSource(given);
    const options = planOptions(given);
    checkOffline(given);
    checkLeftoverPaths(given, given.all);
    await checkReportPath(given.report);
    if (options.mode === 'direct' && (given.wait || given.maxTasks !== undefined)) {
      const flag = given.wait ? '--wait' : '--max-tasks';
      throw unusable(flag, 'it is about batch tasks, and direct requests start none', 'leave it out');
    }
    const records = [given.company, given.person, given.project, given.sale];
    if (given.unresolved === 'skip' && records.every((list) => list.length === 0)) {
      throw unusable(
        '--unresolved',
        'it is about records of SuperOffice, and none are given',
        'leave it out',
      );
    }
    if (given.all && given.shard !== undefined)
      throw excluding(['--shard', '--all'], 'a shard is a part of keys, and --all names none');
    if (given.all && !namesProfiles(given) && !given.dryRun) {
      requireConfirmable('--all means every record', context);
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
      offlinePlace: given.offline ? () => placeOffline(own, given) : undefined,
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

type GivenFlags = Given<typeof resyncFlags>;

function chosenSource({ connection, connectionName, fromCrm }: GivenFlags): SourceChoice {
  const [source, ...others] = [
    ...(connection === undefined ? [] : ['--connection']),
    ...(connectionName === undefined ? [] : ['--connection-name']),
    ...(fromCrm ? ['--from-crm'] : []),
  ];
  if (source === undefined) {
    throw missing(
      'the source',
      'where the data comes from is not said',
      'give --connection <id> or --from-crm; see the connections: erpsync connections list',
    );
  }
  if (others.length > 0) {
    const why = 'the data of a resync comes from one source';
    throw excluding([source, ...others], why, 'give the one that it comes from');
  }
  return connectionName === undefined ? { connectionId: connection ?? 0 } : { connectionName };
}

function planOptions(given: GivenFlags): PlanOptions {
  const { keepNonBlank, fromCrm } = given;
  const external =
    given.externalKeys.length > 0 ? '--external-keys' : given.externalKeysFile && '--external-keys-file';
  if (external && fromCrm) {
    const why = 'ERP keys are keys of one ERP connection';
    throw excluding([external, '--from-crm'], why, 'give --connection in place of --from-crm');
  }
  const onlyDirect = keepNonBlank ? '--keep-non-blank' : external;
  if (onlyDirect !== undefined && given.mode === 'batch') {
    throw excluding(
      [onlyDirect, '--mode batch'],
      'the server has no batch form of it',
      'leave out --mode batch',
    );
  }
  const mode = onlyDirect === undefined ? (given.mode ?? 'batch') : 'direct';
  const { chunkSize } = mode === 'direct' ? directDefaults : batchDefaults;
  return { mode, keepNonBlank, chunkSize: given.chunkSize ?? chunkSize };
}
