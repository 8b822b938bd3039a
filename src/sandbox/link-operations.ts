/**
 * Links between CRM records and ERP actors. A record has at most one ERP key in each connection, and an
 * ERP actor belongs to at most one record; what is linked already is not linked anew.
 */
import type { ErpSyncFieldValue } from '../agent/carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import { findActor } from './actor-operations.ts';
import type { Clock } from './clock.ts';
import { type CrmType, tableIds } from './crm-data.ts';
import type { ActorType } from './erp-systems.ts';
import { crmValueProblem, erpValueProblem, erpValuesFrom, toCrmValue, toErpValue } from './field-values.ts';
import type { Implementations } from './implementation.ts';
import {
  crmItems,
  erpItems,
  existingMapping,
  findCrmField,
  findCrmRecord,
  findLinkedRecord,
  liveConnection,
  sourceName,
} from './model.ts';
import { elements, filled, notFound, present, Refusal } from './refusal.ts';
import type { ActorMapping, CrmRecord, ErpActor, Tenant } from './state.ts';
import { logChanges } from './sync-log.ts';

/** The implementations. */
export const linkOperations = {
  ConnectActor(given, { tenant, now }) {
    if (!connect(tenant, now, given)) {
      const name = sourceName(tenant, given.ErpConnectionId);
      throw new Refusal(
        `${given.CrmActorType} ${given.CrmRecordId} or "${given.ErpKey}" is linked in ${name} already`,
      );
    }
    return undefined;
  },

  // False if one of the two is linked already; anything else that is wrong is an error as with ConnectActor.
  TryConnectActor: (given, { tenant, now }) => connect(tenant, now, given),
  CreateActorLink: (given, { tenant, now }) => connect(tenant, now, { ...given, FieldValues: [] }),

  // Only the row goes, the connector is not told; so this works for an inactive connection too.
  BreakActorLink({ ErpConnectionId, CrmRecordId, CrmActorType }, { tenant }) {
    liveConnection(tenant, ErpConnectionId);
    const record = findLinkedRecord(tenant, CrmActorType, CrmRecordId);
    const kept = record?.externalKeys.filter(({ connectionId }) => connectionId !== ErpConnectionId);
    if (record === undefined || kept === undefined || kept.length === record.externalKeys.length)
      return false;
    tenant.linkedRecords = tenant.linkedRecords
      .map((one) => (one === record ? { ...record, externalKeys: kept } : one))
      .filter(({ externalKeys }) => externalKeys.length > 0);
    return true;
  },

  // False if the record is linked already. Given values go before those of the CRM, these before defaults.
  CreateErpActorFromCrm(
    { ConnectionId, CrmEntityId, ErpActorType, CrmActorType, ErpFieldKeyValues },
    { tenant },
  ) {
    const { mapping, record } = findSides(tenant, ConnectionId, ErpActorType, CrmActorType, CrmEntityId);
    const given = Object.entries(ErpFieldKeyValues ?? {});
    for (const [key, value] of given) checkNewValue(tenant, mapping, key, value ?? '');
    const values: Record<string, string> = {
      ...Object.fromEntries(mapping.fields.filter((one) => !one.missingInErp).map(({ key }) => [key, ''])),
      ...defaultsOf(mapping),
      ...withoutBlanks(erpValuesFrom(mapping, record.values, ({ syncToErp }) => syncToErp)),
      ...Object.fromEntries(given.map(([key, value]) => [key, value ?? ''])),
    };
    const lacking = mapping.fields.filter(
      (one) => (one.access === 'Mandatory' || one.mandatory) && !one.missingInErp && !values[one.key],
    );
    if (lacking.length > 0) {
      throw new Refusal(
        `a value is needed for ${lacking.map(({ key }) => key).join(', ')} of a new ${ErpActorType}`,
      );
    }
    const actor = {
      connectionId: ConnectionId,
      actorType: ErpActorType,
      erpKey: `${ErpActorType.charAt(0)}-${tenant.nextIds.erpKey}`,
      values,
    };
    if (!link(tenant, actor, CrmActorType, CrmEntityId)) return false;
    tenant.nextIds.erpKey++;
    tenant.erpActors.push(actor);
    return true;
  },
} satisfies Partial<Implementations>;

interface Connecting {
  readonly ErpConnectionId: number;
  readonly CrmRecordId: number;
  readonly CrmActorType: CrmType;
  readonly ErpKey: string | null;
  readonly ErpActorType: ActorType;
  readonly FieldValues: readonly ValueOf<typeof ErpSyncFieldValue>[] | null;
}

