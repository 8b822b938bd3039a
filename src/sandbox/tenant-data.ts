/** What the sandbox's tenant holds when it starts: invented connectors, connections and linked records. */

/** An ERP connector: a web service of a partner, known by its URL. */
export interface Connector {
  readonly id: number;
  readonly displayName: string;
  readonly url: string;
  readonly deleted: boolean;
  /** The configuration fields that it asks each connection for: key, shown name, type. */
  readonly configurationFields: readonly ConfigurationField[];
}

/** One configuration field; the values of `Password` fields are secrets. */
interface ConfigurationField {
  readonly key: string;
  readonly displayName: string;
  readonly type: 'Text' | 'Password';
}

/** An ERP connection, the possible source of a resync. */
export interface Connection {
  readonly id: number;
  readonly connectorId: number;
  readonly displayName: string;
  readonly description: string;
  /** Changes while the sandbox runs: an inactive connection is no source. */
  active: boolean;
  readonly guid: string;
  readonly mostRecentTimestamp: string;
  readonly configFields: Readonly<Record<string, string>>;
  readonly deleted: boolean;
}

/** Kinds of ERP records that the tenant's links have. */
type LinkedActorType = 'Customer' | 'Supplier' | 'Partner' | 'Person' | 'Project';

/**
 * A synchronised CRM record: its internal key (row of `ErpInternalKey`), which is not its CRM id, and
 * its key in each connection (rows of `ErpExternalKey`, at most one per connection).
 */
export interface LinkedRecord {
  readonly internalKey: number;
  /** 5 contact, 6 person, 11 project, 13 sale. */
  readonly tableId: number;
  readonly recordId: number;
  readonly externalKeys: readonly ExternalKey[];
}

/** The key of a record in one connection; unique per connection and actor type. */
interface ExternalKey {
  readonly connectionId: number;
  readonly actorType: LinkedActorType;
  readonly erpKey: string;
}

/** The two connectors; both ask for a password. */
export const connectors: readonly Connector[] = [
  {
    id: 17,
    displayName: 'Visma Net connector',
    url: 'https://connector.example.com/visma-net/ErpConnector.svc',
    deleted: false,
    configurationFields: [
      { key: 'Company', displayName: 'Company number', type: 'Text' },
      { key: 'User', displayName: 'User name', type: 'Text' },
      { key: 'Password', displayName: 'Password', type: 'Password' },
    ],
  },
  {
    id: 18,
    displayName: 'Business Central connector',
    url: 'https://connector.example.com/business-central/ErpConnector.svc',
    deleted: false,
    configurationFields: [
      { key: 'Environment', displayName: 'Environment', type: 'Text' },
      { key: 'ClientSecret', displayName: 'Client secret', type: 'Password' },
    ],
  },
];

/** Fresh copies, since a connection's activity changes: 124 and 125 active, 126 inactive, 127 deleted. */
export function startingConnections(): Connection[] {
  return [
    {
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
}

/** Company 959 has the internal key 204, while internal key 959 is another company: they are easily mistaken. */
export const linkedRecords: readonly LinkedRecord[] = [
  linked(100, 5, 12, [124, 'Customer', 'C-10012'], [125, 'Customer', '10012']),
  linked(101, 5, 13, [124, 'Customer', 'C-10013']),
  linked(102, 5, 14, [124, 'Supplier', 'S-20014'], [125, 'Supplier', '20014']),
  linked(204, 5, 959, [124, 'Customer', 'C-10959'], [125, 'Partner', '10959']),
  linked(301, 6, 77, [124, 'Person', 'P-77']),
  linked(302, 6, 78, [125, 'Person', 'Møller, Ås']),
  linked(401, 11, 5, [125, 'Project', 'PRJ-5']),
  linked(959, 5, 41, [124, 'Customer', 'C-10041'], [126, 'Customer', 'SE-41']),
];

function linked(
  internalKey: number,
  tableId: number,
  recordId: number,
  ...keys: readonly (readonly [connectionId: number, actorType: LinkedActorType, erpKey: string])[]
): LinkedRecord {
  const externalKeys = keys.map(([connectionId, actorType, erpKey]) => ({ connectionId, actorType, erpKey }));
  return { internalKey, tableId, recordId, externalKeys };
}
