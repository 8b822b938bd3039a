/** The ERP systems behind the connectors: what a connector tells when it is asked. No network is involved. */
import type { ErpActorType, FieldAccess } from '../agent/carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import type { CrmType, FieldType } from './crm-data.ts';

/** A kind of ERP record by its name. */
export type ActorType = ValueOf<typeof ErpActorType>;

/** A field that a connector declares; `list` names one of the system's lists, empty for other types. */
export interface FieldDefinition {
  readonly key: string;
  readonly name: string;
  readonly type: FieldType;
  readonly access: ValueOf<typeof FieldAccess>;
  readonly maxLength: number;
  readonly list: string;
}

/** A kind of record that an ERP system has, and the kind of CRM record that it usually is. */
interface ActorTypeDefinition {
  readonly type: ActorType;
  readonly crmType: CrmType;
  readonly advancedSearch: boolean;
  readonly fields: readonly FieldDefinition[];
}

/** One ERP system. */
interface ErpSystem {
  /** What it asks each connection for; the first field names the client (the company) within the system. */
  readonly configurationFields: readonly FieldDefinition[];
  /** The right configuration of the clients that it knows; of others any that is complete. */
  readonly accounts: readonly Readonly<Record<string, string>>[];
  readonly actorTypes: readonly ActorTypeDefinition[];
  /** Items of each list: the system's own id, and a name. */
  readonly lists: Readonly<Record<string, readonly (readonly [id: string, name: string])[]>>;
}

const company = [
  field('Company', 'Company number', 'Text', 'Mandatory', 20),
  field('User', 'User name', 'Text', 'Mandatory', 50),
  field('Password', 'Password', 'Password', 'Mandatory', 100),
];
const nameFields = [
  field('Name', 'Name', 'Text', 'Mandatory', 100),
  field('OrgNr', 'Organisation number', 'Text'),
  field('Phone', 'Telephone', 'Text'),
];
const personFields = [
  field('FirstName', 'First name', 'Text'),
  field('LastName', 'Last name', 'Text', 'Mandatory'),
  field('Email', 'E-mail', 'Text'),
];

const vismaNet: ErpSystem = {
  configurationFields: company,
  accounts: [
    { Company: '1001', User: 'superoffice', Password: 'visma-net-secret' },
    { Company: '1002', User: 'superoffice', Password: 'visma-net-sweden-secret' },
  ],
  actorTypes: [
    actorType('Customer', 'Contact', true, [
      ...nameFields,
      field('CustomerGroup', 'Customer group', 'List', 'Mandatory', 0, 'CustomerGroup'),
      field('InvoiceEmail', 'Invoice e-mail', 'Text'),
      field('PaymentDays', 'Payment days', 'Integer'),
      field('CreditLimit', 'Credit limit', 'Double'),
      field('Balance', 'Balance', 'Double', 'ReadOnly'),
      field('CustomerSince', 'Customer since', 'Date'),
      field('Blocked', 'Blocked', 'Checkbox'),
      // New in the connector: a connection learns of it from UpdateConnectionFields.
      field('Website', 'Website', 'Text'),
    ]),
    actorType('Supplier', 'Contact', false, nameFields),
    actorType('Person', 'Person', false, [...personFields, field('BirthDate', 'Date of birth', 'Date')]),
  ],
  lists: {
    CustomerGroup: [
      ['10', 'Domestic'],
      ['20', 'Export'],
      ['30', 'Intercompany'],
    ],
  },
};

const businessCentral: ErpSystem = {
  configurationFields: [
    field('Environment', 'Environment', 'Text', 'Mandatory', 50),
    field('ClientSecret', 'Client secret', 'Password', 'Mandatory', 100),
  ],
  accounts: [{ Environment: 'Production', ClientSecret: 'business-central-secret' }],
  actorTypes: [
    actorType('Customer', 'Contact', true, nameFields),
    actorType('Supplier', 'Contact', false, nameFields),
    actorType('Partner', 'Contact', false, nameFields),
    actorType('Person', 'Person', false, personFields),
    actorType('Project', 'Project', true, [
      field('Description', 'Description', 'Text', 'Mandatory', 100),
      field('Code', 'Code', 'Text', 'Normal', 20),
      field('EndDate', 'Ending date', 'Date'),
      field('Completed', 'Completed', 'Checkbox'),
    ]),
  ],
  lists: {},
};

/** What any other connector answers. */
const generic: ErpSystem = {
  configurationFields: company,
  accounts: [],
  actorTypes: [
    actorType('Customer', 'Contact', false, nameFields),
    actorType('Person', 'Person', false, personFields),
  ],
  lists: {},
};

/** The URL of the Visma Net connector. */
export const vismaNetUrl = 'https://connector.example.com/visma-net/ErpConnector.svc';
/** The URL of the Business Central connector. */
export const businessCentralUrl = 'https://connector.example.com/business-central/ErpConnector.svc';

/** The system behind a connector's URL; one that is not known asks for company, user and password. */
export function erpSystemAt(url: string): ErpSystem {
  switch (url.trim().toLowerCase()) {
    case vismaNetUrl.toLowerCase():
      return vismaNet;
    case businessCentralUrl.toLowerCase():
      return businessCentral;
    default:
      return generic;
  }
}

/** Whether a text is what a connector is known by: `http(s)://`, `plugin://` or `app://` and something behind. */
export function isConnectorUrl(url: string): boolean {
  return /^(https?|plugin|app):\/\/[^\s/]+\S*$/i.test(url.trim());
}

/** Whether a connector answers there: everything that is a connector's URL does, but hosts below `.invalid`. */
export function answersAt(url: string): boolean {
  return isConnectorUrl(url) && !/^\w+:\/\/[^/]*\.invalid(:\d+)?(\/|$)/i.test(url.trim());
}

/**
 * Whether the system at a URL lets a connection in with this configuration: the connector answers, each
 * mandatory field has a value, there is no field that it does not know, and of a client that it knows
 * every value is the right one.
 */
export function letsIn(url: string, configuration: Readonly<Record<string, string | null>>): boolean {
  const { configurationFields, accounts } = erpSystemAt(url);
  const keys = configurationFields.map(({ key }) => key);
  if (!answersAt(url) || Object.keys(configuration).some((key) => !keys.includes(key))) return false;
  if (configurationFields.some(({ key, access }) => access === 'Mandatory' && !configuration[key]))
    return false;
  const [clientField = ''] = keys;
  const account = accounts.find((one) => one[clientField] === configuration[clientField]);
  return account === undefined || keys.every((key) => account[key] === configuration[key]);
}

function field(
  key: string,
  name: string,
  type: FieldType,
  access: FieldDefinition['access'] = 'Normal',
  maxLength = 50,
  list = '',
): FieldDefinition {
  return { key, name, type, access, maxLength, list };
}

function actorType(
  type: ActorType,
  crmType: CrmType,
  advancedSearch: boolean,
  fields: readonly FieldDefinition[],
): ActorTypeDefinition {
  return { type, crmType, advancedSearch, fields };
}
