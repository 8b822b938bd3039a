/** The actor type mappings at the start: which ERP field goes with which CRM field, and in which direction. */
import {
  type ActorType,
  businessCentralUrl,
  erpSystemAt,
  type FieldDefinition,
  vismaNetUrl,
} from './erp-systems.ts';
import type { ActorMapping, ErpField } from './state.ts';

/** `ERP field > CRM field` from ERP to CRM, `<` from CRM to ERP, `=` both ways, `-` without a direction. */
type Row = `${string} ${'>' | '<' | '=' | '-'} ${string}`;

interface Sketch {
  readonly connectionId: number;
  readonly url: string;
  readonly actorType: ActorType;
  readonly rows: readonly Row[];
  /** Fields that are shown to users of the CRM. */
  readonly shown: readonly string[];
  readonly active?: false;
}

const nameRows: readonly Row[] = ['Name = Name', 'OrgNr = OrgNr', 'Phone = Phone'];
const personRows: readonly Row[] = ['FirstName = FirstName', 'LastName = LastName', 'Email > Email'];

const sketches: readonly Sketch[] = [
  {
    connectionId: 124,
    url: vismaNetUrl,
    actorType: 'Customer',
    rows: [
      ...nameRows,
      'CustomerGroup = Category',
      // The CRM field is gone.
      'InvoiceEmail > InvoiceMail',
      'CustomerSince > CustomerSince',
    ],
    shown: ['Name', 'PaymentDays', 'Balance', 'CustomerGroup', 'CustomerSince', 'Blocked'],
  },
  {
    connectionId: 124,
    url: vismaNetUrl,
    actorType: 'Supplier',
    rows: nameRows,
    shown: ['Name'],
  },
  {
    connectionId: 124,
    url: vismaNetUrl,
    actorType: 'Person',
    rows: [...personRows, 'BirthDate < BirthDate'],
    shown: ['Email'],
  },
  ...(['Customer', 'Supplier', 'Partner'] as const).map(
    (actorType): Sketch => ({
      connectionId: 125,
      url: businessCentralUrl,
      actorType,
      rows: nameRows,
      shown: ['Name', 'Phone'],
    }),
  ),
  {
    connectionId: 125,
    url: businessCentralUrl,
    actorType: 'Person',
    rows: personRows,
    shown: ['Email'],
  },
  {
    connectionId: 125,
    url: businessCentralUrl,
    actorType: 'Project',
    rows: ['Description = Name', 'Code > Number', 'EndDate = EndDate', 'Completed > Completed'],
    shown: ['Code', 'Completed'],
  },
  {
    connectionId: 126,
    url: vismaNetUrl,
    actorType: 'Customer',
    // The mandatory customer group has no direction, so that the connection cannot be activated.
    rows: [...nameRows, 'CustomerGroup - Category'],
    shown: ['Name'],
  },
  {
    connectionId: 126,
    url: vismaNetUrl,
    actorType: 'Person',
    rows: personRows,
    shown: [],
    active: false,
  },
];

/** The field that connection 124 had before its connector changed; it is mapped still. */
const goneField: FieldDefinition = {
  key: 'Fax',
  name: 'Fax',
  type: 'Text',
  access: 'Normal',
  maxLength: 50,
  list: '',
};
/** What connection 124 and 126 have not learnt of yet. */
const newFields: ReadonlySet<string> = new Set(['Website']);

/** The mappings of all connections; their fields have the ids from `firstId` on, in this order. */
export function startingMappings(firstId: number): ActorMapping[] {
  let id = firstId;
  return sketches.map((sketch) => {
    const definition = erpSystemAt(sketch.url).actorTypes.find(({ type }) => type === sketch.actorType);
    const known = (definition?.fields ?? []).filter(({ key }) => !newFields.has(key));
    const isFirst = sketch.connectionId === 124 && sketch.actorType === 'Customer';
    const fields = known.map((one) => mapped(newErpField(one, id++), sketch));
    if (isFirst) fields.push({ ...newErpField(goneField, id++), missingInErp: true, crmKey: 'Fax' });
    return {
      connectionId: sketch.connectionId,
      actorType: sketch.actorType,
      crmType: definition?.crmType ?? 'Unknown',
      active: sketch.active ?? true,
      fields,
    };
  });
}

/** A field as a connection stores it when its connector first tells of it: without mapping or default. */
export function newErpField(definition: FieldDefinition, id: number): ErpField {
  return {
    id,
    ...definition,
    tooltip: definition.name,
    missingInErp: false,
    crmKey: '',
    syncToCrm: false,
    syncToErp: false,
    showInGui: false,
    showInSearch: false,
    defaultValue: '',
    hasFirstSyncDefault: false,
    firstSyncDefault: '',
    promptUser: false,
    mandatory: false,
    items: [],
  };
}

function mapped(field: ErpField, { rows, shown }: Sketch): ErpField {
  const row = rows.find((one) => one.startsWith(`${field.key} `));
  const [, direction = '', crmKey = ''] = row?.split(' ') ?? [];
  const isGroup = field.list === 'CustomerGroup';
  const isPaymentDays = field.key === 'PaymentDays';
  return {
    ...field,
    crmKey,
    syncToCrm: direction === '>' || direction === '=',
    syncToErp: direction === '<' || direction === '=',
    showInGui: shown.includes(field.key),
    showInSearch: field.key === 'Name' || field.key === 'LastName',
    defaultValue: isPaymentDays ? '[I:30]' : '',
    hasFirstSyncDefault: isPaymentDays,
    firstSyncDefault: isPaymentDays ? '[I:30]' : '',
    promptUser: isGroup || isPaymentDays,
    // Item 30 has no counterpart.
    items: isGroup
      ? [
          { erpItem: '10', crmItem: 1 },
          { erpItem: '20', crmItem: 3 },
        ]
      : [],
  };
}
