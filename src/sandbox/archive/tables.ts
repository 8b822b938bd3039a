/** The database tables that the dynamic archive reads, by their database names, with the fields that the tenant knows. */
import { ErpActorType } from '../../agent/carriers.ts';
import type { CrmType } from '../crm-data.ts';
import type { Connection, Connector, CrmRecord, LinkedRecord, Tenant } from '../state.ts';
import type { Cell } from './cells.ts';

/** A field; one of another table's keys names that table. */
export interface Field<R = unknown> {
  readonly name: string;
  readonly type: 'int' | 'string' | 'bool';
  readonly refersTo?: string;
  /** Whether its numbers are those of a list or of an enumeration. */
  readonly ofList?: true;
  read(row: R): Cell;
}

/** A table. */
export interface Table<R = unknown> {
  readonly name: string;
  readonly fields: readonly [key: Field<R>, ...others: Field<R>[]];
  /** All rows by ascending primary key, and each of them by it. */
  open(tenant: Tenant): OpenTable<R>;
}

/** The rows of a table. */
export interface OpenTable<R = unknown> {
  readonly rows: readonly R[];
  readonly byKey: ReadonlyMap<number, R>;
}

interface ExternalKeyRow {
  readonly internalKey: number;
  readonly key: LinkedRecord['externalKeys'][number];
}

const internalKeys = keptPer((records: readonly LinkedRecord[]) =>
  indexed(records, ({ internalKey }) => internalKey),
);
const externalKeys = keptPer((records: readonly LinkedRecord[]) =>
  indexed(
    records.flatMap((record) =>
      record.externalKeys.map((key): ExternalKeyRow => ({ internalKey: record.internalKey, key })),
    ),
    ({ key }) => key.id,
  ),
);
const crmRecords = Object.fromEntries(
  (['Contact', 'Person', 'Project', 'Sale'] as const).map((type) => [
    type,
    keptPer((records: readonly CrmRecord[]) =>
      indexed(
        records.filter((record) => record.type === type),
        ({ id }) => id,
      ),
    ),
  ]),
);

const internalKeyTable: Table<LinkedRecord> = {
  name: 'erpinternalkey',
  fields: [
    { name: 'erpinternalkey_id', type: 'int', read: ({ internalKey }) => internalKey },
    { name: 'tableId', type: 'int', read: ({ tableId }) => tableId },
    { name: 'recordId', type: 'int', read: ({ recordId }) => recordId },
  ],
  open: ({ linkedRecords }) => internalKeys(linkedRecords),
};

const externalKeyTable: Table<ExternalKeyRow> = {
  name: 'erpexternalkey',
  fields: [
    { name: 'erpexternalkey_id', type: 'int', read: ({ key }) => key.id },
    {
      name: 'ErpInternalKeyId',
      type: 'int',
      refersTo: 'erpinternalkey',
      read: ({ internalKey }) => internalKey,
    },
    {
      name: 'ErpConnectionId',
      type: 'int',
      refersTo: 'erpconnection',
      read: ({ key }) => key.connectionId,
    },
    { name: 'ErpKey', type: 'string', read: ({ key }) => key.erpKey },
    {
      name: 'ActorType',
      type: 'int',
      ofList: true,
      read: ({ key }) => ErpActorType.values[key.actorType],
    },
  ],
  open: ({ linkedRecords }) => externalKeys(linkedRecords),
};

const connectionTable: Table<Connection> = {
  name: 'erpconnection',
  fields: [
    { name: 'erpconnection_id', type: 'int', read: ({ id }) => id },
    { name: 'ErpConnectorId', type: 'int', refersTo: 'erpconnector', read: ({ connectorId }) => connectorId },
    { name: 'DisplayName', type: 'string', read: ({ displayName }) => displayName },
    { name: 'DisplayDescription', type: 'string', read: ({ description }) => description },
    { name: 'Active', type: 'bool', read: ({ active }) => active },
    { name: 'ConnectionId', type: 'string', read: ({ guid }) => guid },
    { name: 'MostRecentTimestamp', type: 'string', read: (one) => one.mostRecentTimestamp },
    { name: 'AllAccess', type: 'bool', read: ({ allAccess }) => allAccess },
    { name: 'Deleted', type: 'bool', read: ({ deleted }) => deleted },
  ],
  open: ({ connections }) => indexed(connections, ({ id }) => id),
};

const connectorTable: Table<Connector> = {
  name: 'erpconnector',
  fields: [
    { name: 'erpconnector_id', type: 'int', read: ({ id }) => id },
    { name: 'URL', type: 'string', read: ({ url }) => url },
    { name: 'DisplayName', type: 'string', read: ({ displayName }) => displayName },
    { name: 'Deleted', type: 'bool', read: ({ deleted }) => deleted },
  ],
  open: ({ connectors }) => indexed(connectors, ({ id }) => id),
};

/** The tables by name. */
export const tables: ReadonlyMap<string, Table> = new Map<string, Table>(
  [
    internalKeyTable,
    externalKeyTable,
    connectionTable,
    connectorTable,
    crmTable('contact', 'Contact', { name: 'Name', orgnr: 'OrgNr' }),
    crmTable('person', 'Person', { firstname: 'FirstName', lastname: 'LastName' }),
    crmTable('project', 'Project', { name: 'Name', project_number: 'Number' }),
    crmTable('sale', 'Sale', { heading: 'Heading' }),
  ].map((table) => [table.name, table as Table]),
);

/** A table of CRM records: its fields by the key under which the record has the value. */
function crmTable(
  name: string,
  type: Exclude<CrmType, 'Unknown'>,
  keys: Readonly<Record<string, string>>,
): Table<CrmRecord> {
  const others = Object.entries(keys).map(
    ([field, key]): Field<CrmRecord> => ({
      name: field,
      type: 'string',
      read: ({ values }) => values[key] ?? '',
    }),
  );
  return {
    name,
    fields: [{ name: `${name}_id`, type: 'int', read: ({ id }) => id }, ...others],
    open: (tenant) => crmRecords[type]?.(tenant.crmRecords) ?? indexed([], ({ id }: CrmRecord) => id),
  };
}

function indexed<R>(records: readonly R[], keyOf: (record: R) => number): OpenTable<R> {
  const rows = records.toSorted((one, other) => keyOf(one) - keyOf(other));
  return { rows, byKey: new Map(rows.map((row) => [keyOf(row), row])) };
}

/** Works something out once for a list: lists of many records are replaced, never changed. */
function keptPer<K extends object, V>(make: (list: K) => V): (list: K) => V {
  const kept = new WeakMap<K, V>();
  return (list) => {
    const found = kept.get(list) ?? make(list);
    kept.set(list, found);
    return found;
  };
}
