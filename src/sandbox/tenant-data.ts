/** What the sandbox's tenant holds when it starts: invented connectors, connections and linked records. */
import { type Clock, storedNever, storedTime } from './clock.ts';
import { startingCrmRecords, tableIds } from './crm-data.ts';
import { type ActorType, businessCentralUrl, erpSystemAt, vismaNetUrl } from './erp-systems.ts';
import { erpValuesFrom } from './field-values.ts';
import { startingMappings } from './starting-mappings.ts';
import type {
  ActorMapping,
  Connection,
  Connector,
  CrmRecord,
  ErpActor,
  LinkedRecord,
  Task,
  Tenant,
} from './state.ts';
import { stateVersion } from './state.ts';
import { startingSyncLog } from './sync-log.ts';

/** Two connectors in use, and one that no connection uses. */
const connectors: readonly Connector[] = [
  { id: 17, displayName: 'Visma Net connector', url: vismaNetUrl, deleted: false },
  { id: 18, displayName: 'Business Central connector', url: businessCentralUrl, deleted: false },
  { id: 19, displayName: 'Test connector', url: 'plugin://test-connector', deleted: false },
];

const connectionDefaults = { allAccess: true, userGroupIds: [], associateIds: [], lastSync: storedNever };

/** 124 and 125 are active; 126 is not, and a mandatory field without direction keeps it so; 127 is deleted. */
const connections: readonly Connection[] = [
  {
    ...connectionDefaults,
    id: 124,
    connectorId: 17,
    displayName: 'Visma Net',
    description: 'Customers and suppliers of the main company',
    active: true,
    guid: '5f2b7c1e-0b1d-4c58-9a43-0d8f4a6f2124',
    mostRecentTimestamp: '2026-01-15T06:00:00',
    configFields: { Company: '1001', User: 'superoffice', Password: 'visma-net-secret' },
    deleted: false,
  },
  {
    ...connectionDefaults,
    id: 125,
    connectorId: 18,
    displayName: 'Business Central',
    description: 'Projects and a part of the customers',
    active: true,
    guid: '5f2b7c1e-0b1d-4c58-9a43-0d8f4a6f2125',
    mostRecentTimestamp: '8812',
    configFields: { Environment: 'Production', ClientSecret: 'business-central-secret' },
    deleted: false,
  },
  {
    ...connectionDefaults,
    id: 126,
    connectorId: 17,
    displayName: 'Visma Net Sweden',
    description: 'Not switched on yet',
    active: false,
    guid: '5f2b7c1e-0b1d-4c58-9a43-0d8f4a6f2126',
    mostRecentTimestamp: '',
    configFields: { Company: '1002', User: 'superoffice', Password: 'visma-net-sweden-secret' },
    deleted: false,
  },
  {
    ...connectionDefaults,
    id: 127,
    connectorId: 18,
    displayName: 'Navision',
    description: 'Replaced by Business Central',
    active: false,
    guid: '5f2b7c1e-0b1d-4c58-9a43-0d8f4a6f2127',
    mostRecentTimestamp: '4096',
    configFields: { Environment: 'Old', ClientSecret: 'navision-secret' },
    deleted: true,
  },
];

/** The first id of the external keys at the start: none of them is an id of anything else. */
const firstExternalKey = 2001;

/** Company 959 has the internal key 204, while internal key 959 is another company: they are easily mistaken. */
const linkedRecords: readonly LinkedRecord[] = numbered([
  linked(100, 5, 12, [124, 'Customer', 'C-10012'], [125, 'Customer', '10012']),
  linked(101, 5, 13, [124, 'Customer', 'C-10013']),
  linked(102, 5, 14, [124, 'Supplier', 'S-20014'], [125, 'Supplier', '20014']),
  linked(204, 5, 959, [124, 'Customer', 'C-10959'], [125, 'Partner', '10959']),
  linked(301, 6, 77, [124, 'Person', 'P-77']),
  linked(302, 6, 78, [125, 'Person', 'Møller, Ås']),
  linked(401, 11, 5, [125, 'Project', 'PRJ-5']),
  linked(959, 5, 41, [124, 'Customer', 'C-10041'], [126, 'Customer', 'SE-41']),
]);

/** ERP actors without a link: the CRM record that each resembles, and its key. */
const unlinkedActors = [
  linked(0, 5, 15, [124, 'Customer', 'C-10015'], [125, 'Customer', '10015']),
  linked(0, 5, 16, [124, 'Supplier', 'S-20016'], [125, 'Partner', '10016']),
  linked(0, 6, 79, [124, 'Person', 'P-79']),
  linked(0, 11, 6, [125, 'Project', 'PRJ-6']),
];

