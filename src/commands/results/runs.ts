/** What the commands about runs and resyncs print. */
import {
  always,
  anything,
  dictionary,
  either,
  instant,
  integer,
  list,
  maybe,
  nullable,
  number,
  record,
  text,
  truth,
  words,
} from '../../output/shape.ts';
import { noteKinds } from '../../resync/journal-entries.ts';
import { partStates } from '../../resync/ledger.ts';
import type forceResync from '../force-resync.ts';
import type resume from '../resume.ts';
import type check from '../runs/check.ts';
import type exported from '../runs/export.ts';
import type imported from '../runs/import.ts';
import type keys from '../runs/keys.ts';
import type listed from '../runs/list.ts';
import type prune from '../runs/prune.ts';
import type show from '../runs/show.ts';
import { errorShape, items, outcome, type ResultShape } from './shared-shapes.ts';

const operation = words(
  'ForceResyncBatchTask',
  'ForceResync',
  'ForceResyncNoBlankValues',
  'ForceResyncExternal',
  'ForceResyncExternalNoBlankValues',
);
const transport = words('rest', 'soap');
const status = words(
  'ok',
  'dry-run',
  'partial',
  'unknown',
  'rejected',
  'failed',
  'pending',
  'locked',
  'interrupted',
);
const count = nullable(integer);
const key = either(integer, text);

const followedTask = { id: integer, state: nullable(text), progressPercent: count };

const resyncMembers = {
  status,
  exitCode: integer,
  run: text,
  profile: nullable(text),
  url: text,
  transport,
  operation,
  source: record({ connectionId: integer, name: nullable(text) }),
  keys: record({
    given: count,
    duplicates: count,
    unresolved: count,
    accepted: count,
    rejected: count,
    unsent: count,
    unknown: count,
  }),
  requests: record({
    planned: integer,
    accepted: integer,
    rejected: integer,
    unsent: integer,
    unknown: integer,
    retries: integer,
  }),
  tasks: list(record(followedTask)),
  durationMs: number,
  error: nullable(errorShape),
  plan: maybe(
    list(
      record({
        index: integer,
        method: always('POST'),
        url: text,
        keys: count,
        first: either(key, always(null)),
        last: either(key, always(null)),
      }),
    ),
  ),
};

const taskCheck = record({
  tasks: integer,
  isMarked: truth,
  accepted: integer,
  unknown: integer,
  repeats: integer,
  finding: words('none-unknown', 'all', 'some', 'none', 'nothing'),
  message: text,
});

const resync = record({ ...resyncMembers, check: maybe(nullable(taskCheck)) });
const profileFailure = record({ profile: text, status, exitCode: integer, error: errorShape });
const ofProfiles = record({
  status,
  exitCode: integer,
  profiles: list(either(resync, profileFailure)),
  error: nullable(errorShape),
});

const resynced: ResultShape<typeof forceResync> = either(resync, ofProfiles);
const resumed: ResultShape<typeof resume> = resync;

const run = {
  id: text,
  name: nullable(text),
  profile: nullable(text),
  url: text,
  operation,
  source: record({ connectionId: integer, name: nullable(text), words: text }),
  keys: count,
  counts: record({
    planned: integer,
    accepted: integer,
    rejected: integer,
    unsent: integer,
    unknown: integer,
    done: integer,
    failed: integer,
    unconfirmed: integer,
  }),
  standing: words('finished', 'running', 'unfinished', 'exported'),
  createdAt: instant,
  lastAt: nullable(instant),
};

const lists: ResultShape<typeof listed> = items(run);

const shown: ResultShape<typeof show> = record({
  ...run,
  transport,
  chunkSize: integer,
  shard: nullable(record({ index: integer, count: integer })),
  settings: dictionary(anything),
  program: text,
  requests: run.counts,
  exportedTo: nullable(text),
  notes: list(record({ at: instant, note: words(...noteKinds), detail: nullable(text) })),
  next: nullable(text),
  directory: text,
});

const runKeys: ResultShape<typeof keys> = items({ key, state: words(...partStates) });
const checked: ResultShape<typeof check> = record({ last: nullable(record(run)), ...outcome });
const moved: ResultShape<typeof exported> = record({ run: text, file: text });
const taken: ResultShape<typeof imported> = record({
  run: text,
  name: nullable(text),
  profile: nullable(text),
});
const pruned: ResultShape<typeof prune> = record({ dryRun: truth, removed: list(text) });

/** What a run tells with `-o ndjson` before its document. */
export const runEvents = either(
  record({
    type: always('start'),
    run: text,
    profile: nullable(text),
    url: text,
    operation,
    source: resyncMembers.source,
    requests: integer,
  }),
  record({
    type: always('request'),
    index: integer,
    outcome: words('accepted', 'rejected', 'unsent', 'unknown'),
    keys: count,
    first: either(key, always(null)),
    last: either(key, always(null)),
    retries: integer,
    error: nullable(errorShape),
    profile: maybe(text),
  }),
  record({ type: always('task'), ...followedTask, profile: maybe(text) }),
);

export const runResults = {
  'force-resync': resynced,
  resume: resumed,
  'runs list': lists,
  'runs show': shown,
  'runs keys': runKeys,
  'runs check': checked,
  'runs export': moved,
  'runs import': taken,
  'runs prune': pruned,
};
