/** What the commands about batch tasks, internal keys, the sync log and the sync engine print. */
import { BatchTaskState } from '../../agent/batch-carriers.ts';
import { QuoteStatus } from '../../agent/carriers.ts';
import { crmTables } from '../../agent/internal-keys.ts';
import {
  always,
  either,
  integer,
  maybe,
  nullable,
  number,
  record,
  serverTime,
  text,
  truth,
  words,
} from '../../output/shape.ts';
import type interval from '../engine/interval.ts';
import type pause from '../engine/pause.ts';
import type start from '../engine/start.ts';
import type engineStatus from '../engine/status.ts';
import type engineStop from '../engine/stop.ts';
import type keysList from '../keys/list.ts';
import type resolve from '../keys/resolve.ts';
import type log from '../log.ts';
import type sync from '../sync.ts';
import type listed from '../tasks/list.ts';
import type show from '../tasks/show.ts';
import type stop from '../tasks/stop.ts';
import type watch from '../tasks/watch.ts';
import {
  doneOrPlanned,
  errorShape,
  id,
  items,
  outcome,
  plannedShape,
  type ResultShape,
} from './shared-shapes.ts';
import { enumShape } from './wire-shapes.ts';

const task = {
  id,
  name: text,
  description: text,
  state: nullable(enumShape(BatchTaskState)),
  progressPercent: id,
  progress: text,
  associateId: id,
  system: nullable(truth),
  created: nullable(serverTime),
  lastStarted: nullable(serverTime),
  request: text,
  response: text,
};

const lists: ResultShape<typeof listed> = items(task);
const shown: ResultShape<typeof show> = record(task);
const watched: ResultShape<typeof watch> = items(
  { ...task, vanished: truth },
  { status: words('ok', 'failed', 'pending', 'interrupted'), ...outcome },
);
const stopped: ResultShape<typeof stop> = record({
  status: doneOrPlanned,
  id: integer,
  plan: maybe(plannedShape),
});

const keys: ResultShape<typeof keysList> = items({
  internalKey: id,
  erpKey: text,
  actorType: text,
  crmType: nullable(words(...(Object.keys(crmTables) as (keyof typeof crmTables)[]))),
  recordId: id,
});
const resolved: ResultShape<typeof resolve> = items(
  { given: either(integer, text), kind: text, internalKey: id },
  { exitCode: maybe(integer), error: maybe(errorShape) },
);

const logged: ResultShape<typeof log> = items({
  id,
  connection: text,
  source: text,
  target: text,
  crmField: text,
  oldValue: text,
  newValue: text,
  updated: nullable(serverTime),
});

const synced: ResultShape<typeof sync> = either(
  record({ status: always('dry-run'), operation: text, method: text, url: text }),
  record({
    status: always('ok'),
    operation: text,
    explanation: text,
    technicalExplanation: text,
    quoteStatus: nullable(enumShape(QuoteStatus)),
    changes: record({ added: integer, updated: integer, deleted: integer }),
  }),
);

const engine = record({
  running: nullable(truth),
  message: nullable(text),
  interval: nullable(text),
  intervalSeconds: nullable(number),
});
const switched = either(
  engine,
  record({
    status: always('dry-run'),
    method: text,
    url: text,
    body: record({ Run: truth }),
  }),
);
const seen: ResultShape<typeof engineStatus> = engine;
const started: ResultShape<typeof start> = switched;
const halted: ResultShape<typeof engineStop> = switched;
const timed: ResultShape<typeof interval> = record({
  status: doneOrPlanned,
  interval: text,
  intervalSeconds: number,
  plan: nullable(plannedShape),
});
const paused: ResultShape<typeof pause> = record({
  program: text,
  wasRunning: truth,
  startedAgain: nullable(truth),
  ...outcome,
});

/** What `tasks watch` tells with `-o ndjson` before its document. */
export const watchEvents = record({ type: always('task'), ...task, vanished: truth });

export const taskResults = {
  'tasks list': lists,
  'tasks show': shown,
  'tasks watch': watched,
  'tasks stop': stopped,
  'keys list': keys,
  'keys resolve': resolved,
  log: logged,
  sync: synced,
  'engine status': seen,
  'engine start': started,
  'engine stop': halted,
  'engine interval': timed,
  'engine pause': paused,
};
