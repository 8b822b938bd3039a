/** The shapes of the data types of the wire, made from the contract. */
import type { AnyWireType, CarrierType, EnumType, WireType } from '../../agent/wire-types.ts';
import { carrierBaseMembers } from '../../agent/wire-types.ts';
import { type Schema, type Shape, words } from '../../output/shape.ts';

/** The name of an enum's value. */
export function enumShape<N extends string>({ values }: EnumType<N>): Shape<N> {
  return words(...(Object.keys(values) as N[]));
}

/** A data type with its members as commands show them: `ErpFieldId` as `erpFieldId`. */
export function camelShape({ fields }: CarrierType): Shape<Readonly<Record<string, unknown>>> {
  const members = Object.entries(fields).map(([name, member]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    orNull(wireSchema(member, new Map())),
  ]);
  return { schema: { type: 'object', properties: Object.fromEntries(members) } };
}

/**
 * The schema of a wire type's values in JSON. Data types refer to `#/$defs/<name>`, and are added to `definitions`:
 * some hold others of their own kind. Any of their members may be null or missing, as older servers have it.
 */
export function wireSchema(type: WireType, definitions: Map<string, Schema>): Schema {
  const known = type as AnyWireType;
  switch (known.kind) {
    case 'integer':
      return { type: 'integer', minimum: known.min, maximum: known.max };
    case 'boolean':
      return { type: 'boolean' };
    case 'string':
    case 'base64':
      return { type: ['string', 'null'] };
    case 'dateTime':
    case 'duration':
      return { type: 'string' };
    case 'enum':
      return { enum: Object.keys(known.values) };
    case 'list':
      return { type: ['array', 'null'], items: wireSchema(known.element, definitions) };
    case 'stringMap':
      return { type: ['object', 'null'], additionalProperties: { type: ['string', 'null'] } };
    case 'dictionary':
      return { type: ['object', 'null'], additionalProperties: wireSchema(known.value, definitions) };
    case 'lazy':
      return wireSchema(known.resolve(), definitions);
    case 'carrier':
      if (!definitions.has(known.name)) {
        // Before its members: one of them may be of the same type.
        definitions.set(known.name, {});
        definitions.set(known.name, carrierSchema(known, definitions));
      }
      return { anyOf: [{ $ref: `#/$defs/${known.name}` }, { type: 'null' }] };
  }
}

function carrierSchema(
  { fields, extendsCarrier }: Extract<AnyWireType, { kind: 'carrier' }>,
  definitions: Map<string, Schema>,
): Schema {
  const base = extendsCarrier ? carrierBaseMembers.map((name) => [name, {}] as const) : [];
  const own = Object.entries(fields).map(
    ([name, member]) => [name, orNull(wireSchema(member, definitions))] as const,
  );
  return { type: 'object', properties: Object.fromEntries([...base, ...own]) };
}

function orNull(schema: Schema): Schema {
  const { type, enum: names, anyOf } = schema;
  if (Array.isArray(names)) return { ...schema, enum: [...names, null] };
  if (typeof type === 'string') return { ...schema, type: [type, 'null'] };
  return Array.isArray(type) || anyOf ? schema : { anyOf: [schema, { type: 'null' }] };
}
