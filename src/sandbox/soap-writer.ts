/** Writes the contract's types as elements: what a SOAP answer holds. */

import { formatIso, parseTimeSpan } from '../agent/timespan.ts';
import {
  type AnyWireType,
  type CarrierType,
  carrierBaseMembers,
  type Fields,
  string,
  type WireType,
} from '../agent/wire-types.ts';
import { element, escaped } from './markup.ts';
import { arraysNamespace, instanceNamespace, isNillable, itemNameOf } from './soap-names.ts';
import type { Service } from './soap-routes.ts';

/** The prefixes that written elements rely on: declare them around. */
export function prefixes({ namespace }: Service): Readonly<Record<string, string>> {
  return { 'xmlns:n': namespace, 'xmlns:a': arraysNamespace, 'xmlns:i': instanceNamespace };
}

/** Members in the order of the fields, those that are absent as nil. */
export function writeMembers(service: Service, fields: Fields, values: unknown): string {
  const members = new Map(Object.entries((values ?? {}) as object));
  return Object.entries(fields)
    .map(([name, type]) => writeElement(service, `n:${name}`, type, members.get(name)))
    .join('');
}

function writeElement(service: Service, name: string, wireType: WireType, value: unknown): string {
  const type = wireType as AnyWireType;
  // What .NET keeps as a value cannot be nil, but any element may be left out.
  if (value === null || value === undefined)
    return isNillable(type) ? element(name, { 'i:nil': 'true' }) : '';
  switch (type.kind) {
    case 'lazy':
      return writeElement(service, name, type.resolve(), value);
    case 'carrier':
      return element(name, {}, writeCarrier(service, type, value));
    case 'list': {
      const item = itemNameOf(type.element, service.namespace);
      const itemName = `${item.namespace === arraysNamespace ? 'a' : 'n'}:${item.name}`;
      const items = value as readonly unknown[];
      return element(name, {}, ...items.map((each) => writeElement(service, itemName, type.element, each)));
    }
    case 'stringMap':
      return element(name, {}, writePairs(service, 'StringKeyValuePair', string, value));
    case 'dictionary':
      return element(name, {}, writePairs(service, type.pair, type.value, value));
    case 'duration':
      return element(name, {}, formatIso(parseTimeSpan(String(value)) ?? 0));
    default:
      return element(name, {}, escaped(String(value)));
  }
}

/** The two members of the base come first; nobody's rights are told, as REST tells none. */
function writeCarrier(service: Service, type: CarrierType, value: unknown): string {
  const isThere = (name: string) => service.version === 88 || !type.since88.includes(name);
  const fields = Object.entries(type.fields).filter(([name]) => isThere(name));
  const base = type.extendsCarrier
    ? carrierBaseMembers.map((name) => element(`n:${name}`, { 'i:nil': 'true' })).join('')
    : '';
  return base + writeMembers(service, Object.fromEntries(fields), value);
}

function writePairs(service: Service, pair: string, type: WireType, value: unknown): string {
  const pairs = Object.entries(value as object).map(([key, each]) =>
    element(
      `n:${pair}`,
      {},
      writeElement(service, 'n:Key', string, key),
      writeElement(service, 'n:Value', type, each),
    ),
  );
  return pairs.join('');
}
