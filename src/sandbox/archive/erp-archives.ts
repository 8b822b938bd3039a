/** The archives of connectors, connections, mapped fields and the sync log, with their documented columns. */
import { FieldAccess, FieldMetadataType } from '../../agent/carriers.ts';
import { millisecondsOf, serverTime } from '../clock.ts';
import { sourceName } from '../model.ts';
import type { ActorMapping, Connection, Connector, ErpField, SyncLogEntry } from '../state.ts';
import type { Archive, Column } from './column.ts';
import { flatArchive } from './flat-archive.ts';

const connectorColumns: readonly Column<Connector>[] = [
  { name: 'id', type: 'int', restriction: 'stringorPK', canOrderBy: true, read: ({ id }) => id },
  { name: 'url', type: 'string', restriction: 'string', canOrderBy: true, read: ({ url }) => url },
  {
    name: 'name',
    type: 'string',
    restriction: 'string',
    canOrderBy: true,
    read: ({ displayName }) => displayName,
  },
];

interface ConnectionRow {
  readonly connection: Connection;
  readonly connector: Connector | undefined;
}

const connectionColumns: readonly Column<ConnectionRow>[] = [
  ofConnection('id', 'int', ({ id }) => id),
  ofConnection('name', 'string', ({ displayName }) => displayName),
  ofConnection('description', 'string', ({ description }) => description),
  ofConnection('active', 'bool', ({ active }) => active),
  ofConnection('erpId', 'string', ({ guid }) => guid),
  ofConnection('mostRecent', 'string', ({ mostRecentTimestamp }) => mostRecentTimestamp),
  ofConnection('allAccess', 'bool', ({ allAccess }) => allAccess),
  ofConnection('deleted', 'bool', ({ deleted }) => deleted),
  ...connectorColumns.map(
    ({ name, type, restriction, canOrderBy, read }): Column<ConnectionRow> => ({
      name: `connector/${name}`,
      type,
      restriction,
      canOrderBy,
      read: ({ connector }) => (connector === undefined ? null : read(connector)),
    }),
  ),
];

interface FieldRow {
  readonly field: ErpField;
  readonly mapping: ActorMapping;
  readonly rank: number;
}

/** Many flags of this archive are numbers: 1 for true. */
const fieldColumns: readonly Column<FieldRow>[] = [
  { ...ofField('Id', 'int', ({ id }) => id), restriction: 'stringorPK' },
  ofField('ErpFieldKey', 'string', ({ key }) => key),
  ofField('DisplayName', 'string', ({ name }) => name),
  ofField('DisplayDescription', 'string', ({ tooltip }) => tooltip),
  ofField('FieldType', 'int', ({ type }) => FieldMetadataType.values[type]),
  ofField('ListName', 'string', ({ list }) => list),
  ofField('DefaultValue', 'string', ({ defaultValue }) => defaultValue),
  ofField('MaxLength', 'int', ({ maxLength }) => maxLength),
  ofField('Access', 'int', ({ access }) => FieldAccess.values[access]),
  ofField('HasFirstSyncDefaultValue', 'int', ({ hasFirstSyncDefault }) => Number(hasFirstSyncDefault)),
  ofField('FirstSyncDefaultValue', 'string', ({ firstSyncDefault }) => firstSyncDefault),
  ofField('PromptUser', 'bool', ({ promptUser }) => promptUser),
  ofField('Mandatory', 'bool', ({ mandatory }) => mandatory),
  ofField('CrmFieldKey', 'string', ({ crmKey }) => crmKey),
  ofField('SyncToCrm', 'int', ({ syncToCrm }) => Number(syncToCrm)),
  ofField('SyncToErp', 'int', ({ syncToErp }) => Number(syncToErp)),
  ofField('ShowInGui', 'int', ({ showInGui }) => Number(showInGui)),
  ofField('ShowInSearch', 'int', ({ showInSearch }) => Number(showInSearch)),
  { ...ofField('Rank', 'int', () => 0), read: ({ rank }) => rank },
  ofField('MissingInERP', 'int', ({ missingInErp }) => Number(missingInErp)),
  { ...ofField('ConnectionId', 'int', () => 0), read: ({ mapping }) => mapping.connectionId },
  { ...ofField('ActorTypeErp', 'string', () => ''), read: ({ mapping }) => mapping.actorType },
  ofField('PromptOrHasDefault', 'bool', (field) => field.promptUser || field.hasFirstSyncDefault),
];

