/** What `connectors` commands print. */
import { ErpSyncResponseCode, FieldAccess, FieldMetadataType } from '../../agent/carriers.ts';
import { maybe, nullable, record, text, truth } from '../../output/shape.ts';
import type configFields from '../connectors/config-fields.ts';
import type create from '../connectors/create.ts';
import type remove from '../connectors/delete.ts';
import type get from '../connectors/get.ts';
import type listed from '../connectors/list.ts';
import type save from '../connectors/save.ts';
import type test from '../connectors/test.ts';
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

const connector = { id, name: text, url: text };

const savedShape = record({
  status: doneOrPlanned,
  id,
  name: text,
  created: truth,
  changes: changesShape,
  plan: maybe(nullable(plannedShape)),
});

const lists: ResultShape<typeof listed> = items(connector);
const shown: ResultShape<typeof get> = record({ ...connector, deleted: truth });
const created: ResultShape<typeof create> = savedShape;
const saved: ResultShape<typeof save> = savedShape;

const deleted: ResultShape<typeof remove> = record({
  status: doneOrPlanned,
  ...connector,
  deleted: truth,
  plan: maybe(plannedShape),
});

const tested: ResultShape<typeof test> = record({
  id,
  url: text,
  works: truth,
  code: enumShape(ErpSyncResponseCode),
  ...outcome,
});

const fields: ResultShape<typeof configFields> = items({
  key: text,
  name: text,
  description: text,
  type: nullable(enumShape(FieldMetadataType)),
  access: nullable(enumShape(FieldAccess)),
  mandatory: truth,
  default: text,
  list: text,
  maxLength: id,
});

export const connectorResults = {
  'connectors list': lists,
  'connectors get': shown,
  'connectors create': created,
  'connectors save': saved,
  'connectors delete': deleted,
  'connectors test': tested,
  'connectors config-fields': fields,
};
