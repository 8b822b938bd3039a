/** Configuration fields of ERP connections: what a connector asks each of its connections for. */
import { unknownName } from '../error-words.ts';
import { ErpsyncError, usageError } from '../errors.ts';
import type { FieldMetadata } from './carriers.ts';
import { type AgentClient, asReadError } from './client.ts';
import type { ConfigFieldTypes } from './config-secrets.ts';
import { noConnector } from './connectors.ts';
import type { ValueOf } from './wire-types.ts';

/** A field as its connector declares it. */
export type DeclaredField = NonNullable<ValueOf<typeof FieldMetadata>>;

/**
 * The fields that a connector asks for, in its order.
 *
 * @throws ErpsyncError `rejected` if there is no such connector
 */
export async function readDeclaredFields(
  client: AgentClient,
  connectorId: number,
): Promise<readonly DeclaredField[]> {
  const { outcome } = await client.call('GetConfigurationFields', { ErpConnectorId: connectorId });
  if (outcome.kind === 'rejected' && outcome.notFound) throw noConnector(connectorId);
  if (outcome.kind !== 'accepted') throw asReadError(outcome);
  return (outcome.value ?? []).flatMap((field) => (field === null ? [] : [field]));
}

/** The same where they are wanted for what they say of passwords only: none if they cannot be asked. */
export async function askDeclaredFields(
  client: AgentClient,
  connectorId: number,
): Promise<readonly DeclaredField[]> {
  try {
    return await readDeclaredFields(client, connectorId);
  } catch (error) {
    if (error instanceof ErpsyncError) return [];
    throw error;
  }
}

/** Their types by key. */
export function typesOf(fields: readonly DeclaredField[]): ConfigFieldTypes {
  return new Map(
    fields.flatMap((field): [string, string][] =>
      field.FieldKey && field.FieldType ? [[field.FieldKey, field.FieldType]] : [],
    ),
  );
}

/**
 * Refuses a field that its connector does not know, which no server is known to refuse.
 *
 * @param keys those to check
 * @throws ErpsyncError (usage) with the nearest key
 */
export function checkKeys(
  keys: readonly string[],
  fields: readonly DeclaredField[],
  connectorId: number,
): void {
  const known = fields.flatMap(({ FieldKey }) => (FieldKey ? [FieldKey] : []));
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw unknownName({
    kind: 'configuration field',
    typed: unknown,
    where: `of connector ${connectorId}`,
    known,
    next: `see: erpsync connectors config-fields ${connectorId}`,
  });
}

/**
 * Refuses a configuration that lacks what its connector needs.
 *
 * @param keys those to check; without it all of them
 * @throws ErpsyncError (usage) naming the fields
 */
export function checkMandatory(
  values: Readonly<Record<string, string | null>>,
  fields: readonly DeclaredField[],
  keys?: readonly string[],
): void {
  const missing = fields.flatMap(({ FieldKey, Access }) => {
    if (!FieldKey || Access !== 'Mandatory' || keys?.includes(FieldKey) === false) return [];
    return Object.hasOwn(values, FieldKey) && values[FieldKey] ? [] : [FieldKey];
  });
  if (missing.length === 0) return;
  throw usageError({
    what: `the configuration lacks ${missing.join(', ')}`,
    why: `the connector needs ${missing.length === 1 ? 'it' : 'them'}`,
    next: `give ${missing.length === 1 ? 'it' : 'each'} with --config ${missing[0]}=<value> or in --data`,
  });
}