interface LogRow {
  readonly entry: SyncLogEntry;
  readonly connection: string;
}

/** Conditions on this archive compare texts, even those on the time (as ISO 8601). */
const logColumns: readonly Column<LogRow>[] = [
  { name: 'id', type: 'int', restriction: 'None', canOrderBy: false, read: ({ entry }) => entry.id },
  ofLog('connection', ({ connection }) => connection),
  ofLog('source', ({ entry }) => (entry.targetIsCrm ? erpSide(entry) : crmSide(entry))),
  ofLog('target', ({ entry }) => (entry.targetIsCrm ? crmSide(entry) : erpSide(entry))),
  ofLog('crmfieldkey', ({ entry }) => entry.crmKey),
  ofLog('oldvalue', ({ entry }) => entry.oldValue),
  ofLog('newvalue', ({ entry }) => entry.newValue),
  {
    ...ofLog('updated', ({ entry }) => serverTime(millisecondsOf(entry.registered))),
    type: 'date',
  },
];

/** The archives; rows of what has been deleted come only under the entity `deleted`. */
export const erpArchives: readonly Archive[] = [
  flatArchive<Connector>({
    name: 'ErpConnector',
    entities: ['erpConnector', 'deleted'],
    onlyNamed: ['deleted'],
    columns: connectorColumns,
    rows: ({ tenant }) => tenant.connectors,
    keyOf: ({ id }) => id,
    entityOf: ({ deleted }) => (deleted ? 'deleted' : 'erpConnector'),
  }),
  flatArchive<ConnectionRow>({
    name: 'ErpConnection',
    entities: ['erpConnection', 'deleted'],
    onlyNamed: ['deleted'],
    columns: connectionColumns,
    rows: ({ tenant: { connections, connectors } }) =>
      connections.map((connection) => ({
        connection,
        connector: connectors.find(({ id }) => id === connection.connectorId),
      })),
    keyOf: ({ connection }) => connection.id,
    entityOf: ({ connection }) => (connection.deleted ? 'deleted' : 'erpConnection'),
  }),
  flatArchive<FieldRow>({
    name: 'ErpField',
    entities: ['erpfield'],
    columns: fieldColumns,
    rows: ({ tenant }) =>
      tenant.actorMappings.flatMap((mapping) =>
        mapping.fields.map((field, index) => ({ field, mapping, rank: index + 1 })),
      ),
    keyOf: ({ field }) => field.id,
    entityOf: () => 'erpfield',
  }),
  flatArchive<LogRow>({
    name: 'ErpSyncLog',
    entities: ['all'],
    columns: logColumns,
    rows: ({ tenant }) => {
      const names = new Map(tenant.connections.map(({ id, displayName }) => [id, displayName]));
      return tenant.syncLog.map((entry) => ({
        entry,
        connection: names.get(entry.connectionId) ?? sourceName(tenant, entry.connectionId),
      }));
    },
    keyOf: ({ entry }) => entry.id,
    entityOf: () => 'all',
  }),
];

function ofConnection(
  name: string,
  type: 'int' | 'string' | 'bool',
  read: (connection: Connection) => number | string | boolean,
): Column<ConnectionRow> {
  // The reference page has no order on any of these.
  return { name, type, restriction: type, canOrderBy: false, read: ({ connection }) => read(connection) };
}

function ofField(
  name: string,
  type: 'int' | 'string' | 'bool',
  read: (field: ErpField) => number | string | boolean,
): Column<FieldRow> {
  return { name, type, restriction: type, canOrderBy: true, read: ({ field }) => read(field) };
}

function ofLog(name: string, read: (row: LogRow) => string): Column<LogRow> {
  return { name, type: 'string', restriction: 'string', canOrderBy: true, read };
}

function erpSide({ actorType, erpKey }: SyncLogEntry): string {
  return `${actorType} ${erpKey}`;
}

function crmSide({ crmType, recordId }: SyncLogEntry): string {
  return `${crmType} ${recordId}`;
}
