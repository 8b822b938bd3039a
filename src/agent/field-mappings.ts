/** The field mappings of an actor type: read, and given changes merged into them. */
import { ErpsyncError, usageError } from '../errors.ts';
import { ErpSyncActorTypeMapping, ErpSyncFieldMapping } from './carriers.ts';
import { type AgentClient, asReadError } from './client.ts';
import type { ActorType } from './links.ts';
import { type Change, givenMember, givenObject, mergeMembers } from './member-merge.ts';
import type { ValueOf } from './wire-types.ts';

/** A mapping as the server answers it. */
export type ActorTypeMapping = NonNullable<ValueOf<typeof ErpSyncActorTypeMapping>>;
/** One of its fields. */
export type FieldMapping = NonNullable<ValueOf<typeof ErpSyncFieldMapping>>;

/** The mapping, or undefined if there is none: the server answers null then. */
export async function findMapping(
  client: AgentClient,
  connectionId: number,
  actorType: ActorType,
): Promise<ActorTypeMapping | undefined> {
  const given = { ErpConnectionId: connectionId, ActorType: actorType };
  const { outcome } = await client.call('GetActorTypeMapping', given);
  if (outcome.kind === 'accepted') return outcome.value ?? undefined;
  if (outcome.kind === 'rejected' && outcome.notFound) return undefined;
  throw asReadError(outcome);
}

/** The mapping. @throws ErpsyncError `rejected` if there is none */
export async function readMapping(
  client: AgentClient,
  connectionId: number,
  actorType: ActorType,
): Promise<ActorTypeMapping> {
  const found = await findMapping(client, connectionId, actorType);
  if (found !== undefined) return found;
  throw new ErpsyncError('rejected', `ERP connection ${connectionId} has no mapping of ${actorType}`, {
    hint: `see which it has: erpsync connections summary ${connectionId}`,
  });
}

/** The fields of a mapping. */
export function fieldsOf({ FieldMappings }: ActorTypeMapping): readonly FieldMapping[] {
  return (FieldMappings ?? []).flatMap((field): FieldMapping[] => (field === null ? [] : [field]));
}

const mappingRules = {
  editable: ['IsActive', 'ActorTypeCrm'],
  fixed: ['ErpConnectionId', 'ActorTypeErp'],
};
// Names and what is missing are the server's own, and ignored on save.
const fieldRules = {
  editable: ['CrmFieldKey', 'SyncToCrm', 'SyncToErp', 'ShowInGui', 'ShowInSearch'],
  fixed: ['ErpFieldId', 'ErpFieldKey', 'FieldType', 'Access', 'ListReference'],
};

/**
 * Merges given changes into a mapping that was just read; fields are found by `ErpFieldId`.
 *
 * @throws ErpsyncError (usage) for a field without id or given twice; `rejected` for an id that the mapping lacks
 */
export function mergeMapping(
  fresh: ActorTypeMapping,
  given: Readonly<Record<string, unknown>>,
): { readonly merged: ActorTypeMapping; readonly changes: readonly Change[] } {
  const head = mergeMembers(ErpSyncActorTypeMapping, fresh, given, mappingRules, '');
  const list = givenMember(given, 'FieldMappings') ?? [];
  if (!Array.isArray(list)) throw usageError('fieldMappings is no list');
  const fields = [...fieldsOf(fresh)];
  const changes = [...head.changes];
  const seen = new Set<unknown>();
  for (const [index, one] of list.entries()) {
    const field = givenObject(one, `fieldMappings[${index}]`);
    const id = givenMember(field, 'ErpFieldId');
    if (typeof id !== 'number') throw usageError(`fieldMappings[${index}] has no erpFieldId`);
    if (seen.has(id)) throw usageError(`ERP field ${id} is given twice`, 'give it once');
    seen.add(id);
    const at = fields.findIndex(({ ErpFieldId }) => ErpFieldId === id);
    const found = fields[at];
    if (found === undefined)
      throw new ErpsyncError('rejected', `this mapping has no ERP field ${id}`, { hint: 'nothing was sent' });
    const result = mergeMembers(ErpSyncFieldMapping, found, field, fieldRules, `fieldMappings[${id}]`);
    fields[at] = result.merged;
    changes.push(...result.changes);
  }
  return { merged: { ...head.merged, FieldMappings: fields }, changes };
}
