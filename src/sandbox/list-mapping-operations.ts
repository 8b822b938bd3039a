/** Mappings between the items of ERP lists and of CRM lists. */
import type { ErpConnectionListMapping, ErpConnectionListMappingContainer } from '../agent/carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import { type CrmType, crmLists } from './crm-data.ts';
import type { Implementations } from './implementation.ts';
import { crmItems, erpItems, findCrmField, findLiveConnection, liveConnection } from './model.ts';
import { elements, notFound, present, Refusal, savedMembers } from './refusal.ts';
import type { Connection, ErpField, Tenant } from './state.ts';

/** The implementations. */
export const listMappingOperations = {
  GetConnectionListMappings({ ErpConnectionId }, { tenant }) {
    const connection = findLiveConnection(tenant, ErpConnectionId);
    return connection === undefined ? null : container(tenant, connection);
  },

  /**
   * Saves the counterparts of the ERP items that are given; other items and other lists stay as they are.
   * No CRM item, or one with the id 0, means that the ERP item has no counterpart. Names are not looked at.
   */
  SaveConnectionListMappings({ ListMapping }, { tenant }) {
    const path = 'SaveConnectionListMappings.ListMapping';
    const given = present(ListMapping, path);
    const id = savedMembers(path, false)('ErpConnectionId', given.ErpConnectionId, 0);
    const connection = liveConnection(tenant, id);
    const fields = listFields(tenant, connection.id);
    const saved = new Map<ErpField, ErpField['items']>();
    for (const [index, one] of elements(given.ErpListItemMappings, `${path}.ErpListItemMappings`).entries()) {
      const listPath = `${path}.ErpListItemMappings[${index}]`;
      const found = fields.find(({ field }) => field.id === one.ErpFieldId);
      if (found === undefined) throw notFound(`${listPath}: mapped list field ${one.ErpFieldId ?? 0}`);
      if (saved.has(found.field))
        throw new Refusal(`${listPath}: ERP field ${found.field.id} is there twice`);
      saved.set(found.field, readItems(tenant, connection, found, one, listPath));
    }
    for (const [field, items] of saved) field.items = items;
    return container(tenant, connection);
  },
} satisfies Partial<Implementations>;

/** A list field that is mapped to a list of the CRM. */
interface ListField {
  readonly field: ErpField;
  readonly actorType: string;
  readonly crmList: string;
}

function listFields({ actorMappings }: Tenant, id: number): ListField[] {
  return actorMappings
    .filter(({ connectionId }) => connectionId === id)
    .flatMap(({ actorType, crmType, fields }) =>
      fields.flatMap((field) => {
        const crmList = crmListOf(crmType, field);
        return crmList === undefined ? [] : [{ field, actorType, crmList }];
      }),
    );
}

function crmListOf(crmType: CrmType, { type, crmKey, missingInErp }: ErpField): string | undefined {
  const crmField = findCrmField(crmType, crmKey);
  return type === 'List' && !missingInErp && crmField?.type === 'List' ? crmField.list : undefined;
}

function container(
  tenant: Tenant,
  { id, displayName }: Connection,
): ValueOf<typeof ErpConnectionListMappingContainer> {
  return {
    ErpListItemMappings: listFields(tenant, id).map(({ field, actorType, crmList }) => ({
      CrmList: listCarrier(crmList),
      ErpListName: field.list,
      ErpCrmListItemMappings: erpItems(tenant, id, field.list).map(([item, name]) => {
        const crmItem = field.items.find(({ erpItem }) => erpItem === item)?.crmItem;
        return {
          ErpListItemId: String(item),
          ErpListItemName: name,
          CrmListItem: crmItem === undefined ? null : itemCarrier(crmList, crmItem),
        };
      }),
      ErpActorTypeName: actorType,
      ErpFieldId: field.id,
    })),
    ErpConnectionId: id,
    ErpConnectionName: displayName,
  };
}

function listCarrier(list: string) {
  const { id = 0, title = list } = crmLists.find(({ name }) => name === list) ?? {};
  return mdoItem(id, title, list, 0);
}

function itemCarrier(list: string, itemId: number) {
  const items = crmItems(list);
  const at = items.findIndex(([id]) => id === itemId);
  return mdoItem(itemId, items[at]?.[1] ?? '', list, at + 1);
}

function mdoItem(id: number, name: string, type: string, rank: number) {
  return {
    Id: id,
    Name: name,
    ToolTip: '',
    Deleted: false,
    Rank: rank,
    Type: type,
    ChildItems: [],
    IconHint: '',
    ColorBlock: 0,
    ExtraInfo: '',
    StyleHint: '',
    FullName: name,
  };
}

/** The items of a field as they will be: each ERP item has at most one counterpart. */
function readItems(
  tenant: Tenant,
  connection: Connection,
  { field, crmList }: ListField,
  given: NonNullable<ValueOf<typeof ErpConnectionListMapping>>,
  path: string,
): ErpField['items'] {
  const counterparts = new Map(field.items.map(({ erpItem, crmItem }) => [erpItem, crmItem]));
  const seen = new Set<string>();
  const mappings = elements(given.ErpCrmListItemMappings, `${path}.ErpCrmListItemMappings`);
  for (const { ErpListItemId, CrmListItem } of mappings) {
    const erpItem = present(ErpListItemId, `${path}.ErpListItemId`);
    if (!erpItems(tenant, connection.id, field.list).some(([id]) => id === erpItem)) {
      throw notFound(`${path}: item "${erpItem}" of the ERP list ${field.list}`);
    }
    if (seen.has(erpItem)) throw new Refusal(`${path}: item "${erpItem}" is there twice`);
    seen.add(erpItem);
    const crmItem = CrmListItem?.Id ?? 0;
    if (crmItem !== 0 && !crmItems(crmList).some(([id]) => id === crmItem)) {
      throw notFound(`${path}: item ${crmItem} of the CRM list ${crmList}`);
    }
    if (crmItem === 0) counterparts.delete(erpItem);
    else counterparts.set(erpItem, crmItem);
  }
  return [...counterparts].map(([erpItem, crmItem]) => ({ erpItem, crmItem }));
}
