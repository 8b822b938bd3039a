/** What is known of records: the fields and values of CRM records and of ERP actors. */
import type { ErpConnectionData, ErpSyncFieldValue } from '../agent/carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import { type CrmType, crmFields } from './crm-data.ts';
import { erpSystemAt } from './erp-systems.ts';
import { fieldMetadata } from './field-metadata.ts';
import { displayValue } from './field-values.ts';
import type { Implementations } from './implementation.ts';
import {
  connectionsByPriority,
  connectorUrl,
  crmItems,
  erpItems,
  existingMapping,
  findCrmField,
  findCrmRecord,
  findLinkedRecord,
  findLiveConnection,
  findMapping,
  liveConnection,
} from './model.ts';
import { elements, notFound } from './refusal.ts';
import type { Connection, ErpActor, LinkedRecord, Tenant } from './state.ts';

/** The implementations. */
export const actorOperations = {
  // An answer that is a value type cannot be null: the server reports an error instead.
  SupportsAdvancedSearch({ ErpConnectionId, ErpActorType }, { tenant }) {
    const { actorTypes } = erpSystemAt(connectorUrl(tenant, liveConnection(tenant, ErpConnectionId)));
    return actorTypes.some(({ type, advancedSearch }) => type === ErpActorType && advancedSearch);
  },

  GetCrmActorType({ ErpConnectionId, ErpActorType }, { tenant }) {
    liveConnection(tenant, ErpConnectionId);
    return findMapping(tenant, ErpConnectionId, ErpActorType)?.crmType ?? 'Unknown';
  },

  // Every active connection that has an active mapping for this kind of record.
  GetConnectionsAndDisplayFields({ CrmActorType, EntityId }, { tenant }) {
    if (findCrmRecord(tenant, CrmActorType, EntityId) === undefined) return null;
    const linked = findLinkedRecord(tenant, CrmActorType, EntityId);
    return connectionsByPriority(tenant)
      .filter(({ active }) => active)
      .flatMap((connection) => connectionData(tenant, connection, CrmActorType, linked) ?? []);
  },

  // In the order of the keys; null if the record is not there or not linked.
  GetErpFieldValues({ ErpConnectionId, CrmActorType, EntityId, FieldKeys }, { tenant }) {
    const keys = elements(FieldKeys, 'GetErpFieldValues.FieldKeys');
    liveConnection(tenant, ErpConnectionId);
    const external = findLinkedRecord(tenant, CrmActorType, EntityId)?.externalKeys.find(
      ({ connectionId }) => connectionId === ErpConnectionId,
    );
    const actor = external && findActor(tenant, external);
    if (actor === undefined) return null;
    const { fields } = existingMapping(tenant, ErpConnectionId, actor.actorType);
    const unknown = keys.find((key) => !fields.some((field) => field.key === key));
    if (unknown !== undefined) throw notFound(`field "${unknown}" of ${actor.actorType}`);
    return keys.map((key) => actor.values[key] ?? '');
  },

  // Those that the connector or the administrator makes mandatory, and those that the user is asked for.
  GetFieldsForNewErpActor({ ErpConnectionId, ErpActorType }, { tenant }) {
    const connection = findLiveConnection(tenant, ErpConnectionId);
    const mapping = connection && findMapping(tenant, ErpConnectionId, ErpActorType);
    if (mapping === undefined) return null;
    return mapping.fields.flatMap((field, index) => {
      const isAsked = field.access === 'Mandatory' || field.mandatory || field.promptUser;
      return isAsked && !field.missingInErp ? [fieldMetadata(field, index + 1)] : [];
    });
  },

  // No connection is named, so a direction stands where any active connection has it.
  GetFieldValuesFromCrm({ RecordId, ActorTypeCrm }, { tenant }) {
    const record = findCrmRecord(tenant, ActorTypeCrm, RecordId);
    if (record === undefined) return null;
    const active = new Set(tenant.connections.filter((one) => one.active).map(({ id }) => id));
    const mapped = tenant.actorMappings
      .filter((one) => one.active && one.crmType === ActorTypeCrm && active.has(one.connectionId))
      .flatMap(({ fields }) => fields);
    return crmFields[ActorTypeCrm].map(({ key, name, type, list }) => {
      const value = record.values[key] ?? '';
      const fields = mapped.filter(({ crmKey }) => crmKey === key);
      return {
        DisplayName: name,
        CrmFieldKey: key,
        Value: value,
        DisplayValue: displayValue(type, value, crmItems(list)),
        SyncToCrm: fields.some(({ syncToCrm }) => syncToCrm),
        SyncToErp: fields.some(({ syncToErp }) => syncToErp),
      };
    });
  },

  // The mapped fields that both sides still have.
  GetFieldValuesFromErp({ ErpConnectionId, ActorTypeErp, ErpKey }, { tenant }) {
    const mapping = findMapping(tenant, ErpConnectionId, ActorTypeErp);
    const isLive = findLiveConnection(tenant, ErpConnectionId) !== undefined;
    const actor = findActor(tenant, {
      connectionId: ErpConnectionId,
      actorType: ActorTypeErp,
      erpKey: ErpKey ?? '',
    });
    if (mapping === undefined || !isLive || actor === undefined) return null;
    return mapping.fields.flatMap((field): ValueOf<typeof ErpSyncFieldValue>[] => {
      const crmField = findCrmField(mapping.crmType, field.crmKey);
      if (crmField === undefined || field.missingInErp) return [];
      const value = actor.values[field.key] ?? '';
      return [
        {
          DisplayName: field.name,
          CrmFieldKey: field.crmKey,
          Value: value,
          DisplayValue: displayValue(field.type, value, erpItems(tenant, ErpConnectionId, field.list)),
          SyncToCrm: field.syncToCrm,
          SyncToErp: field.syncToErp,
        },
      ];
    });
  },
} satisfies Partial<Implementations>;

/** An ERP actor by its key. */
export function findActor(
  { erpActors }: Tenant,
  { connectionId, actorType, erpKey }: Pick<ErpActor, 'connectionId' | 'actorType' | 'erpKey'>,
): ErpActor | undefined {
  return erpActors.find(
    (actor) =>
      actor.connectionId === connectionId && actor.actorType === actorType && actor.erpKey === erpKey,
  );
}

function connectionData(
  tenant: Tenant,
  connection: Connection,
  crmType: CrmType,
  linked: LinkedRecord | undefined,
): ValueOf<typeof ErpConnectionData> | undefined {
  const mappings = tenant.actorMappings.filter(
    (one) => one.connectionId === connection.id && one.active && one.crmType === crmType,
  );
  const external = linked?.externalKeys.find(({ connectionId }) => connectionId === connection.id);
  const shown = mappings.find(({ actorType }) => actorType === external?.actorType) ?? mappings[0];
  if (shown === undefined) return undefined;
  return {
    ErpConnectionId: connection.id,
    ConnectionName: connection.displayName,
    Connected: external !== undefined,
    ErpFields: shown.fields.flatMap((field, index) =>
      field.showInGui && !field.missingInErp ? [fieldMetadata(field, index + 1)] : [],
    ),
    CrmActorType: crmType,
    ErpActorType: shown.actorType,
    ErpActorTypes: mappings.map(({ actorType }) => actorType),
  };
}
