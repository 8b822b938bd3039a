/** List mappings of an ERP connection: which item of an ERP list goes with which item of a CRM list. */
import { ErpsyncError } from '../errors.ts';
import {
  ErpConnectionListMapping,
  ErpConnectionListMappingContainer,
  ErpCrmListItemMapping,
  type MDOListItemValue,
} from './carriers.ts';
import type { AgentClient } from './client.ts';
import { asReadError } from './client.ts';
import { noConnection } from './connections.ts';
import { member } from './field-mappings.ts';
import { type GivenMember, type Merged, mergeGiven, type SavedRecord } from './saved-record.ts';
import { knowingIds } from './unknown-ids.ts';
import type { ValueOf } from './wire-types.ts';

/** All list mappings of a connection as the server answers them. */
export type ListMappings = NonNullable<ValueOf<typeof ErpConnectionListMappingContainer>>;
/** That of one mapped field. */
export type ListMapping = NonNullable<ValueOf<typeof ErpConnectionListMapping>>;
/** An item of its ERP list, with its counterpart if it has one. */
export type ItemMapping = NonNullable<ValueOf<typeof ErpCrmListItemMapping>>;

/** The list mappings, or undefined if the server answers null: there is no such connection. */
export async function findListMappings(
  client: AgentClient,
  connectionId: number,
): Promise<ListMappings | undefined> {
  const { outcome } = await client.call('GetConnectionListMappings', { ErpConnectionId: connectionId });
  if (outcome.kind === 'accepted') return outcome.value ?? undefined;
  if (outcome.kind === 'rejected' && outcome.notFound) return undefined;
  throw asReadError(outcome);
}

/** The list mappings. @throws ErpsyncError `rejected` if there is no such connection */
export async function readListMappings(client: AgentClient, connectionId: number): Promise<ListMappings> {
  const found = await knowingIds(client, { connection: connectionId }, () =>
    findListMappings(client, connectionId),
  );
  if (found === undefined) throw noConnection(connectionId);
  return found;
}

/** One for each mapped list field. */
export function listsOf({ ErpListItemMappings }: ListMappings): readonly ListMapping[] {
  return (ErpListItemMappings ?? []).flatMap((list): ListMapping[] => (list === null ? [] : [list]));
}

/** The items of the ERP list of a mapping. */
export function itemsOf({ ErpCrmListItemMappings }: ListMapping): readonly ItemMapping[] {
  return (ErpCrmListItemMappings ?? []).flatMap((item): ItemMapping[] => (item === null ? [] : [item]));
}

/** An ERP item with more than one counterpart, where there may be one at most. */
export interface DoubleMapping {
  readonly erpListItemId: string;
  readonly erpListItemName: string;
  readonly crmItems: readonly { readonly id: number; readonly name: string }[];
}

/** The items of a mapping that have several counterparts; the server shows an item once for each. */
export function doublesOf(list: ListMapping): readonly DoubleMapping[] {
  const mapped = itemsOf(list).filter(({ CrmListItem }) => (CrmListItem?.Id ?? 0) !== 0);
  const ids = new Set(mapped.map(({ ErpListItemId }) => ErpListItemId ?? ''));
  return [...ids].flatMap((id) => {
    const all = mapped.filter(({ ErpListItemId }) => (ErpListItemId ?? '') === id);
    if (all.length < 2) return [];
    const crmItems = all.map(({ CrmListItem }) => ({
      id: CrmListItem?.Id ?? 0,
      name: CrmListItem?.Name ?? '',
    }));
    return [{ erpListItemId: id, erpListItemName: all[0]?.ErpListItemName ?? '', crmItems }];
  });
}

const savedItem: SavedRecord<ItemMapping> = {
  type: ErpCrmListItemMapping,
  members: [
    member('ErpListItemId', {
      instead: 'give the one that the server has, which tells the item that is meant',
    }),
    member('ErpListItemName', { ignored: true }),
    member('CrmListItem', { reference: true }),
  ],
};

const savedList: SavedRecord<ListMapping> = {
  type: ErpConnectionListMapping,
  members: [
    member('CrmList', { ignored: true }),
    member('ErpListName', { ignored: true }),
    member('ErpCrmListItemMappings', {
      elements: { record: savedItem, id: 'ErpListItemId', noun: 'ERP list item' },
    }),
    member('ErpActorTypeName', { ignored: true }),
    member('ErpFieldId', {
      instead: 'give the one that the server has, which tells the field that is meant',
    }),
  ],
};

function lookAtLists(connectionId: number | null | undefined): string {
  return `erpsync mappings lists --connection ${connectionId}`;
}

/** List mappings: what a save of them may change. */
export const savedLists: SavedRecord<ListMappings> = {
  type: ErpConnectionListMappingContainer,
  look: ({ ErpConnectionId }) => lookAtLists(ErpConnectionId),
  members: [
    member('ErpListItemMappings', {
      elements: { record: savedList, id: 'ErpFieldId', noun: 'mapped list field' },
    }),
    member('ErpConnectionId', { instead: 'leave it out, and name the connection with --connection' }),
    member('ErpConnectionName', { ignored: true }),
  ],
};

/**
 * Puts given counterparts into the list mappings. An item that the server shows several times is there once
 * afterwards.
 *
 * @throws ErpsyncError (usage) for a field or an item that is given twice; `rejected` for one that the server does
 *   not have, and for a CRM item that the list does not have, where the server tells what it has
 */
export function mergeLists(
  fresh: ListMappings,
  given: readonly GivenMember[],
  connectionId: number,
): Merged<ListMappings> {
  const what = `ERP connection ${connectionId}`;
  const look = lookAtLists(connectionId);
  const merged = mergeGiven(savedLists, fresh, given, { what, displayed: (text) => text });
  const lists = listsOf(merged.record).map((list) => {
    const offered = itemsBelow(list.CrmList);
    const before = listsOf(fresh).find(({ ErpFieldId }) => ErpFieldId === list.ErpFieldId);
    const used = before === undefined ? [] : itemsOf(before).flatMap(({ CrmListItem }) => CrmListItem ?? []);
    const items = itemsOf(list).map((item) => {
      const id = item.CrmListItem?.Id ?? 0;
      if (id === 0) return item;
      const known = [...used, ...offered].find(({ Id }) => Id === id);
      if (known === undefined && offered.length > 0) {
        const name = list.CrmList?.Name ?? '';
        throw new ErpsyncError('rejected', {
          what: `there is no item ${id} in the CRM list ${JSON.stringify(name)}`,
          why: 'the server knows none with this id, and nothing was sent',
          next: `see which there are: ${look}`,
        });
      }
      // A name that was given belongs to the item that stood here before.
      return { ...item, CrmListItem: known ?? { Id: id } };
    });
    return { ...list, ErpCrmListItemMappings: items };
  });
  return { record: { ...merged.record, ErpListItemMappings: lists }, changes: merged.changes };
}

function itemsBelow(item: MDOListItemValue | null | undefined): readonly MDOListItemValue[] {
  return (item?.ChildItems ?? []).flatMap((child) => (child === null ? [] : [child, ...itemsBelow(child)]));
}
