/** What saving an ERP connection would change: what is given is merged into a fresh read, or makes a new one. */
import { missing } from '../error-words.ts';
import { usageError } from '../errors.ts';
import { ErpConnection, type ErpConnectionValue } from './carriers.ts';
import { type AgentClient, asReadError } from './client.ts';
import {
  checkKeys,
  checkMandatory,
  type DeclaredField,
  readDeclaredFields,
  typesOf,
} from './config-fields.ts';
import { type ConfigFieldTypes, mask } from './config-secrets.ts';
import { readLiveConnection } from './connections.ts';
import { readLiveConnector } from './connectors.ts';
import { type Change, type GivenMember, mergeGiven, type SavedRecord } from './saved-record.ts';

/** The members of a connection, and which of them are not for a save to change. */
export const savedConnection: SavedRecord<ErpConnectionValue> = {
  type: ErpConnection,
  members: [
    {
      wire: 'ErpConnectionId',
      key: 'id',
      instead: 'leave it out, and give the id as the argument of the command',
    },
    { wire: 'DisplayName', key: 'name', filled: true },
    { wire: 'DisplayDescription', key: 'description' },
    { wire: 'ErpConnectorId', key: 'connectorId' },
    { wire: 'Active', key: 'active', instead: 'switch it with erpsync connections enable or disable' },
    { wire: 'Deleted', key: 'deleted', instead: 'delete it with erpsync connections delete' },
    {
      wire: 'ConnectionId',
      key: 'guid',
      instead:
        'check that this is the right connection, since its GUID tells it from others, and leave it out',
    },
    {
      wire: 'MostRecentTimestamp',
      key: 'mostRecentTimestamp',
      instead: 'leave it out, since each sync moves it on and a save leaves it alone',
    },
    { wire: 'AllAccess', key: 'allAccess' },
    { wire: 'UserGroupAccessIds', key: 'userGroupAccessIds' },
    { wire: 'AssociateAccessIds', key: 'associateAccessIds' },
    { wire: 'ConfigFields', key: 'configFields' },
  ],
};

/** What a save would do. */
export interface ConnectionPlan {
  /** As it is; of a new one what it starts from. */
  readonly stored: ErpConnectionValue;
  /** As it is to be sent. */
  readonly record: ErpConnectionValue;
  readonly changes: readonly Change[];
  /** Types of its configuration fields; none where they did not have to be asked, so that all are masked. */
  readonly types: ConfigFieldTypes;
}

/** What is given of a connection, and how a text is shown to people. */
export interface GivenConnection {
  readonly members: readonly GivenMember[];
  displayed(text: string): string;
}

/**
 * What saving would change of a connection.
 *
 * @throws ErpsyncError `rejected` if there is no such connection or connector, or one is deleted; usage for
 *   what cannot be changed here and for configuration that the connector does not take
 */
export async function planChange(
  client: AgentClient,
  id: number,
  { members, displayed }: GivenConnection,
): Promise<ConnectionPlan> {
  const stored = await withConfigFields(client, await readLiveConnection(client, id));
  const what = `ERP connection ${id}`;
  const { record, changes } = mergeGiven(savedConnection, stored, members, { what, displayed });
  const entries = changes.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  const moves = changes.some(({ wire }) => wire === 'ErpConnectorId');
  if (entries.length === 0 && !moves) return { stored, record, changes, types: new Map() };
  const connectorId = record.ErpConnectorId ?? 0;
  if (moves) await readLiveConnector(client, connectorId);
  const fields = await readDeclaredFields(client, connectorId);
  const values = record.ConfigFields ?? {};
  checkKeys(entries, fields, connectorId);
  if (moves) checkFitting(Object.keys(values), fields, id, connectorId);
  checkMandatory(values, fields, moves ? undefined : entries);
  return { stored, record, changes, types: typesOf(fields) };
}

