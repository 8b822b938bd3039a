/** What every carrier inherits in SOAP: the caller's rights to the record and to its fields. */
import { dictionary, enumeration, type Fields, int32, plainCarrier, string } from '../agent/wire-types.ts';

// Their values are flags: a list of names, see `flagsOf`.
const ETableRight = enumeration('ETableRight', {});
const EFieldRight = enumeration('EFieldRight', {});

const TableRight = plainCarrier('TableRight', { Mask: ETableRight, Reason: string });
const FieldRight = plainCarrier('FieldRight', { Mask: EFieldRight, Reason: string });
const FieldProperty = plainCarrier('FieldProperty', {
  FieldRight,
  FieldType: string,
  FieldLength: int32,
});

/** The members of `Carrier`, which stand before a carrier's own. */
export const carrierMembers: Fields = {
  TableRight,
  FieldProperties: dictionary(
    'FieldPropertyDictionary',
    'FieldPropertyDictionaryKeyValuePair',
    FieldProperty,
  ),
};

/** The values of the types that are lists of flags, by name; Services88 knows more of them. */
export function flagTypes(version: number): ReadonlyMap<string, readonly string[]> {
  const is88 = version >= 88;
  return new Map([
    [
      'ETableRight',
      [
        ...['Select', 'Update', 'Insert', 'Delete', 'Filtering', 'RestrictedUpdate'],
        ...(is88 ? ['Unused1', 'Uninitialized', 'R', 'F'] : []),
      ],
    ],
    [
      'EFieldRight',
      [
        ...['Read', 'Write', 'Unused1', 'Unused2', 'Unused3', 'Unused4'],
        ...['UIHintMandatory', 'UIHintReadOnly', 'UndefinedValue256'],
        ...(is88 ? ['Nullable'] : []),
      ],
    ],
  ]);
}
