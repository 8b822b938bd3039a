/** Mappings between ERP fields and CRM fields, the order of the fields, and their default values. */
import type { ErpSyncActorTypeMapping, ErpSyncDefaultValue, ErpSyncFieldMapping } from '../agent/carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import type { CrmType } from './crm-data.ts';
import { erpSystemAt, letsIn } from './erp-systems.ts';
import { erpValueProblem } from './field-values.ts';
import type { Implementations } from './implementation.ts';
import {
  connectorUrl,
  erpItems,
  existingMapping,
  findCrmField,
  findLiveConnection,
  findMapping,
  liveConnection,
} from './model.ts';
import { elements, filled, notFound, present, Refusal, savedMembers } from './refusal.ts';
import { newErpField } from './starting-mappings.ts';
import type { ActorMapping, ErpField, Tenant } from './state.ts';

/** The implementations. */
export const mappingOperations = {
  GetActorTypeMapping({ ErpConnectionId, ActorType }, { tenant }) {
    const isLive = findLiveConnection(tenant, ErpConnectionId) !== undefined;
    const mapping = findMapping(tenant, ErpConnectionId, ActorType);
    return isLive && mapping !== undefined ? mappingCarrier(mapping) : null;
  },

  /**
   * Saves the mapping's activity, its kind of CRM record, and the CRM field, directions and visibility of
   * the fields that are given; others stay as they are. Names, types and what is missing are the server's own.
   */
  SaveActorTypeMapping({ Mapping }, { tenant }) {
    const path = 'SaveActorTypeMapping.Mapping';
    const given = present(Mapping, path);
    const member = savedMembers(path, false);
    const connectionId = member('ErpConnectionId', given.ErpConnectionId, 0);
    const mapping = existingMapping(
      tenant,
      connectionId,
      member('ActorTypeErp', given.ActorTypeErp, 'Unknown'),
    );
    const active = member('IsActive', given.IsActive, false);
    const crmType = member('ActorTypeCrm', given.ActorTypeCrm, 'Unknown');
    if (crmType === 'Unknown') throw new Refusal(`${path}.ActorTypeCrm: Unknown is no kind of CRM record`);
    const saved = new Map<ErpField, Partial<ErpField>>();
    for (const [index, one] of elements(given.FieldMappings, `${path}.FieldMappings`).entries()) {
      const fieldPath = `${path}.FieldMappings[${index}]`;
      const field = mapping.fields.find(({ id }) => id === one.ErpFieldId);
      if (field === undefined) throw notFound(`${fieldPath}: ERP field ${one.ErpFieldId ?? 0}`);
      if (saved.has(field)) throw new Refusal(`${fieldPath}: ERP field ${field.id} is there twice`);
      saved.set(field, readFieldMapping(one, field, fieldPath));
    }
    for (const [field, changes] of saved) Object.assign(field, changes);
    Object.assign(mapping, { active, crmType });
    return mappingCarrier(mapping);
  },

  // A rank counts from 1 at the top, so a positive direction moves the field one place down; at an end nothing moves.
  MoveErpFieldItem({ ErpFieldId, Direction, ErpConnectionId, ErpActorType }, { tenant }) {
    const { fields } = existingMapping(tenant, ErpConnectionId, ErpActorType);
    const at = fields.findIndex(({ id }) => id === ErpFieldId);
    const field = fields[at];
    if (field === undefined) throw notFound(`ERP field ${ErpFieldId} of ${ErpActorType}`);
    if (Direction === 0) throw new Refusal('MoveErpFieldItem.Direction: 0 is neither up nor down');
    const to = Math.min(fields.length - 1, Math.max(0, at + Math.sign(Direction)));
    fields.splice(at, 1);
    fields.splice(to, 0, field);
    return undefined;
  },

  GetDefaultValueInfo({ ErpFieldId }, { tenant }) {
    const field = findField(tenant, ErpFieldId)?.field;
    return field === undefined ? null : defaultValueCarrier(field);
  },

  // Key, type, list and access of the field are the server's own.
  SaveDefaultValueInfo({ ErpSyncDefaultValue }, { tenant }) {
    const path = 'SaveDefaultValueInfo.ErpSyncDefaultValue';
    const given = present(ErpSyncDefaultValue, path);
    const member = savedMembers(path, false);
    const id = member('ErpFieldId', given.ErpFieldId, 0);
    const found = findField(tenant, id);
    if (found === undefined) throw notFound(`ERP field ${id}`);
    const { field, connectionId } = found;
    const saved = {
      defaultValue: member('DefaultValue', given.DefaultValue, ''),
      hasFirstSyncDefault: member('HasFirstSyncDefaultValue', given.HasFirstSyncDefaultValue, false),
      firstSyncDefault: member('FirstSyncDefaultValue', given.FirstSyncDefaultValue, ''),
      promptUser: member('PromptUser', given.PromptUser, false),
      mandatory: member('Mandatory', given.Mandatory, false),
    };
    const items = erpItems(tenant, connectionId, field.list);
    for (const value of [saved.defaultValue, saved.firstSyncDefault]) {
      const problem = erpValueProblem(field, value, items);
      if (problem !== undefined) throw new Refusal(problem);
    }
    return defaultValueCarrier(Object.assign(field, saved));
  },

  // Asks the connector, so false if it does not let the connection in. What it no longer has stays, as missing.
  UpdateConnectionFields({ ErpConnectionId }, { tenant }) {
    const connection = liveConnection(tenant, ErpConnectionId);
    const url = connectorUrl(tenant, connection);
    if (!letsIn(url, connection.configFields)) return false;
    const { actorTypes } = erpSystemAt(url);
    for (const { type, crmType } of actorTypes) {
      if (findMapping(tenant, ErpConnectionId, type) !== undefined) continue;
      const added = { connectionId: ErpConnectionId, actorType: type, crmType, active: false, fields: [] };
      tenant.actorMappings.push(added);
    }
    for (const mapping of tenant.actorMappings) {
      if (mapping.connectionId !== ErpConnectionId) continue;
      const definitions = actorTypes.find(({ type }) => type === mapping.actorType)?.fields ?? [];
      for (const field of mapping.fields) {
        const definition = definitions.find(({ key }) => key === field.key);
        Object.assign(field, definition, { missingInErp: definition === undefined });
      }
      const known = new Set(mapping.fields.map(({ key }) => key));
      const added = definitions.filter(({ key }) => !known.has(key));
      mapping.fields.push(...added.map((one) => newErpField(one, tenant.nextIds.erpField++)));
    }
    return true;
  },

  // The widths of list columns, which it clears, are nothing that this tenant keeps.
  ValidateArchiveColumnConfig({ ListOwner, ErpConnectionId }, { tenant }) {
    filled(ListOwner, 'ValidateArchiveColumnConfig.ListOwner');
    liveConnection(tenant, ErpConnectionId);
    return undefined;
  },
} satisfies Partial<Implementations>;

