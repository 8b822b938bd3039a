/** Any values of the contract's types, for properties. */
import fc, { type Arbitrary } from 'fast-check';
import { formatClock } from '../../../src/agent/timespan.ts';
import type { AnyWireType, WireType } from '../../../src/agent/wire-types.ts';
import { membersIn, type ServicesVersion } from '../../../src/agent/wire-xml.ts';

/** Text as XML can carry it; line ends are one character to XML, save where they are escaped. */
export const carriable = fc
  .string({ unit: 'binary', maxLength: 20 })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot carry
  .map((text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\r'));

/** Any value that a type can have in a version. */
export function anyValueOf(wireType: WireType, version: ServicesVersion, depth = 3): Arbitrary<unknown> {
  const type = wireType as AnyWireType;
  const orNull = (values: () => Arbitrary<unknown>) => (depth <= 0 ? fc.constant(null) : fc.option(values()));
  switch (type.kind) {
    case 'integer':
      return fc.constantFrom(type.min, type.max, 0, 1, -1);
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.option(carriable);
    case 'dateTime':
      return fc.constantFrom('2026-01-31T12:00:00', '0001-01-01T00:00:00', '2026-01-31T12:00:00.5Z');
    case 'duration':
      return fc.integer().map(formatClock);
    case 'base64':
      return fc.option(fc.base64String());
    case 'enum':
      return fc.constantFrom(...Object.keys(type.values));
    case 'list':
      return orNull(() => fc.array(anyValueOf(type.element, version, depth - 1), { maxLength: 3 }));
    case 'stringMap':
      return orNull(() =>
        fc.dictionary(carriable, fc.option(carriable), { maxKeys: 3, noNullPrototype: true }),
      );
    case 'dictionary':
      return orNull(() =>
        fc.dictionary(carriable, anyValueOf(type.value, version, depth - 1), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      );
    case 'carrier':
      return orNull(() =>
        fc.record(membersOf(membersIn(type, version), version, depth - 1), { noNullPrototype: true }),
      );
    case 'lazy':
      return orNull(() => anyValueOf(type.resolve(), version, depth - 1));
  }
}

/** Values for all of these members. */
export function membersOf(
  members: readonly (readonly [string, WireType])[],
  version: ServicesVersion,
  depth: number,
): Record<string, Arbitrary<unknown>> {
  return Object.fromEntries(members.map(([name, type]) => [name, anyValueOf(type, version, depth)]));
}
