/** What `connections` commands print. */
import { ErpActorType, FieldMetadataType } from '../../agent/carriers.ts';
import {
  dictionary,
  integer,
  list,
  maybe,
  nullable,
  record,
  serverTime,
  text,
  truth,
  words,
} from '../../output/shape.ts';
import type configFields from '../connections/config-fields.ts';
import type remove from '../connections/delete.ts';
import type disable from '../connections/disable.ts';
import type enable from '../connections/enable.ts';
import type get from '../connections/get.ts';
import type listed from '../connections/list.ts';
import type priority from '../connections/priority.ts';
import type records from '../connections/records.ts';
import type refreshFields from '../connections/refresh-fields.ts';
import type save from '../connections/save.ts';
import type summary from '../connections/summary.ts';
import type test from '../connections/test.ts';
import {
  changesShape,
  doneOrPlanned,
  id,
  items,
  outcome,
  plannedShape,
  type ResultShape,
} from './shared-shapes.ts';
import { enumShape } from './wire-shapes.ts';

const connection = {
  id,
  name: text,
  description: text,
  connectorId: id,
  active: nullable(truth),
  deleted: truth,
  guid: nullable(text),
  mostRecentTimestamp: nullable(text),
  allAccess: nullable(truth),
};

const switched = record({
  status: doneOrPlanned,
  id: integer,
  name: text,
  active: truth,
  changed: truth,
  plan: maybe(nullable(plannedShape)),
});

const lists: ResultShape<typeof listed> = items(connection);

const shown: ResultShape<typeof get> = record({
  ...connection,
  userGroupAccessIds: list(integer),
  associateAccessIds: list(integer),
  configFields: dictionary(nullable(text)),
});

const tested: ResultShape<typeof test> = record({
  id: integer,
  configuration: words('given', 'stored'),
  works: truth,
  ...outcome,
});

const summedUp: ResultShape<typeof summary> = record({
  id: integer,
  name: text,
  description: text,
  active: nullable(truth),
  deleted: truth,
  lastSync: nullable(serverTime),
  actors: list(
    record({
      actorType: nullable(enumShape(ErpActorType)),
      hasMappings: nullable(truth),
      defaults: text,
      mappings: text,
    }),
  ),
});

const enabled: ResultShape<typeof enable> = switched;
const disabled: ResultShape<typeof disable> = switched;

const ordered: ResultShape<typeof priority> = items(
  { rank: integer, id: integer, name: text },
  { status: doneOrPlanned, plan: maybe(plannedShape) },
);

const linked: ResultShape<typeof records> = items({
  id,
  name: text,
  connected: nullable(truth),
  actorType: nullable(enumShape(ErpActorType)),
  actorTypes: list(enumShape(ErpActorType)),
  fields: list(record({ key: nullable(text), name: text })),
});

const saved: ResultShape<typeof save> = record({
  status: doneOrPlanned,
  id,
  name: text,
  created: truth,
  changes: changesShape,
  plan: maybe(nullable(plannedShape)),
});

const deleted: ResultShape<typeof remove> = record({
  status: doneOrPlanned,
  id: integer,
  name: text,
  active: nullable(truth),
  deleted: truth,
  plan: maybe(plannedShape),
});

const fields: ResultShape<typeof configFields> = items({
  key: text,
  name: text,
  type: nullable(enumShape(FieldMetadataType)),
  mandatory: truth,
  declared: truth,
  value: nullable(text),
});

const refreshed: ResultShape<typeof refreshFields> = record({
  status: doneOrPlanned,
  id: integer,
  name: text,
  plan: maybe(plannedShape),
});

export const connectionResults = {
  'connections list': lists,
  'connections get': shown,
  'connections test': tested,
  'connections summary': summedUp,
  'connections enable': enabled,
  'connections disable': disabled,
  'connections priority': ordered,
  'connections records': linked,
  'connections save': saved,
  'connections delete': deleted,
  'connections config-fields': fields,
  'connections refresh-fields': refreshed,
};