/** Links, sets defaults and values, and writes these to the sync log; false, with nothing done, if one side is linked already. */
function connect(tenant: Tenant, now: Clock, given: Connecting): boolean {
  const { ErpConnectionId: connectionId, CrmActorType, CrmRecordId, ErpActorType: actorType } = given;
  const { mapping, record } = findSides(tenant, connectionId, actorType, CrmActorType, CrmRecordId);
  const erpKey = filled(given.ErpKey, 'ErpKey');
  const actor = findActor(tenant, { connectionId, actorType, erpKey });
  if (actor === undefined) throw notFound(`${actorType} "${erpKey}" of ${sourceName(tenant, connectionId)}`);
  const values = elements(given.FieldValues ?? [], 'FieldValues').map((value, index) =>
    bothSides(tenant, mapping, value, `FieldValues[${index}]`),
  );
  if (!link(tenant, actor, CrmActorType, CrmRecordId)) return false;
  const before = { erp: { ...actor.values }, crm: { ...record.values } };
  Object.assign(actor.values, defaultsOf(mapping));
  for (const { erp, crm } of values) {
    Object.assign(actor.values, erp);
    Object.assign(record.values, crm);
  }
  logChanges(tenant, now, { actor, record, mapping, before });
  return true;
}

/** Both sides of a link to be: an active connection, an active mapping between the two kinds, a CRM record. */
function findSides(
  tenant: Tenant,
  connectionId: number,
  actorType: ActorType,
  crmType: CrmType,
  recordId: number,
): { readonly mapping: ActorMapping; readonly record: CrmRecord } {
  const name = sourceName(tenant, connectionId);
  if (!liveConnection(tenant, connectionId).active) throw new Refusal(`${name} is not active`);
  const mapping = existingMapping(tenant, connectionId, actorType);
  if (!mapping.active || mapping.crmType !== crmType) {
    throw new Refusal(`${name} has no active mapping between ${actorType} and ${crmType}`);
  }
  const record = findCrmRecord(tenant, crmType, recordId);
  if (record === undefined) throw notFound(`${crmType} ${recordId}`);
  return { mapping, record };
}

/** Adds the external key, with a new internal key for a record that had none; false if a side is linked already. */
function link(tenant: Tenant, actor: ErpActor, crmType: CrmType, recordId: number): boolean {
  const { connectionId, actorType, erpKey } = actor;
  const isTaken = tenant.linkedRecords.some(({ externalKeys }) =>
    externalKeys.some(
      (one) => one.connectionId === connectionId && one.actorType === actorType && one.erpKey === erpKey,
    ),
  );
  const linked = findLinkedRecord(tenant, crmType, recordId);
  if (isTaken || linked?.externalKeys.some((one) => one.connectionId === connectionId)) return false;
  const external = { id: tenant.nextIds.externalKey++, connectionId, actorType, erpKey };
  tenant.linkedRecords =
    linked === undefined
      ? [
          ...tenant.linkedRecords,
          {
            internalKey: tenant.nextIds.internalKey++,
            tableId: tableIds[crmType],
            recordId,
            externalKeys: [external],
          },
        ]
      : tenant.linkedRecords.map((one) =>
          one === linked ? { ...linked, externalKeys: [...linked.externalKeys, external] } : one,
        );
  return true;
}

function defaultsOf({ fields }: ActorMapping): Record<string, string> {
  const withDefault = fields.filter((field) => field.hasFirstSyncDefault && !field.missingInErp);
  return Object.fromEntries(withDefault.map(({ key, firstSyncDefault }) => [key, firstSyncDefault]));
}

function withoutBlanks(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

function checkNewValue(tenant: Tenant, mapping: ActorMapping, key: string, value: string): void {
  const field = mapping.fields.find((one) => one.key === key && !one.missingInErp);
  if (field === undefined) throw notFound(`field "${key}" of ${mapping.actorType}`);
  if (field.access === 'ReadOnly') throw new Refusal(`${key}: is read-only`);
  const problem = erpValueProblem(field, value, erpItems(tenant, mapping.connectionId, field.list));
  if (problem !== undefined) throw new Refusal(problem);
}

/** What a field value sets on each side, by its flags. A list's value may be the item of either side. */
function bothSides(
  tenant: Tenant,
  mapping: ActorMapping,
  given: NonNullable<ValueOf<typeof ErpSyncFieldValue>>,
  path: string,
): { readonly erp: Record<string, string>; readonly crm: Record<string, string> } {
  const crmKey = filled(given.CrmFieldKey, `${path}.CrmFieldKey`);
  const value = present(given.Value, `${path}.Value`);
  const field = mapping.fields.find((one) => one.crmKey === crmKey && !one.missingInErp);
  const crmField = findCrmField(mapping.crmType, crmKey);
  if (field === undefined || crmField === undefined)
    throw notFound(`mapped field "${crmKey}" of ${mapping.actorType}`);
  const isCrmItem = field.type === 'List' && value.startsWith('[I:');
  const erpValue = isCrmItem ? toErpValue(field, value) : value;
  const crmValue = isCrmItem ? value : toCrmValue(field, value);
  if (value !== '' && (given.SyncToErp ? erpValue : crmValue) === '') {
    throw new Refusal(`${path}.Value: this item has no counterpart in the list mapping`);
  }
  if (given.SyncToErp) checkNewValue(tenant, mapping, field.key, erpValue);
  const problem = given.SyncToCrm ? crmValueProblem(crmField, crmValue, crmItems(crmField.list)) : undefined;
  if (problem !== undefined) throw new Refusal(problem);
  return {
    erp: given.SyncToErp ? { [field.key]: erpValue } : {},
    crm: given.SyncToCrm ? { [crmKey]: crmValue } : {},
  };
}