/** What a connection has stays, so that another connector has to know all of it. */
function checkFitting(
  keys: readonly string[],
  fields: readonly DeclaredField[],
  id: number,
  connectorId: number,
): void {
  const other = keys.filter((key) => !fields.some(({ FieldKey }) => FieldKey === key));
  if (other.length === 0) return;
  throw usageError({
    what: `ERP connection ${id} cannot have connector ${connectorId}`,
    why: `its configuration has ${other.join(', ')}, which that connector does not know`,
    next: `make a new connection with it: erpsync connections save --connector ${connectorId} --name <text>`,
  });
}

/**
 * The configuration to test a connection with: what is given, the rest as it is stored.
 *
 * @throws ErpsyncError as {@link planChange} does; usage for another connector, which no test can take
 */
export async function planTest(
  client: AgentClient,
  id: number,
  given: GivenConnection,
): Promise<ConnectionPlan> {
  const plan = await planChange(client, id, given);
  const moved = plan.changes.find(({ wire }) => wire === 'ErpConnectorId');
  if (moved === undefined) return plan;
  throw usageError({
    what: `ERP connection ${id} cannot be tested with connector ${moved.after}`,
    why: `it has connector ${moved.before}, and the server tests it with no other`,
    next: 'save it first, or leave the connector out',
  });
}

/** Nothing but what every new connection is: inactive, and open to everyone unless somebody is named. */
const blank: ErpConnectionValue = {
  ErpConnectionId: 0,
  ErpConnectorId: 0,
  DisplayName: '',
  DisplayDescription: '',
  Active: false,
  ConnectionId: null,
  MostRecentTimestamp: null,
  ConfigFields: {},
  Deleted: false,
  AllAccess: true,
  UserGroupAccessIds: [],
  AssociateAccessIds: [],
};

/**
 * What a new connection would be.
 *
 * @throws ErpsyncError (usage) if its name, its connector or a mandatory configuration field is missing, or if
 *   something is given that only the server gives; `rejected` if there is no such connector
 */
export async function planCreation(
  client: AgentClient,
  { members, displayed }: GivenConnection,
): Promise<ConnectionPlan> {
  const named = ['UserGroupAccessIds', 'AssociateAccessIds'];
  const restricted = members.some(({ member: { wire }, value }) => {
    return named.includes(wire) && Array.isArray(value) && value.length > 0;
  });
  const stored = { ...blank, AllAccess: !restricted };
  const what = 'a new ERP connection';
  const { record, changes } = mergeGiven(savedConnection, stored, members, { what, displayed });
  if (!record.DisplayName?.trim()) throw missing('--name', `${what} needs one`, 'give it a name with --name');
  const connectorId = record.ErpConnectorId ?? 0;
  if (connectorId === 0) {
    throw missing('--connector', `${what} needs one`, 'give the id of one of these: erpsync connectors list');
  }
  await readLiveConnector(client, connectorId);
  const fields = await readDeclaredFields(client, connectorId);
  const values = record.ConfigFields ?? {};
  checkKeys(Object.keys(values), fields, connectorId);
  checkMandatory(values, fields);
  return { stored, record, changes, types: typesOf(fields) };
}

/** The changes as they may be shown: passwords, and what may be one, masked. */
export function maskChanges(changes: readonly Change[], types: ConfigFieldTypes): readonly Change[] {
  return changes.map((change) => {
    const type = change.entry === undefined ? 'Text' : types.get(change.entry);
    if (type !== undefined && type !== 'Password') return change;
    const masked = (value: unknown) => (value === null || value === '' ? value : mask);
    return { ...change, before: masked(change.before), after: masked(change.after) };
  });
}

/**
 * A connection with its configuration fields, which a save has to carry whole: where they do not come with
 * the connection they are asked for.
 */
export async function withConfigFields(
  client: AgentClient,
  connection: ErpConnectionValue,
): Promise<ErpConnectionValue> {
  const id = connection.ErpConnectionId;
  if (connection.ConfigFields || typeof id !== 'number') return connection;
  const { outcome } = await client.call('GetErpConnectionConfigFields', { ErpConnectionId: id });
  if (outcome.kind === 'accepted') return { ...connection, ConfigFields: outcome.value };
  if (outcome.kind === 'rejected' && outcome.notFound) return connection;
  throw asReadError(outcome);
}
