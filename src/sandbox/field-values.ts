/**
 * Field values as ErpSync writes them: texts bare, others behind a letter (`[I:123]`, `[F:123.4]`,
 * `[D:09.11.2017]` for 9 November, `[I:1]` for true), items of a CRM list as `[I:id]`, items of an ERP
 * list as the ERP system's own id. Empty text is no value.
 */
import type { FieldType } from './crm-data.ts';
import type { ActorMapping, ErpField } from './state.ts';

/** An item of a list: its id as it stands in values, and its name. */
export type Item = readonly [id: string | number, name: string];

const patterns: Readonly<Partial<Record<FieldType, RegExp>>> = {
  Checkbox: /^\[I:[01]\]$/,
  Integer: /^\[I:-?\d{1,10}\]$/,
  Double: /^\[F:-?\d{1,15}(\.\d{1,15})?\]$/,
  Date: /^\[D:(0[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])\.\d{4}\]$/,
};
const samples: Readonly<Partial<Record<FieldType, string>>> = {
  Checkbox: '[I:1]',
  Integer: '[I:123]',
  Double: '[F:123.4]',
  Date: '[D:09.11.2017]',
};

/** Why a value is none of an ERP field, or undefined. `items` are those of the field's ERP list. */
export function erpValueProblem(
  { key, type, maxLength }: Pick<ErpField, 'key' | 'type' | 'maxLength'>,
  value: string,
  items: readonly Item[],
): string | undefined {
  if (value === '') return undefined;
  if (type === 'List') {
    const known = items.map(([id]) => String(id));
    return known.includes(value) ? undefined : `${key}: its list has the items ${known.join(', ')}`;
  }
  const pattern = patterns[type];
  if (pattern !== undefined && !pattern.test(value)) {
    return `${key}: a value of type ${type} is written as ${samples[type]}`;
  }
  const isTooLong = pattern === undefined && maxLength > 0 && value.length > maxLength;
  return isTooLong ? `${key}: longer than ${maxLength} characters` : undefined;
}

/** Why a value is none of a CRM field, or undefined. `items` are those of the field's CRM list. */
export function crmValueProblem(
  { key, type }: { readonly key: string; readonly type: FieldType },
  value: string,
  items: readonly Item[],
): string | undefined {
  if (type !== 'List') return erpValueProblem({ key, type, maxLength: 0 }, value, []);
  const known = items.map(([id]) => `[I:${id}]`);
  if (value === '' || known.includes(value)) return undefined;
  return `${key}: its list has the items ${known.join(', ')}`;
}

/** A value as people read it: the bare number or date, Yes or No, the name of a list's item. */
export function displayValue(type: FieldType, value: string, items: readonly Item[]): string {
  const bare = /^\[[A-Z]+:(.*)\]$/.exec(value)?.[1] ?? value;
  if (type === 'Checkbox') return value === '' ? '' : bare === '1' ? 'Yes' : 'No';
  if (type !== 'List') return type === 'Password' ? '' : bare;
  return items.find(([id]) => String(id) === bare)?.[1] ?? bare;
}

/** The ERP value of a CRM value: only lists differ, by the mapped items; an item that is not mapped is no value. */
export function toErpValue(field: ErpField, crmValue: string): string {
  if (field.type !== 'List') return crmValue;
  return field.items.find(({ crmItem }) => `[I:${crmItem}]` === crmValue)?.erpItem ?? '';
}

/** The CRM value of an ERP value: see {@link toErpValue}. */
export function toCrmValue(field: ErpField, erpValue: string): string {
  if (field.type !== 'List') return erpValue;
  const mapped = field.items.find(({ erpItem }) => erpItem === erpValue);
  return mapped === undefined ? '' : `[I:${mapped.crmItem}]`;
}

/** The values that a CRM record gives an ERP actor: those of the mapped fields that the ERP system still has. */
export function erpValuesFrom(
  { fields }: ActorMapping,
  crmValues: Readonly<Record<string, string>>,
  isTaken: (field: ErpField) => boolean,
): Record<string, string> {
  const taken = fields.filter((field) => field.crmKey !== '' && !field.missingInErp && isTaken(field));
  return Object.fromEntries(
    taken.map((field) => [field.key, toErpValue(field, crmValues[field.crmKey] ?? '')]),
  );
}
