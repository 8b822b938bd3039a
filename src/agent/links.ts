/** Links between CRM records and ERP actors: which record, whether it is linked, and how a link is made. */
import { givenTwice, unknownName } from '../error-words.ts';
import { ErpsyncError, usageError } from '../errors.ts';
import type { ErpActorType, FieldMetadata } from './carriers.ts';
import { type AgentClient, asReadError, asWriteError, type WriteWords } from './client.ts';
import type { ArgumentsOf } from './contract.ts';
import { type CrmRecord, type FieldValue, withoutNulls } from './crm-records.ts';
import { knowingIds } from './unknown-ids.ts';
import type { ValueOf } from './wire-types.ts';
import { isIn } from './wire-xml.ts';

export { type CrmRecord, crmTypes, type FieldValue, readCrmValues } from './crm-records.ts';

/** A kind of ERP record. */
export type ActorType = ValueOf<typeof ErpActorType>;
/** A field that a new ERP actor may need. */
export type NewActorField = NonNullable<ValueOf<typeof FieldMetadata>>;

/** Whether ErpSync supports this kind of actor; the documentation says that it does not of these two. */
export function isSupported(actorType: ActorType): boolean {
  return actorType !== 'Employee' && actorType !== 'Sale';
}

/** An ERP actor by its key. */
export interface ErpActor {
  readonly connectionId: number;
  readonly actorType: ActorType;
  readonly erpKey: string;
}

/**
 * The mapped values of an ERP actor, each under the key of its CRM field.
 *
 * @throws ErpsyncError `rejected` if there is no such actor, or no such connection
 */
export async function readErpValues(client: AgentClient, actor: ErpActor): Promise<readonly FieldValue[]> {
  const { connectionId, actorType, erpKey } = actor;
  return await knowingIds(client, { connection: connectionId }, async () => {
    const given = { ErpConnectionId: connectionId, ActorTypeErp: actorType, ErpKey: erpKey };
    const { outcome } = await client.call('GetFieldValuesFromErp', given);
    if (outcome.kind === 'accepted') return withoutNulls(outcome.value);
    if (outcome.kind === 'rejected' && outcome.notFound) throw noActor(actor);
    throw asReadError(outcome);
  });
}

function noActor({ connectionId, actorType, erpKey }: ErpActor): ErpsyncError {
  return new ErpsyncError('rejected', {
    what: `there is no ${actorType} ${JSON.stringify(erpKey)} in ERP connection ${connectionId}`,
    why: 'the server knows none with this key',
    next: `see which are linked: erpsync keys list --connection ${connectionId} --actor-type ${actorType}`,
  });
}

/** Whether a record is linked in a connection; undefined where the server does not tell. */
export async function linkOf(
  client: AgentClient,
  connectionId: number,
  record: CrmRecord,
): Promise<{ readonly connected: boolean | undefined; readonly actorType: ActorType | undefined }> {
  const given = { CrmActorType: record.type, EntityId: record.id };
  const { outcome } = await client.call('GetConnectionsAndDisplayFields', given);
  // The server leaves out connections that are inactive or do not map this kind, and answers null of none.
  if (outcome.kind === 'unsent') throw outcome.error;
  const all = outcome.kind === 'accepted' ? outcome.value : [];
  const found = all?.find((one) => one?.ErpConnectionId === connectionId);
  return { connected: found?.Connected ?? undefined, actorType: found?.ErpActorType ?? undefined };
}

/**
 * What to send for the values that are given by CRM field key: names and directions are those that the
 * mapping of the actor has.
 *
 * @throws ErpsyncError (usage) for a field that is not mapped or is given twice
 */
export function fieldValuesToSend(
  known: readonly FieldValue[],
  given: readonly { readonly name: string; readonly value: string }[],
): FieldValue[] {
  const values = valuesByName(given);
  return [...values].map(([name, value]) => {
    const found = known.find(({ CrmFieldKey }) => CrmFieldKey === name);
    if (found !== undefined) return { ...found, Value: value, DisplayValue: value };
    throw unknownName({
      kind: 'mapped CRM field',
      typed: name,
      where: 'of this actor',
      known: known.flatMap(({ CrmFieldKey }) => CrmFieldKey ?? []),
      next: 'give the key of a mapped one with --field',
    });
  });
}

/**
 * The operation that links and sets values: the one that says whether it was done, unless the services lack it.
 * It came with Services88.
 */
export function connectingOperation({ transport }: AgentClient): 'TryConnectActor' | 'ConnectActor' {
  const { services } = transport;
  return services === undefined || isIn('TryConnectActor', services) ? 'TryConnectActor' : 'ConnectActor';
}

/**
 * Links and sets values. A server that does not have {@link connectingOperation} after all, as older ones of
 * Services88, is asked to ConnectActor, which answers nothing.
 *
 * @returns the operation that was accepted
 */
export async function connectActor(
  client: AgentClient,
  given: ArgumentsOf<'TryConnectActor'>,
  words: WriteWords,
): Promise<'TryConnectActor' | 'ConnectActor'> {
  if (connectingOperation(client) === 'TryConnectActor') {
    const { outcome } = await client.call('TryConnectActor', given);
    if (outcome.kind === 'accepted') return 'TryConnectActor';
    // Only a refusal of every such request (404, 405) means that the operation is not there and nothing was done.
    const isAbsent = outcome.kind === 'rejected' && outcome.stops;
    if (!isAbsent) throw asWriteError('TryConnectActor', outcome, words);
  }
  await client.perform('ConnectActor', given, { words });
  return 'ConnectActor';
}

/**
 * The values for a new ERP actor: what is given, and for a mandatory field that is not given the default that
 * the server offers.
 *
 * @throws ErpsyncError (usage) naming every mandatory field without a value, and a field that is given twice
 */
export function valuesForNewActor(
  fields: readonly NewActorField[],
  given: readonly { readonly name: string; readonly value: string }[],
): ReadonlyMap<string, string> {
  const values = valuesByName(given);
  const missing: string[] = [];
  for (const { FieldKey, Access, DefaultValue } of fields) {
    if (!FieldKey || Access !== 'Mandatory' || values.get(FieldKey)) continue;
    if (!values.has(FieldKey) && DefaultValue) values.set(FieldKey, DefaultValue);
    else missing.push(FieldKey);
  }
  if (missing.length === 0) return values;
  throw usageError({
    what: 'the new actor cannot be created',
    why: `mandatory fields have no value: ${missing.join(', ')}`,
    next: `give each: ${missing.map((key) => `--field ${key}=...`).join(' ')}`,
  });
}

function valuesByName(
  given: readonly { readonly name: string; readonly value: string }[],
): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, value } of given) {
    if (values.has(name)) throw givenTwice(`--field ${name}`);
    values.set(name, value);
  }
  return values;
}
