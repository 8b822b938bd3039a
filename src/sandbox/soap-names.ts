/** Names that SOAP services share, and how the items of an array are named. */
import type { AnyWireType, WireType } from '../agent/wire-types.ts';

/** Of `xsi:nil` and `xsi:type`. */
export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';
/** Of the arrays of simple types, and of their items. */
export const arraysNamespace = 'http://schemas.microsoft.com/2003/10/Serialization/Arrays';
/** Of the simple types that .NET adds to those of XML. */
export const serializationNamespace = 'http://schemas.microsoft.com/2003/10/Serialization/';

/** An element name. */
export interface ItemName {
  readonly name: string;
  readonly namespace: string;
}

/**
 * The element that an item of this type stands in: `FieldMetadata` in the namespace of the service, but `int` and
 * `string` in the namespace of arrays. In the service's namespace nobody would look for them.
 */
export function itemNameOf(wireType: WireType, serviceNamespace: string): ItemName {
  const type = wireType as AnyWireType;
  switch (type.kind) {
    case 'lazy':
      return itemNameOf(type.resolve(), serviceNamespace);
    case 'carrier':
    case 'enum':
    case 'dictionary':
      return { name: type.name, namespace: serviceNamespace };
    case 'integer':
      return { name: type.name === 'int16' ? 'short' : 'int', namespace: arraysNamespace };
    case 'base64':
      return { name: 'base64Binary', namespace: arraysNamespace };
    default:
      return { name: type.kind, namespace: arraysNamespace };
  }
}

const valueKinds: ReadonlySet<string> = new Set(['integer', 'boolean', 'dateTime', 'duration', 'enum']);

/** Whether a value can be null: what .NET keeps as a reference. */
export function isNillable({ kind }: WireType): boolean {
  return !valueKinds.has(kind);
}
