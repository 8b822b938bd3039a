/** ERP connections: reading, saving, testing, switching on and off. */
import { randomUUID } from 'node:crypto';
import type { ErpConnectionValue } from '../agent/carriers.ts';
import { millisecondsOf, serverTime, storedNever } from './clock.ts';
import { erpSystemAt, letsIn } from './erp-systems.ts';
import type { Implementations } from './implementation.ts';
import {
  connectionsByPriority,
  connectorUrl,
  findConnection,
  liveConnection,
  liveConnector,
} from './model.ts';
import { elements, filled, present, Refusal, savedMembers } from './refusal.ts';
import type { ActorMapping, Connection, Tenant } from './state.ts';

/** The implementations. */
export const connectionOperations = {
  // A deleted connection is still there to be read, and says so.
  GetConnection({ ErpConnectionId }, { tenant }) {
    const connection = findConnection(tenant, ErpConnectionId);
    return connection === undefined ? null : connectionCarrier(connection, connection.configFields);
  },

  GetAllConnections({ IncludeDeleted }, { tenant }) {
    return connectionsByPriority(tenant)
      .filter((connection) => IncludeDeleted || !connection.deleted)
      .map((connection) => connectionCarrier(connection, null));
  },

  /**
   * Id 0 creates. GUID, timestamp and deletion are the server's own: whatever is given for them, they stay
   * as they are. Configuration fields are replaced as a whole.
   */
  SaveConnection({ Connection }, { tenant }) {
    const path = 'SaveConnection.Connection';
    const given = present(Connection, path);
    const id = given.ErpConnectionId ?? 0;
    const stored = id === 0 ? undefined : liveConnection(tenant, id);
    const settings = readSettings(given, path, stored === undefined);
    const saved: Connection = stored
      ? { ...stored, ...settings }
      : {
          ...settings,
          id: tenant.nextIds.connection,
          guid: randomUUID(),
          mostRecentTimestamp: '',
          deleted: false,
          lastSync: storedNever,
        };
    checkSettings(tenant, saved);
    const reasons = saved.active && !stored?.active ? reasonsAgainst(tenant, saved) : [];
    if (reasons.length > 0) throw new Refusal(`${path}.Active: ${reasons.join('; ')}`);
    if (stored === undefined) {
      tenant.nextIds.connection++;
      tenant.connections.push(saved);
      tenant.priorities.push(saved.id);
    } else {
      Object.assign(stored, saved);
    }
    return connectionCarrier(saved, saved.configFields);
  },

  // Soft: the row stays, and so do its links, which nothing uses any more.
  DeleteConnection({ ErpConnectionId }, { tenant }) {
    const connection = liveConnection(tenant, ErpConnectionId);
    connection.deleted = true;
    connection.active = false;
    tenant.priorities = tenant.priorities.filter((id) => id !== ErpConnectionId);
    return undefined;
  },

  GetErpConnectionConfigFields({ ErpConnectionId }, { tenant }) {
    return findConnection(tenant, ErpConnectionId)?.configFields ?? null;
  },

  // Switching off is always possible; switching on is refused with the reasons, and nothing changes then.
  ToggleErpConnectionActive({ ErpConnectionId }, { tenant }) {
    const connection = liveConnection(tenant, ErpConnectionId);
    const reasons = connection.active ? [] : reasonsAgainst(tenant, connection);
    if (reasons.length === 0) connection.active = !connection.active;
    return reasons;
  },

  TestConnectionById({ ErpConnectionId }, { tenant }) {
    const connection = liveConnection(tenant, ErpConnectionId);
    return letsIn(connectorUrl(tenant, connection), connection.configFields);
  },

  TestConnectionByConfig({ ErpConnectionId, ConfigFields }, { tenant }) {
    return letsIn(connectorUrl(tenant, liveConnection(tenant, ErpConnectionId)), ConfigFields ?? {});
  },

  // Connections that are not named come after those that are; 0, SuperOffice itself, may be left out.
  SaveErpConnectionSyncPriorities({ ErpConnectionIds }, { tenant }) {
    const path = 'SaveErpConnectionSyncPriorities.ErpConnectionIds';
    const ids = elements(ErpConnectionIds, path);
    if (ids.length === 0) throw new Refusal(`${path}: is empty`);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) throw new Refusal(`${path}: ${twice} is there twice`);
    for (const id of ids) if (id !== 0) liveConnection(tenant, id);
    tenant.priorities = ids;
    return true;
  },

  GetErpSyncConnectionSummary({ ErpSyncConnectionId }, { tenant }) {
    const connection = findConnection(tenant, ErpSyncConnectionId);
    if (connection === undefined) return null;
    return {
      DisplayName: connection.displayName,
      DisplayDescription: connection.description,
      Active: connection.active,
      Deleted: connection.deleted,
      LastSync: serverTime(millisecondsOf(connection.lastSync)),
      Actors: tenant.actorMappings
        .filter(({ connectionId }) => connectionId === connection.id)
        .map((mapping) => ({
          ActorType: mapping.actorType,
          HasMappings: mapping.fields.some(({ crmKey }) => crmKey !== ''),
          Defaults: defaultsText(mapping),
          Mappings: mappingsText(mapping),
        })),
    };
  },
} satisfies Partial<Implementations>;

