/** What `force-resync` takes. */
import { ErpActorType } from '../agent/carriers.ts';
import { connectionFlags, howToSend, runFlags } from '../cli/connection-flags.ts';
import { inGroup, optional, repeated, toggle, withDefault } from '../cli/flags.ts';
import { choice, text, wholeNumber } from '../cli/values.ts';
import { keyFormats } from '../resync/key-cell.ts';
import { largestKey } from '../resync/keys.ts';
import type { ActorType } from '../resync/plan.ts';
import { courseFlags, outcomeFiles, waitingFlags } from './sending-flags.ts';
import { shardValue } from './shard-value.ts';

const actorTypes = Object.keys(ErpActorType.values).filter((name): name is ActorType => name !== 'Unknown');
const keyColumn = 'the column with the keys, by name or number from 1; of NDJSON the field';

function crmRecords(summary: string) {
  return repeated(text('list'), summary, { readsStdin: true });
}

/** By what they are about, and that by how often it is needed. */
export const resyncFlags = {
  ...inGroup(
    { heading: 'Where the data comes from' },
    {
      connection: optional(
        { ...wholeNumber('id', 1, largestKey), completes: 'connection' },
        'the ERP connection that the data comes FROM; it goes to all others and to SuperOffice',
      ),
      connectionName: optional(
        text('text', 'connection-name'),
        'the same, as the one active connection of that name',
      ),
      fromCrm: toggle('the data comes from SuperOffice and goes to all ERP connections'),
    },
  ),
  ...inGroup(
    { heading: 'What to send' },
    {
      ids: repeated(
        text('list'),
        'internal keys: 100,959 or ranges 100-200; - is standard input, @path a file',
        {
          readsStdin: true,
        },
      ),
      idsFile: optional(
        text('path'),
        'a file of internal keys, one a line, CSV, TSV or NDJSON; - is standard input',
        {
          readsStdin: true,
        },
      ),
      company: crmRecords(
        'ids of companies in SuperOffice, in the same forms; their internal keys are asked for',
      ),
      person: crmRecords('the same of persons'),
      project: crmRecords('the same of projects'),
      sale: crmRecords('the same of sales'),
      externalKeys: repeated(
        text('list', 'nothing'),
        'ERP keys, quoted as in CSV where they hold a comma; only with --connection',
      ),
      externalKeysFile: optional(text('path'), 'a file of ERP keys; - is standard input', {
        readsStdin: true,
      }),
      actorType: optional(
        choice('type', actorTypes),
        `what the ERP keys belong to: ${actorTypes.join(', ')}`,
      ),
      all: toggle('every record; asks for confirmation, or needs --yes'),
    },
  ),
  ...inGroup(
    { heading: 'How the keys are read' },
    {
      column: optional(text('column'), keyColumn),
      format: optional(
        choice('format', keyFormats),
        `how the file is written: ${keyFormats.join(', ')}; else its name tells`,
      ),
      unresolved: withDefault(
        choice('what', ['error', 'skip']),
        'error',
        'what a record without a link is: nothing is sent, or it is left out (exit code 10)',
      ),
      ifEmpty: withDefault(
        choice('what', ['error', 'ok']),
        'error',
        'what a list without keys is; nothing is sent either way',
      ),
      maxKeys: withDefault(wholeNumber('n', 1, 16_000_000), '1000000', 'refuse more keys than this'),
      shard: optional(
        shardValue,
        'only the i-th of n disjoint parts of the keys, such as 2/5; the rate is divided by n',
      ),
    },
  ),
  ...inGroup(howToSend, {
    dryRun: toggle('show the exact plan and change nothing'),
    offline: toggle('with --dry-run: no request at all, not even a look at the source; needs no credential'),
    wait: toggle('follow the batch tasks that the run started to their end'),
    waitTimeout: courseFlags.waitTimeout,
    mode: optional(
      choice('mode', ['batch', 'direct']),
      'batch: the server queues a task (the default); direct: it resyncs within the request',
    ),
    keepNonBlank: toggle('blank values of the source leave what the other side has; direct'),
    split: toggle(
      'halve what is refused for its content until the bad keys stand alone, with at most 64 further requests',
    ),
    run: optional(
      text('name', 'run-name'),
      'a name for the run: started again under it, it goes on, or ends with 0 if complete',
    ),
    noCheck: courseFlags.noCheck,
    chunkSize: optional(wholeNumber('n', 1, 1_000_000), 'keys in one request (default 1000; direct 25)'),
    concurrency: optional(wholeNumber('n', 1, 64), 'requests under way at a time (default 4; direct 1)'),
    deadline: courseFlags.deadline,
    maxUnknown: withDefault(
      wholeNumber('n', 1, 1_000_000),
      '3',
      'requests in a row whose answers are lost that stop the run',
    ),
  }),
  ...waitingFlags,
  ...runFlags,
  ...outcomeFiles,
  ...inGroup(
    { heading: 'Several profiles' },
    {
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
    },
  ),
  ...connectionFlags,
};
