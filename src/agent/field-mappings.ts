/** The field mappings of an actor type, and the default values of its fields. */
import { unknownId } from '../error-words.ts';
import { ErpsyncError } from '../errors.ts';
import { ErpSyncActorTypeMapping, ErpSyncDefaultValue, ErpSyncFieldMapping } from './carriers.ts';
import { type AgentClient, asReadError } from './client.ts';
import type { ActorType } from './links.ts';
import type { SavedMember, SavedRecord } from './saved-record.ts';
import { knowingIds } from './unknown-ids.ts';
import type { ValueOf } from './wire-types.ts';

/** A mapping as the server answers it. */
export type ActorTypeMapping = NonNullable<ValueOf<typeof ErpSyncActorTypeMapping>>;
/** One of its fields. */
export type FieldMapping = NonNullable<ValueOf<typeof ErpSyncFieldMapping>>;
/** What SuperOffice gives an ERP field of a new actor. */
export type DefaultValue = NonNullable<ValueOf<typeof ErpSyncDefaultValue>>;

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

/** The mapping. @throws ErpsyncError `rejected` if there is none, or no such connection */
export async function readMapping(
  client: AgentClient,
  connectionId: number,
  actorType: ActorType,
): Promise<ActorTypeMapping> {
  return await knowingIds(client, { connection: connectionId }, async () => {
    const found = await findMapping(client, connectionId, actorType);
    if (found !== undefined) return found;
    throw new ErpsyncError('rejected', {
      what: `there is no mapping of ${actorType} in ERP connection ${connectionId}`,
      why: 'the server knows none of this actor type',
      next: `see which there are: erpsync connections summary ${connectionId}`,
    });
  });
}

/** The fields of a mapping. */
export function fieldsOf({ FieldMappings }: ActorTypeMapping): readonly FieldMapping[] {
  return (FieldMappings ?? []).flatMap((field): FieldMapping[] => (field === null ? [] : [field]));
}

/** The default value of an ERP field. @throws ErpsyncError `rejected` if there is no such field */
export async function readDefaultValue(client: AgentClient, erpFieldId: number): Promise<DefaultValue> {
  const { outcome } = await client.call('GetDefaultValueInfo', { ErpFieldId: erpFieldId });
  if (outcome.kind === 'accepted' && outcome.value !== null) return outcome.value;
  if (outcome.kind === 'accepted' || (outcome.kind === 'rejected' && outcome.notFound)) {
    const next = 'take the erpFieldId of a mapping, which is shown by: erpsync mappings get';
    throw unknownId('ERP field', erpFieldId, next);
  }
  throw asReadError(outcome);
}

const byErp = 'leave it out, since the connector declares it';

const savedField: SavedRecord<FieldMapping> = {
  type: ErpSyncFieldMapping,
  members: [
    member('ErpFieldId', {
      instead: 'give the one that the server has, which tells the field that is meant',
    }),
    member('CrmFieldKey'),
    member('SyncToCrm'),
    member('SyncToErp'),
    member('ShowInGui'),
    member('ShowInSearch'),
    ...['ErpFieldKey', 'FieldType', 'Access', 'ListReference'].map((wire) =>
      member(wire, { instead: byErp }),
    ),
    // The server ignores these on a save.
    ...['CrmDisplayName', 'CrmDisplayTooltip', 'ErpDisplayName', 'ErpDisplayTooltip'].map(ignored),
    ...['AlreadyMapped', 'MissingInERP', 'MissingInCRM'].map(ignored),
  ],
};

/** A mapping: what a save of it may change. */
export const savedMapping: SavedRecord<ActorTypeMapping> = {
  type: ErpSyncActorTypeMapping,
  look: ({ ErpConnectionId, ActorTypeErp }) =>
    `erpsync mappings get --connection ${ErpConnectionId} --actor-type ${ActorTypeErp}`,
  members: [
    member('ErpConnectionId', { instead: 'leave it out, and name the connection with --connection' }),
    member('IsActive'),
    member('FieldMappings', { elements: { record: savedField, id: 'ErpFieldId', noun: 'ERP field' } }),
    member('ActorTypeErp', { instead: 'leave it out, and name the actor type with --actor-type' }),
    member('ActorTypeCrm'),
  ],
};

/** A default value: what a save of it may change. */
export const savedDefaultValue: SavedRecord<DefaultValue> = {
  type: ErpSyncDefaultValue,
  look: ({ ErpFieldId }) => `erpsync mappings default --field ${ErpFieldId}`,
  members: [
    member('ErpFieldId', { instead: 'leave it out, and name the field with --field' }),
    member('DefaultValue', { secret: true }),
    member('HasFirstSyncDefaultValue'),
    member('FirstSyncDefaultValue', { secret: true }),
    member('PromptUser'),
    member('Mandatory'),
    ...['ErpFieldKey', 'FieldType', 'ListName', 'Access'].map((wire) => member(wire, { instead: byErp })),
  ],
};

/** A member whose name in output is the one of the wire in camelCase. */
export function member(wire: string, more: Omit<SavedMember, 'wire' | 'key'> = {}): SavedMember {
  return { wire, key: wire.charAt(0).toLowerCase() + wire.slice(1), ...more };
}

function ignored(wire: string): SavedMember {
  return member(wire, { ignored: true });
}
