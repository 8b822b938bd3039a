/** The MDO lists of ERP connections and connectors; what has been deleted is not in them. */
import { MDOListItem, type MDOListItemValue } from '../agent/carriers.ts';
import { list } from '../agent/wire-types.ts';
import { type Answer, invalidRequest, jsonAnswer } from './answers.ts';
import { jsonResult } from './json-result.ts';
import { notFound } from './refusal.ts';
import type { EntityCall } from './rest-entity-call.ts';
import type { Tenant } from './state.ts';

/** Items of a list: id, name, tooltip, and what `ExtraInfo` holds. */
type Entries = readonly (readonly [id: number, name: string, toolTip: string, extraInfo: string])[];

/** `ExtraInfo` is the connection's GUID, and the connector's URL. */
const lists: Readonly<Record<string, (tenant: Tenant) => Entries>> = {
  erpconnections: ({ connections }) =>
    connections
      .filter(({ deleted }) => !deleted)
      .map(({ id, displayName, description, guid }) => [id, displayName, description, guid]),
  erpconnectors: ({ connectors }) =>
    connectors
      .filter(({ deleted }) => !deleted)
      .map(({ id, displayName, url }) => [id, displayName, '', url]),
};

/** The names of the lists. */
export function mdoListNames(): Answer {
  return jsonAnswer(200, Object.keys(lists));
}

/** A list by its name in any case; it has no levels, so `flat` changes nothing. @throws Refusal (not found). */
export function mdoList(name: string, query: string | undefined, { tenant }: EntityCall): Answer {
  for (const [key, value] of new URLSearchParams(query ?? '')) {
    const isFlat = key.toLowerCase() === 'flat' && /^(true|false)$/i.test(value);
    if (!isFlat && !(/^(additional|query)$/i.test(key) && value === ''))
      return invalidRequest(`the query parameter "${key.slice(0, 40)}" is not known with this value`);
  }
  const entries = Object.hasOwn(lists, name.toLowerCase()) ? lists[name.toLowerCase()] : undefined;
  if (entries === undefined) throw notFound(`MDO list "${name.slice(0, 100)}"`);
  return jsonAnswer(200, jsonResult(list(MDOListItem), entries(tenant).map(mdoItem), undefined));
}

function mdoItem([id, name, toolTip, extraInfo]: Entries[number], index: number): MDOListItemValue {
  return {
    Id: id,
    Name: name,
    ToolTip: toolTip,
    Deleted: false,
    Rank: index + 1,
    Type: '',
    ChildItems: [],
    IconHint: '',
    ColorBlock: 0,
    ExtraInfo: extraInfo,
    StyleHint: '',
    FullName: name,
  };
}
