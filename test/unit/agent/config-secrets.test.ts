/** Passwords in configuration fields: masked wherever they stand, and a mask is found where it is sent back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mask,
  maskConfigFields,
  maskedResult,
  maskWithin,
  withoutConfigSecrets,
} from '../../../src/agent/config-secrets.ts';

describe('configuration fields', () => {
  test('when they stand anywhere in a value then their texts do not come out', () => {
    const secret = 'sEcReT-4711';
    const fields = fc.dictionary(fc.string(), fc.constantFrom(secret, '', null), { minKeys: 1 });
    const name = fc.constantFrom('ConfigFields', 'configFields', 'CONFIGFIELDS');
    fc.assert(
      fc.property(fc.jsonValue(), name, fields, (value, key, secrets) => {
        const shown = withoutConfigSecrets({ value, list: [{ [key]: secrets }] });
        expect(JSON.stringify(shown)).not.toContain(secret);
        expect(maskWithin(shown, 'x') !== undefined).toBe(Object.values(secrets).includes(secret));
      }),
    );
  });

  test('when a value has none then it stays as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(withoutConfigSecrets(value)).toEqual(value);
      }),
    );
  });

  test('when the types are known then only passwords and fields of unknown type are masked', () => {
    const types = new Map([
      ['Text', 'Text'],
      ['Password', 'Password'],
    ]);
    const fields = { Text: 'a', Password: 'b', Unknown: 'c', Empty: '' };
    expect(maskConfigFields(fields, types)).toEqual({ Text: 'a', Password: mask, Unknown: mask, Empty: '' });
  });

  test('when the server answers an error instead of fields then it can be read', () => {
    const error = { Error: true, ErrorMessage: 'no' };
    expect(maskedResult('GetErpConnectionConfigFields', error)).toEqual(error);
  });
});

describe('default values of a field', () => {
  const both = { DefaultValue: 'geheim', firstSyncDefaultValue: 'geheim' };
  const hidden = { DefaultValue: mask, firstSyncDefaultValue: mask };

  test.each([{ FieldType: 'Password' }, { fieldtype: 2 }, { FieldType: null }, {}])(
    'when its type is %j then both are masked',
    (type) => {
      expect(withoutConfigSecrets({ ...type, ...both })).toEqual({ ...type, ...hidden });
    },
  );

  test.each([{ FieldType: 'Text' }, { FieldType: 1 }])('when its type is %j then they are shown', (type) => {
    expect(withoutConfigSecrets({ ...type, ...both })).toEqual({ ...type, ...both });
  });
});