function mappingCarrier(mapping: ActorMapping): ValueOf<typeof ErpSyncActorTypeMapping> {
  return {
    ErpConnectionId: mapping.connectionId,
    IsActive: mapping.active,
    FieldMappings: mapping.fields.map((field) => fieldMappingCarrier(field, mapping.crmType)),
    ActorTypeErp: mapping.actorType,
    ActorTypeCrm: mapping.crmType,
  };
}

function fieldMappingCarrier(field: ErpField, crmType: CrmType): ValueOf<typeof ErpSyncFieldMapping> {
  const crmField = findCrmField(crmType, field.crmKey);
  return {
    ErpFieldId: field.id,
    CrmFieldKey: field.crmKey,
    CrmDisplayName: crmField?.name ?? '',
    CrmDisplayTooltip: crmField?.name ?? '',
    ErpFieldKey: field.key,
    FieldType: field.type,
    ErpDisplayName: field.name,
    ErpDisplayTooltip: field.tooltip,
    SyncToCrm: field.syncToCrm,
    SyncToErp: field.syncToErp,
    ShowInGui: field.showInGui,
    ShowInSearch: field.showInSearch,
    AlreadyMapped: field.crmKey !== '',
    MissingInERP: field.missingInErp,
    MissingInCRM: field.crmKey !== '' && crmField === undefined,
    Access: field.access,
    ListReference: field.list,
  };
}

/** A CRM field that the CRM does not have may be saved, and then shows as missing; a direction needs a CRM field. */
function readFieldMapping(
  given: NonNullable<ValueOf<typeof ErpSyncFieldMapping>>,
  field: ErpField,
  path: string,
): Partial<ErpField> {
  const member = savedMembers(path, false);
  if (member('ErpFieldKey', given.ErpFieldKey, '') !== field.key) {
    throw new Refusal(`${path}.ErpFieldKey: ERP field ${field.id} is ${field.key}`);
  }
  const saved = {
    crmKey: member('CrmFieldKey', given.CrmFieldKey, '').trim(),
    syncToCrm: member('SyncToCrm', given.SyncToCrm, false),
    syncToErp: member('SyncToErp', given.SyncToErp, false),
    showInGui: member('ShowInGui', given.ShowInGui, false),
    showInSearch: member('ShowInSearch', given.ShowInSearch, false),
  };
  if (saved.crmKey === '' && (saved.syncToCrm || saved.syncToErp)) {
    throw new Refusal(`${path}: ${field.key} has a direction but no CRM field`);
  }
  if (saved.syncToErp && field.access === 'ReadOnly') {
    throw new Refusal(`${path}: ${field.key} is read-only in the ERP system`);
  }
  return saved;
}

/** A field of a connection that has not been deleted. */
function findField(
  tenant: Tenant,
  fieldId: number,
): { readonly field: ErpField; readonly connectionId: number } | undefined {
  for (const { connectionId, fields } of tenant.actorMappings) {
    const field = fields.find(({ id }) => id === fieldId);
    if (field !== undefined && findLiveConnection(tenant, connectionId)) return { field, connectionId };
  }
  return undefined;
}

function defaultValueCarrier(field: ErpField): ValueOf<typeof ErpSyncDefaultValue> {
  return {
    ErpFieldId: field.id,
    DefaultValue: field.defaultValue,
    HasFirstSyncDefaultValue: field.hasFirstSyncDefault,
    FirstSyncDefaultValue: field.firstSyncDefault,
    PromptUser: field.promptUser,
    Mandatory: field.mandatory,
    ErpFieldKey: field.key,
    FieldType: field.type,
    ListName: field.list,
    Access: field.access,
  };
}
