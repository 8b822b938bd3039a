/** Records of SuperOffice that ErpSync can link, and their values. */
import { unknownId } from '../error-words.ts';
import type { ErpsyncError } from '../errors.ts';
import type { CrmActorType, ErpSyncFieldValue } from './carriers.ts';
import { type AgentClient, asReadError } from './client.ts';
import type { ValueOf } from './wire-types.ts';

/** A field value as the server answers and takes it. */
export type FieldValue = NonNullable<ValueOf<typeof ErpSyncFieldValue>>;

/** A record of SuperOffice. */
export interface CrmRecord {
  /** As people call it: `company`. */
  readonly word: keyof typeof crmTypes;
  /** As the wire does: `Contact`. */
  readonly type: ValueOf<typeof CrmActorType>;
  readonly id: number;
}

/** What people call the types of CRM records, and what the wire does. */
export const crmTypes = { company: 'Contact', person: 'Person', project: 'Project', sale: 'Sale' } as const;

/** The values of a CRM record that ErpSync can use; undefined if there is no such record. */
export async function findCrmValues(
  client: AgentClient,
  record: CrmRecord,
): Promise<readonly FieldValue[] | undefined> {
  const given = { RecordId: record.id, ActorTypeCrm: record.type };
  const { outcome } = await client.call('GetFieldValuesFromCrm', given);
  if (outcome.kind === 'accepted') return withoutNulls(outcome.value);
  if (outcome.kind === 'rejected' && outcome.notFound) return undefined;
  throw asReadError(outcome);
}

/** The same. @throws ErpsyncError `rejected` if there is no such record */
export async function readCrmValues(client: AgentClient, record: CrmRecord): Promise<readonly FieldValue[]> {
  const found = await findCrmValues(client, record);
  if (found === undefined) throw noCrmRecord(record);
  return found;
}

/** The error for an id that names no record. */
export function noCrmRecord({ word, id }: CrmRecord): ErpsyncError {
  return unknownId(word, id, 'look its id up in SuperOffice, and run the same command again with that');
}

/** Lists may hold nulls on the wire. */
export function withoutNulls(values: readonly (FieldValue | null)[] | null): readonly FieldValue[] {
  return (values ?? []).flatMap((value) => value ?? []);
}
