/** Given arguments against the contract: what comes in is found again on the wire, or its path is named. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  erpSyncOperation,
  readArgument,
  readArguments,
  readScalarText,
} from '../../../src/agent/arguments.ts';
import { erpSync, type OperationName, operationNamed } from '../../../src/agent/contract.ts';
import { formatClock } from '../../../src/agent/timespan.ts';
import { encodeJsonRequest, readJsonArguments } from '../../../src/agent/wire-json.ts';
import type { AnyWireType, WireType } from '../../../src/agent/wire-types.ts';
import { ErpsyncError } from '../../../src/errors.ts';

const names = Object.keys(erpSync) as (keyof typeof erpSync)[];

function anyCase(name: string): Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((upper) =>
      [...name].map((letter, at) => (upper[at] ? letter.toUpperCase() : letter.toLowerCase())).join(''),
    );
}

/** Any value of a type, with the names in it in any case. */
function anyOf(wireType: WireType, depth = 3): Arbitrary<unknown> {
  const type = wireType as AnyWireType;
  const orNull = (values: () => Arbitrary<unknown>) => (depth <= 0 ? fc.constant(null) : fc.option(values()));
  switch (type.kind) {
    case 'integer':
      return fc.integer({ min: type.min, max: type.max });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.option(fc.string({ minLength: 1 }));
    case 'dateTime':
      return fc.constantFrom('2026-01-31T12:00:00', '2026-01-31', '2026-01-31T12:00:00.5Z');
    case 'duration':
      return fc.integer({ min: 0, max: 10 ** 9 }).map(formatClock);
    case 'enum':
      return fc.constantFrom(...Object.keys(type.values)).chain(anyCase);
    case 'list':
      return orNull(() => fc.array(anyOf(type.element, depth - 1), { maxLength: 3 }));
    case 'stringMap':
      return orNull(() =>
        fc.dictionary(fc.string(), fc.option(fc.string()), { maxKeys: 3, noNullPrototype: true }),
      );
    case 'base64':
      return fc.option(fc.base64String());
    case 'dictionary':
      return orNull(() =>
        fc.dictionary(fc.string(), anyOf(type.value, depth - 1), { noNullPrototype: true }),
      );
    case 'carrier':
      return orNull(() => membersOf(Object.entries(type.fields), depth - 1));
    case 'lazy':
      return orNull(() => anyOf(type.resolve(), depth - 1));
  }
}

function membersOf(fields: readonly (readonly [string, WireType])[], depth: number): Arbitrary<object> {
  const members = fields.map(([name, type]) => fc.tuple(anyCase(name), anyOf(type, depth)));
  return fc.tuple(...members).map((entries) => Object.fromEntries(entries));
}

/** Arguments that fit; key lists hold a key, since an empty one is refused. */
const operationWithArguments = fc.constantFrom(...names).chain((name) => {
  const { parameters, emptyMeansAll } = operationNamed(name);
  const fields = Object.entries(parameters).filter(([parameter]) => parameter !== emptyMeansAll);
  const keys =
    emptyMeansAll === undefined ? {} : { [emptyMeansAll]: emptyMeansAll === 'ExternalKeys' ? ['a'] : [1] };
  return membersOf(fields, 3).map((given) => ({ name, given: { ...given, ...keys } }));
});

describe('arguments that fit', () => {
  test('when they are read then the request has them, with the names of the contract', () => {
    fc.assert(
      fc.property(operationWithArguments, ({ name, given }) => {
        const { values, everyRecord } = readArguments(name, given, false);
        expect(everyRecord).toBe(false);
        expect(Object.keys(values)).toEqual(Object.keys(operationNamed(name).parameters));
        const { body } = encodeJsonRequest(name as OperationName, values as never);
        if (body !== undefined) expect(readJsonArguments(name, JSON.parse(body))).toEqual(values);
      }),
      { numRuns: 400 },
    );
  });

  test('when one is left out then it is named', () => {
    fc.assert(
      fc.property(operationWithArguments, fc.nat(), ({ name, given }, at) => {
        const left = Object.keys(given)[at % Math.max(1, Object.keys(given).length)];
        fc.pre(left !== undefined);
        const rest = Object.fromEntries(Object.entries(given).filter(([key]) => key !== left));
        const parameter = Object.keys(operationNamed(name).parameters).find(
          (known) => known.toLowerCase() === left?.toLowerCase(),
        );
        expect(() => readArguments(name, rest, false)).toThrow(
          new RegExp(`${name}\\.${parameter} is missing`),
        );
      }),
    );
  });
});

describe('anything at all', () => {
  test('when it is read then it fits, or a usage error names a path below the operation', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), fc.jsonValue(), (name, one, other) => {
        const parameters = Object.keys(operationNamed(name).parameters);
        const given = Object.fromEntries(
          parameters.map((parameter, at) => [parameter, at % 2 ? other : one]),
        );
        try {
          readArguments(name, given, false);
        } catch (error) {
          expect(error).toBeInstanceOf(ErpsyncError);
          expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(`${name}`) });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('when a key list is not a list with keys then it never passes without --all', () => {
    const empty = fc.constantFrom(undefined, null, [], [null], [''], {}, '', 0, false);
    const resyncs = names.filter((name) => operationNamed(name).emptyMeansAll !== undefined);
    fc.assert(
      fc.property(fc.constantFrom(...resyncs), empty, (name, keys) => {
        const parameter = operationNamed(name).emptyMeansAll ?? '';
        const given = { ErpConnectionId: 1, ...(name.includes('External') && { ErpActorType: 'Customer' }) };
        expect(() =>
          readArguments(name, keys === undefined ? given : { ...given, [parameter]: keys }, false),
        ).toThrow(ErpsyncError);
      }),
    );
  });

  test('when text is read as a scalar then it fits the type or is refused', () => {
    const { ErpConnectionId, ErpActorType } = operationNamed('GetCrmActorType').parameters;
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(ErpConnectionId, ErpActorType), (text, wireType) => {
        const type = wireType as AnyWireType;
        try {
          const value = readScalarText(type, text, 'x');
          expect(readArgument(type, value, 'x')).toEqual(value);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' });
        }
      }),
    );
  });
});

describe('names of operations', () => {
  test.each(names)('when %s is typed in any case then it is found', (name) => {
    expect(erpSyncOperation(name.toLowerCase())).toBe(name);
    expect(erpSyncOperation(name.toUpperCase())).toBe(name);
  });

  test('when one letter is wrong then the operation is suggested', () => {
    for (const name of names) {
      const typo = `${name.slice(0, 3)}x${name.slice(4)}`;
      expect(() => erpSyncOperation(typo)).toThrow(
        expect.objectContaining({ next: expect.stringContaining(`"${name}"`) }),
      );
    }
  });
});