/** The tenant at its start; two batch tasks of others ended some time ago, the next one gets the id 71. */
export function startingTenant(now: Clock): Tenant {
  const actorMappings = startingMappings(501);
  const crmRecords = startingCrmRecords();
  const hourAgo = storedTime(now() - 60 * 60 * 1000);
  const tenant: Tenant = {
    version: stateVersion,
    connectors: [...connectors],
    connections: [...connections],
    priorities: [0, 124, 125, 126],
    actorMappings,
    linkedRecords: [...linkedRecords],
    crmRecords,
    erpActors: [...linkedRecords, ...unlinkedActors].flatMap((record) =>
      actorsOf(record, crmRecords, actorMappings),
    ),
    syncLog: startingSyncLog(now),
    engine: { wasRunning: true, running: true, changesAt: hourAgo, intervalSeconds: 900 },
    tasks: [
      endedTask(69, hourAgo, 'DatabaseStatistics', 'Refresh statistics', 'Statistics refreshed', 0),
      endedTask(70, hourAgo, 'SelectionExport', 'Export of selection 12', '40 rows exported', 6),
    ],
    nextIds: {
      connector: 20,
      connection: 128,
      erpField: 701,
      internalKey: 1001,
      externalKey: 3001,
      erpKey: 50001,
      syncLogEntry: 9101,
      task: 71,
    },
  };
  // A copy: what this tenant changes is no other's.
  return structuredClone(tenant);
}

function linked(
  internalKey: number,
  tableId: number,
  recordId: number,
  ...keys: readonly (readonly [connectionId: number, actorType: ActorType, erpKey: string])[]
): LinkedRecord {
  const externalKeys = keys.map(([connectionId, actorType, erpKey]) => ({
    id: 0,
    connectionId,
    actorType,
    erpKey,
  }));
  return { internalKey, tableId, recordId, externalKeys };
}

function numbered(records: readonly LinkedRecord[]): LinkedRecord[] {
  let id = firstExternalKey;
  return records.map((record) => ({
    ...record,
    externalKeys: record.externalKeys.map((key) => ({ ...key, id: id++ })),
  }));
}

/** The ERP actors of a record: their mapped values are those of the CRM, the others invented. */
function actorsOf(
  { tableId, recordId, externalKeys }: LinkedRecord,
  crmRecords: readonly CrmRecord[],
  mappings: readonly ActorMapping[],
): ErpActor[] {
  const crm = crmRecords.find(({ type, id }) => tableIds[type] === tableId && id === recordId);
  return externalKeys.map(({ connectionId: ofConnection, actorType: ofType, erpKey }) => {
    const key = { connectionId: ofConnection, actorType: ofType, erpKey };
    const mapping = mappings.find(
      ({ connectionId, actorType }) => connectionId === key.connectionId && actorType === key.actorType,
    );
    if (crm === undefined || mapping === undefined) return { ...key, values: {} };
    const own = mapping.fields
      .filter(({ missingInErp }) => !missingInErp)
      .map(({ key: name, type, list }) => [name, inventedValue(mapping.connectionId, type, list)]);
    const values = { ...Object.fromEntries(own), ...erpValuesFrom(mapping, crm.values, () => true) };
    return { ...key, values };
  });
}

function inventedValue(connectionId: number, type: string, list: string): string {
  const { connectorId } = connections.find(({ id }) => id === connectionId) ?? {};
  const { url = '' } = connectors.find(({ id }) => id === connectorId) ?? {};
  const [firstItem = ''] = erpSystemAt(url).lists[list]?.[0] ?? [];
  const invented: Readonly<Record<string, string>> = {
    Checkbox: '[I:0]',
    Integer: '[I:14]',
    Double: '[F:1250.5]',
    Date: '[D:09.11.2017]',
    List: firstItem,
  };
  return invented[type] ?? '';
}

function endedTask(
  id: number,
  createdAt: string,
  name: string,
  request: string,
  endResponse: string,
  associateId: number,
): Task {
  return {
    id,
    name,
    description: request,
    associateId,
    isSystemTask: associateId === 0,
    parameters: {},
    request,
    response: '',
    createdAt,
    cancellation: 'CannotCancel',
    endState: 'Succeeded',
    endResponse,
    fixedState: 'Unknown',
    fixedAt: createdAt,
  };
}