/** A connection as the wire shows it; lists of connections come without config field data. */
function connectionCarrier(
  connection: Connection,
  configFields: Connection['configFields'] | null,
): ErpConnectionValue {
  return {
    ErpConnectionId: connection.id,
    ErpConnectorId: connection.connectorId,
    DisplayName: connection.displayName,
    DisplayDescription: connection.description,
    Active: connection.active,
    ConnectionId: connection.guid,
    MostRecentTimestamp: connection.mostRecentTimestamp,
    ConfigFields: configFields,
    Deleted: connection.deleted,
    AllAccess: connection.allAccess,
    UserGroupAccessIds: connection.userGroupIds,
    AssociateAccessIds: connection.associateIds,
  };
}

type Settings = Omit<Connection, 'id' | 'guid' | 'mostRecentTimestamp' | 'deleted' | 'lastSync'>;

function readSettings(given: ErpConnectionValue, path: string, isNew: boolean): Settings {
  const member = savedMembers(path, isNew);
  const configFields = Object.entries(member('ConfigFields', given.ConfigFields, {}));
  return {
    connectorId: member('ErpConnectorId', given.ErpConnectorId, 0),
    displayName: filled(member('DisplayName', given.DisplayName, ''), `${path}.DisplayName`),
    description: member('DisplayDescription', given.DisplayDescription, ''),
    active: member('Active', given.Active, false),
    configFields: Object.fromEntries(configFields.map(([key, value]) => [key, value ?? ''])),
    allAccess: member('AllAccess', given.AllAccess, true),
    userGroupIds: [...member('UserGroupAccessIds', given.UserGroupAccessIds, [])],
    associateIds: [...member('AssociateAccessIds', given.AssociateAccessIds, [])],
  };
}

/** The connector has to exist and to know the configuration fields; whether their values are right, a test tells. */
function checkSettings(tenant: Tenant, connection: Connection): void {
  const { url, displayName } = liveConnector(tenant, connection.connectorId);
  const known = erpSystemAt(url).configurationFields.map(({ key }) => key);
  const unknown = Object.keys(connection.configFields).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new Refusal(
      `${displayName} has no configuration field "${unknown}"; its fields are ${known.join(', ')}`,
    );
  }
}

/** Why a connection cannot be switched on; empty if it can. */
function reasonsAgainst(tenant: Tenant, connection: Connection): string[] {
  const reasons = tenant.actorMappings
    .filter(({ connectionId, active }) => connectionId === connection.id && active)
    .flatMap(({ actorType, fields }) =>
      fields
        .filter(({ access, missingInErp }) => access === 'Mandatory' && !missingInErp)
        .filter(({ syncToCrm, syncToErp }) => !syncToCrm && !syncToErp)
        .map(({ name }) => `${actorType}: the mandatory field "${name}" has no direction`),
    );
  const isLetIn = letsIn(connectorUrl(tenant, connection), connection.configFields);
  return isLetIn ? reasons : [...reasons, 'The ERP system cannot be reached with this configuration'];
}

function defaultsText({ fields }: ActorMapping): string {
  return fields
    .filter((field) => field.hasFirstSyncDefault || field.promptUser || field.mandatory)
    .map(({ name, hasFirstSyncDefault, firstSyncDefault }) =>
      hasFirstSyncDefault ? `${name} = ${firstSyncDefault}` : name,
    )
    .join(', ');
}

function mappingsText({ fields }: ActorMapping): string {
  const arrow = (toCrm: boolean, toErp: boolean) => (toCrm ? (toErp ? '<->' : '->') : toErp ? '<-' : '-');
  return fields
    .filter(({ crmKey }) => crmKey !== '')
    .map(({ name, crmKey, syncToCrm, syncToErp }) => `${name} ${arrow(syncToCrm, syncToErp)} ${crmKey}`)
    .join(', ');
}
