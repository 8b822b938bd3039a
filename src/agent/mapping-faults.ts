/** What is wrong with the mappings of an ERP connection: fields that vanished, list items that are mapped twice. */
import { ErpActorType } from './carriers.ts';
import type { AgentClient } from './client.ts';
import { fieldsOf, findMapping } from './field-mappings.ts';
import type { ActorType } from './links.ts';
import { type DoubleMapping, doublesOf, findListMappings, listsOf } from './list-mappings.ts';
import { knowingIds } from './unknown-ids.ts';

/** A field that is mapped, and that one side no longer has. */
export interface MissingField {
  readonly actorType: ActorType;
  /** Whether its mapping is in use. */
  readonly mappingActive: boolean | null;
  readonly erpFieldId: number | null;
  readonly erpFieldKey: string;
  readonly crmFieldKey: string;
  readonly missingInErp: boolean;
  readonly missingInCrm: boolean;
}

/** An item of an ERP list that goes with several items of a CRM list. */
export interface DoubleItem extends DoubleMapping {
  readonly actorType: string;
  readonly erpFieldId: number | null;
  readonly erpListName: string;
}

/** What was found in one connection. */
export interface MappingFaults {
  /** How many mappings there are. */
  readonly mappings: number;
  readonly missing: readonly MissingField[];
  readonly doubles: readonly DoubleItem[];
}

/** Reads the mapping of each actor type and the list mappings. @throws ErpsyncError of a read that fails */
export async function findFaults(client: AgentClient, connectionId: number): Promise<MappingFaults> {
  const missing: MissingField[] = [];
  let mappings = 0;
  for (const actorType of await actorTypesOf(client, connectionId)) {
    const mapping = await findMapping(client, connectionId, actorType);
    if (mapping === undefined) continue;
    mappings++;
    for (const field of fieldsOf(mapping)) {
      if (!field.CrmFieldKey || !(field.MissingInERP || field.MissingInCRM)) continue;
      missing.push({
        actorType,
        mappingActive: mapping.IsActive ?? null,
        erpFieldId: field.ErpFieldId ?? null,
        erpFieldKey: field.ErpFieldKey ?? '',
        crmFieldKey: field.CrmFieldKey,
        missingInErp: field.MissingInERP ?? false,
        missingInCrm: field.MissingInCRM ?? false,
      });
    }
  }
  const lists = mappings === 0 ? undefined : await findListMappings(client, connectionId);
  const doubles = (lists === undefined ? [] : listsOf(lists)).flatMap((list) =>
    doublesOf(list).map((double) => ({
      actorType: list.ErpActorTypeName ?? '',
      erpFieldId: list.ErpFieldId ?? null,
      erpListName: list.ErpListName ?? '',
      ...double,
    })),
  );
  return { mappings, missing, doubles };
}

/** The actor types that the summary names; every one where it names none. */
async function actorTypesOf(client: AgentClient, id: number): Promise<readonly ActorType[]> {
  const summary = await knowingIds(client, { connection: id }, () =>
    client.read('GetErpSyncConnectionSummary', { ErpSyncConnectionId: id }),
  );
  const named = summary?.Actors?.flatMap((actor) => actor?.ActorType ?? []);
  const every = Object.keys(ErpActorType.values) as ActorType[];
  return (named ?? every).filter((name) => name !== 'Unknown');
}
