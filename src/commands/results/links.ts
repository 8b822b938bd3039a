/** What the commands about links and mappings print. */
import {
  CrmActorType,
  ErpActorType,
  ErpSyncFieldMapping,
  FieldAccess,
  FieldMetadataType,
} from '../../agent/carriers.ts';
import { integer, list, maybe, nullable, record, text, truth, words } from '../../output/shape.ts';
import type breakLink from '../links/break.ts';
import type connect from '../links/connect.ts';
import type create from '../links/create.ts';
import type createActor from '../links/create-actor.ts';
import type values from '../links/values.ts';
import type check from '../mappings/check.ts';
import type defaultValue from '../mappings/default.ts';
import type get from '../mappings/get.ts';
import type lists from '../mappings/lists.ts';
import type save from '../mappings/save.ts';
import type saveDefault from '../mappings/save-default.ts';
import type saveLists from '../mappings/save-lists.ts';
import {
  changesShape,
  doneOrPlanned,
  id,
  items,
  outcome,
  plannedShape,
  type ResultShape,
} from './shared-shapes.ts';
import { camelShape, enumShape } from './wire-shapes.ts';

const link = {
  status: doneOrPlanned,
  connectionId: integer,
  record: record({ type: words('company', 'person', 'project', 'sale'), id: integer }),
};
const plan = nullable(plannedShape);
const actorType = enumShape(ErpActorType);

const created: ResultShape<typeof create> = record({ ...link, actorType, erpKey: text, actor: text, plan });
const broken: ResultShape<typeof breakLink> = record({
  ...link,
  connected: nullable(truth),
  actorType: nullable(actorType),
  link: text,
  plan,
});
const connected: ResultShape<typeof connect> = record({
  ...link,
  actorType,
  erpKey: text,
  actor: text,
  operation: words('TryConnectActor', 'ConnectActor'),
  plan,
});
const newActor: ResultShape<typeof createActor> = record({ ...link, actorType, connectionName: text, plan });
const shownValues: ResultShape<typeof values> = items({
  key: text,
  name: nullable(text),
  value: text,
  displayValue: nullable(text),
  syncToCrm: nullable(truth),
  syncToErp: nullable(truth),
});

const savedMapping = {
  status: doneOrPlanned,
  changes: changesShape,
  plan: maybe(plan),
};

const mapping: ResultShape<typeof get> = record({
  erpConnectionId: integer,
  actorTypeErp: actorType,
  actorTypeCrm: nullable(enumShape(CrmActorType)),
  isActive: nullable(truth),
  fieldMappings: list(camelShape(ErpSyncFieldMapping)),
});
const saved: ResultShape<typeof save> = record({ connectionId: integer, actorType, ...savedMapping });
const savedLists: ResultShape<typeof saveLists> = record({ connectionId: integer, ...savedMapping });
const savedDefault: ResultShape<typeof saveDefault> = record({ erpFieldId: integer, ...savedMapping });

const listItem = nullable(record({ id: integer, name: text }));
const mappedLists: ResultShape<typeof lists> = record({
  erpConnectionId: integer,
  erpConnectionName: text,
  erpListItemMappings: list(
    record({
      erpFieldId: id,
      erpActorTypeName: text,
      erpListName: text,
      crmList: listItem,
      erpCrmListItemMappings: list(
        record({ erpListItemId: text, erpListItemName: text, crmListItem: listItem }),
      ),
    }),
  ),
});

const defaults: ResultShape<typeof defaultValue> = record({
  erpFieldId: integer,
  erpFieldKey: text,
  fieldType: nullable(enumShape(FieldMetadataType)),
  listName: text,
  access: nullable(enumShape(FieldAccess)),
  defaultValue: text,
  hasFirstSyncDefaultValue: nullable(truth),
  firstSyncDefaultValue: text,
  promptUser: nullable(truth),
  mandatory: nullable(truth),
});

const place = { connectionId: integer, connectionName: text };
const checked: ResultShape<typeof check> = items(
  {
    ...place,
    actorType,
    mappingActive: nullable(truth),
    erpFieldId: id,
    erpFieldKey: text,
    crmFieldKey: text,
    missingInErp: truth,
    missingInCrm: truth,
  },
  {
    mappings: integer,
    doubles: list(
      record({
        ...place,
        actorType: text,
        erpFieldId: id,
        erpListName: text,
        erpListItemId: text,
        erpListItemName: text,
        crmItems: list(record({ id: integer, name: text })),
      }),
    ),
    ...outcome,
  },
);

export const linkResults = {
  'links create': created,
  'links break': broken,
  'links connect': connected,
  'links create-actor': newActor,
  'links values': shownValues,
  'mappings get': mapping,
  'mappings save': saved,
  'mappings lists': mappedLists,
  'mappings save-lists': savedLists,
  'mappings default': defaults,
  'mappings save-default': savedDefault,
  'mappings check': checked,
};
