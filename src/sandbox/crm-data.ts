/** The CRM side of the tenant: fields, lists and records that exist whether or not they are linked. */
import type { CrmActorType, FieldMetadataType } from '../agent/carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import type { CrmRecord } from './state.ts';

/** A kind of CRM record by its name. */
export type CrmType = ValueOf<typeof CrmActorType>;
/** A kind of field by its name. */
export type FieldType = ValueOf<typeof FieldMetadataType>;

/** A field of a kind of CRM record; `list` names a list of {@link crmLists}, empty for other types. */
interface CrmField {
  readonly key: string;
  readonly name: string;
  readonly type: FieldType;
  readonly list: string;
}

/** A list of the CRM, and its items by id. */
interface CrmList {
  readonly id: number;
  readonly name: string;
  readonly title: string;
  readonly items: readonly (readonly [id: number, name: string])[];
}

/** The lists that fields can be mapped to. */
export const crmLists: readonly CrmList[] = [
  {
    id: 64,
    name: 'category',
    title: 'Category',
    items: [
      [1, 'Customer'],
      [2, 'Prospect'],
      [3, 'Supplier'],
    ],
  },
];

/** The fields of each kind of CRM record that a mapping can use. */
export const crmFields: Readonly<Record<CrmType, readonly CrmField[]>> = {
  Unknown: [],
  Contact: [
    field('Name', 'Company name', 'Text'),
    field('OrgNr', 'Organisation number', 'Text'),
    field('Phone', 'Telephone', 'Text'),
    field('Email', 'E-mail', 'Text'),
    field('Category', 'Category', 'List', 'category'),
    field('Employees', 'Employees', 'Integer'),
    field('Turnover', 'Turnover', 'Double'),
    field('CustomerSince', 'Customer since', 'Date'),
    field('NoMailings', 'No mailings', 'Checkbox'),
  ],
  Person: [
    field('FirstName', 'First name', 'Text'),
    field('LastName', 'Last name', 'Text'),
    field('Email', 'E-mail', 'Text'),
    field('BirthDate', 'Date of birth', 'Date'),
  ],
  Project: [
    field('Name', 'Project name', 'Text'),
    field('Number', 'Project number', 'Text'),
    field('EndDate', 'End date', 'Date'),
    field('Completed', 'Completed', 'Checkbox'),
  ],
  Sale: [field('Heading', 'Sale', 'Text'), field('Amount', 'Amount', 'Double')],
};

/** The table of each kind of CRM record. */
export const tableIds: Readonly<Record<CrmType, number>> = {
  Unknown: 0,
  Contact: 5,
  Person: 6,
  Project: 11,
  Sale: 13,
};

/** The records at the start; companies 15 and 16, person 79, project 6 and sale 21 have no link. */
export function startingCrmRecords(): CrmRecord[] {
  return [
    company(12, 'Nordic Paper AS', '912345678', 'Customer', 120),
    company(13, 'Fjord Seafood AS', '923456789', 'Customer', 45),
    company(14, 'Alpine Parts GmbH', 'DE811234567', 'Supplier', 300),
    company(15, 'Harbour Hotels', '934567890', 'Prospect', 80),
    company(16, 'Birch & Sons', 'GB123456789', 'Prospect', 4),
    company(41, 'Lakeside Energy', '945678901', 'Customer', 15),
    company(959, 'Midsummer Foods AB', 'SE5560001234', 'Customer', 60),
    person(77, 'Kari', 'Nordmann', '[D:09.11.1977]'),
    person(78, 'Åse', 'Møller', ''),
    person(79, 'Sam', 'Birch', '[D:01.02.1990]'),
    project(5, 'New warehouse', 'P-5', '[D:30.06.2026]'),
    project(6, 'Trade fair', 'P-6', '[D:15.03.2026]'),
    { type: 'Sale', id: 21, values: { Heading: 'Paper 2026', Amount: '[F:125000.5]' } },
  ];
}

function field(key: string, name: string, type: FieldType, list = ''): CrmField {
  return { key, name, type, list };
}

function company(id: number, name: string, orgNr: string, category: string, employees: number): CrmRecord {
  const [item] = crmLists[0]?.items.find(([, itemName]) => itemName === category) ?? [];
  const values = {
    Name: name,
    OrgNr: orgNr,
    Phone: `+47 22 00 ${String(id).padStart(4, '0')}`,
    Email: `post@company-${id}.example`,
    Category: `[I:${item ?? 0}]`,
    Employees: `[I:${employees}]`,
    Turnover: `[F:${employees * 1000}.5]`,
    CustomerSince: '[D:09.11.2017]',
    NoMailings: '[I:0]',
  };
  return { type: 'Contact', id, values };
}

function person(id: number, firstName: string, lastName: string, birthDate: string): CrmRecord {
  const values = {
    FirstName: firstName,
    LastName: lastName,
    Email: `person-${id}@people.example`,
    BirthDate: birthDate,
  };
  return { type: 'Person', id, values };
}

function project(id: number, name: string, number: string, endDate: string): CrmRecord {
  return {
    type: 'Project',
    id,
    values: { Name: name, Number: number, EndDate: endDate, Completed: '[I:0]' },
  };
}
