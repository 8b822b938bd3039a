/** The contract's data types as an XML schema, the way WCF publishes the contracts of NetServer's services. */
import {
  type AnyWireType,
  type CarrierType,
  type EnumType,
  type Fields,
  type ListType,
  string,
  type WireType,
} from '../agent/wire-types.ts';
import { element } from './markup.ts';
import { isNillable } from './soap-names.ts';
import type { ServiceVersion } from './soap-routes.ts';
import { carrierMembers, flagTypes } from './wsdl-base-types.ts';

/** The types that a service uses, collected while they are named. */
export interface Schema {
  /** The name of a type as `type` attributes write it; what it stands for is defined from then on. */
  nameOf(type: WireType): string;
  /** Members of a sequence, in the order given; each may be left out, as in every NetServer contract. */
  members(fields: Fields): readonly string[];
  /** Elements that stand for themselves: header blocks. */
  globals(fields: Fields): readonly string[];
  /** Defines a type of the service's own namespace under its name, once. */
  define(name: string, definition: () => string): void;
  /** All definitions of the service's own namespace, by name. */
  definitions(): readonly string[];
  /** The element names of the arrays of simple types, which have a namespace of their own: `int`, `string`. */
  simpleArrays(): readonly string[];
}

/** An empty collection; `version` decides which members and values there are. */
export function createSchema(version: ServiceVersion): Schema {
  const defined = new Map<string, string>();
  const arrays = new Set<string>();

  const schema: Schema = {
    nameOf(wireType) {
      const type = wireType as AnyWireType;
      switch (type.kind) {
        case 'integer':
          return type.name === 'int16' ? 'xs:short' : 'xs:int';
        case 'base64':
          return 'xs:base64Binary';
        case 'duration':
          return 'ser:duration';
        case 'boolean':
        case 'string':
        case 'dateTime':
          return `xs:${type.kind}`;
        case 'enum':
          return own(type.name, () => enumType(type));
        case 'list':
          return listName(type);
        case 'stringMap':
          return own('StringDictionary', () =>
            dictionaryType(schema, 'StringDictionary', 'StringKeyValuePair', string),
          );
        case 'dictionary':
          return own(type.name, () => dictionaryType(schema, type.name, type.pair, type.value));
        case 'carrier':
          return own(type.name, () => carrierType(type));
        case 'lazy':
          return schema.nameOf(type.resolve());
      }
    },
    members: (fields) =>
      Object.entries(fields).map(([name, type]) =>
        element('xs:element', { minOccurs: '0', ...declaration(schema, name, type) }),
      ),
    globals: (fields) =>
      Object.entries(fields).map(([name, type]) => element('xs:element', declaration(schema, name, type))),
    define(name, definition) {
      if (defined.has(name)) return;
      // Its place is taken first: a type may hold itself.
      defined.set(name, '');
      defined.set(name, definition());
    },
    definitions: () => [...defined].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, definition]) => definition),
    simpleArrays: () => [...arrays].sort(),
  };

  const own = (name: string, definition: () => string): string => {
    schema.define(name, definition);
    return `tns:${name}`;
  };

  const listName = (list: ListType): string => {
    const item = schema.nameOf(list.element);
    const [prefix, name = ''] = item.split(':');
    if (prefix === 'tns')
      return own(`ArrayOf${name}`, () => arrayType(`ArrayOf${name}`, name, item, list.element));
    arrays.add(name);
    return `arr:ArrayOf${name}`;
  };

  const carrierType = (type: CarrierType): string => {
    const isThere = (name: string) => version === 88 || !type.since88.includes(name);
    const fields = Object.fromEntries(Object.entries(type.fields).filter(([name]) => isThere(name)));
    const sequence = element('xs:sequence', {}, ...schema.members(fields));
    if (!type.extendsCarrier) return element('xs:complexType', { name: type.name }, sequence);
    defineBase();
    const extension = element('xs:extension', { base: 'tns:Carrier' }, sequence);
    return element(
      'xs:complexType',
      { name: type.name },
      element('xs:complexContent', { mixed: 'false' }, extension),
    );
  };

  const defineBase = (): void => {
    for (const [name, values] of flagTypes(version)) schema.define(name, () => flagsType(name, values));
    schema.define('Carrier', () => sequenceType('Carrier', ...schema.members(carrierMembers)));
  };

  return schema;
}

/** An array type: its items may be null where their type can be. */
function arrayType(name: string, item: string, itemType: string, type: WireType): string {
  const attributes = {
    minOccurs: '0',
    maxOccurs: 'unbounded',
    name: item,
    ...nillable(type),
    type: itemType,
  };
  return sequenceType(name, element('xs:element', attributes));
}

/** A named type with a sequence. */
function sequenceType(name: string, ...members: readonly string[]): string {
  return element('xs:complexType', { name }, element('xs:sequence', {}, ...members));
}

function enumType(type: EnumType): string {
  return element('xs:simpleType', { name: type.name }, oneOf(Object.keys(type.values)));
}

function flagsType(name: string, values: readonly string[]): string {
  const item = element('xs:simpleType', {}, oneOf(values));
  return element('xs:simpleType', { name }, element('xs:list', {}, item));
}

function oneOf(values: readonly string[]): string {
  const allowed = values.map((value) => element('xs:enumeration', { value }));
  return element('xs:restriction', { base: 'xs:string' }, ...allowed);
}

function dictionaryType(schema: Schema, name: string, pair: string, value: WireType): string {
  const parts = [
    element('xs:element', declaration(schema, 'Key', string)),
    element('xs:element', declaration(schema, 'Value', value)),
  ];
  const pairType = element('xs:complexType', {}, element('xs:sequence', {}, ...parts));
  const attributes = { minOccurs: '0', maxOccurs: 'unbounded', name: pair };
  return sequenceType(name, element('xs:element', attributes, pairType));
}

function declaration(schema: Schema, name: string, type: WireType): Readonly<Record<string, string>> {
  return { name, ...nillable(type), type: schema.nameOf(type) };
}

function nillable(type: WireType): Readonly<Record<string, string>> {
  return isNillable(type) ? { nillable: 'true' } : {};
}
