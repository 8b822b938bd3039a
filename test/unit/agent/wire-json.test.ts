import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  batch,
  erpSync,
  type Operation,
  type OperationName,
  operationNamed,
} from '../../../src/agent/contract.ts';
import { formatClock } from '../../../src/agent/timespan.ts';
import {
  encodeJsonRequest,
  readJson,
  readJsonArguments,
  restPath,
  WireValueError,
} from '../../../src/agent/wire-json.ts';
import { type AnyWireType, int16, int32, type WireType } from '../../../src/agent/wire-types.ts';

const names = Object.keys({ ...erpSync, ...batch }) as OperationName[];

/** Any value that a type can have. */
function arbitraryOf(wireType: WireType, depth = 3): Arbitrary<unknown> {
  const type = wireType as AnyWireType;
  const orNull = (values: () => Arbitrary<unknown>) => (depth <= 0 ? fc.constant(null) : fc.option(values()));
  switch (type.kind) {
    case 'integer':
      return fc.integer({ min: type.min, max: type.max });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.option(fc.string({ unit: 'binary' }));
    case 'dateTime':
      return fc.string();
    case 'duration':
      return fc.integer().map(formatClock);
    case 'enum':
      return fc.constantFrom(...Object.keys(type.values));
    case 'list':
      return orNull(() => fc.array(arbitraryOf(type.element, depth - 1), { maxLength: 3 }));
    case 'stringMap':
      return orNull(() =>
        fc.dictionary(fc.string(), fc.option(fc.string()), { maxKeys: 3, noNullPrototype: true }),
      );
    case 'base64':
      return fc.option(fc.base64String());
    case 'dictionary':
      return orNull(() =>
        fc.dictionary(fc.string(), arbitraryOf(type.value, depth - 1), { noNullPrototype: true }),
      );
    case 'carrier':
      return orNull(() => membersOf(type.fields, depth - 1));
    case 'lazy':
      return orNull(() => arbitraryOf(type.resolve(), depth - 1));
  }
}

function membersOf(
  fields: Readonly<Record<string, WireType>>,
  depth = 3,
): Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(fields).map(([name, type]) => [name, arbitraryOf(type, depth)] as const);
  return fc.record(Object.fromEntries(entries), { noNullPrototype: true });
}

function encode(name: OperationName, given: unknown) {
  return encodeJsonRequest(name, given as never);
}

describe('requests', () => {
  test.each<[OperationName, Record<string, unknown>, string, string | undefined]>([
    [
      'ForceResyncBatchTask',
      { InternalKeyIds: [100, 959], ErpConnectionId: 124 },
      'ErpSync/ForceResyncBatchTask',
      '{"ErpConnectionId":124,"InternalKeyIds":[100,959]}',
    ],
    ['GetEngineStatus', {}, 'ErpSync/GetEngineStatus', undefined],
    [
      'GetErpSyncConnectorEntity',
      { ErpSyncConnectorEntityId: 7 },
      'ErpSync/GetErpSyncConnectorEntity?erpSyncConnectorEntityId=7',
      undefined,
    ],
    [
      'SaveErpSyncConnectorEntity',
      { ErpSyncConnectorEntity: { ErpConnectorId: 1 } },
      'ErpSync/SaveErpSyncConnectorEntity',
      '{"ErpConnectorId":1}',
    ],
    ['StopBatchJob', { Id: 71 }, 'Batch/StopBatchJob', '{"Id":71}'],
  ])('when %s is written then path and body are exactly these', (name, given, path, body) => {
    expect(encode(name, given)).toEqual({ path: `/api/v1/Agents/${path}`, body });
  });

  test.each(names)('when %s is written and read again then nothing has changed', (name) => {
    const { parameters, rest }: Operation = operationNamed(name);
    fc.assert(
      fc.property(membersOf(parameters), (given) => {
        const { path, body } = encode(name, given);
        expect(path.startsWith(restPath(name))).toBe(true);
        if (rest === 'query' || body === undefined) return;
        const json: unknown = JSON.parse(body);
        if (rest === undefined) expect(Object.keys(json as object)).toEqual(Object.keys(parameters));
        expect(readJsonArguments(name, json)).toEqual(given);
      }),
      { numRuns: 25 },
    );
  });

  test.each(names)('when a parameter of %s is missing then it is not written', (name) => {
    const [given] = fc.sample(membersOf(operationNamed(name).parameters), 1);
    for (const parameter of Object.keys(operationNamed(name).parameters)) {
      const { [parameter]: _, ...others } = given ?? {};
      expect(() => encode(name, others)).toThrow(`${name}.${parameter}: is missing`);
    }
  });

  test.each<[unknown, string]>([
    [[1, 2_147_483_648], 'ForceResyncBatchTask.InternalKeyIds[1]: 2147483648 is outside int32'],
    [[1.5], 'InternalKeyIds[0]: 1.5 where a whole number'],
    [['1'], 'InternalKeyIds[0]: "1" where a whole number'],
    [[Number.NaN], 'InternalKeyIds[0]: null where a whole number'],
    [[null], 'InternalKeyIds[0]: null where a whole number'],
    ['1,2', 'InternalKeyIds: "1,2" where a list is due'],
  ])('when the keys are %j then the place is named', (keys, message) => {
    expect(() => encode('ForceResyncBatchTask', { ErpConnectionId: 1, InternalKeyIds: keys })).toThrow(
      message,
    );
  });
});

describe('a strict reader', () => {
  const read = (body: unknown) => () => readJsonArguments('ForceResyncBatchTask', body);

  test('when names differ in case then they bind all the same', () => {
    expect(read({ erpconnectionid: 1, INTERNALKEYIDS: [2] })()).toEqual({
      ErpConnectionId: 1,
      InternalKeyIds: [2],
    });
  });

  test.each<[string, unknown, string]>([
    ['a missing list', { ErpConnectionId: 1 }, 'InternalKeyIds: is missing'],
    [
      'an unknown property',
      { ErpConnectionId: 1, InternalKeyIds: [], InternalKeys: [1] },
      'InternalKeys: is not a known property',
    ],
    [
      'two names for one',
      { ErpConnectionId: 1, InternalKeyIds: [1], internalKeyIds: [] },
      'differs from "InternalKeyIds" only in case',
    ],
    ['no object', [1], 'where an object is due'],
    ['null', null, 'where an object is due'],
  ])('when there is %s then it is refused', (_, body, message) => {
    expect(read(body)).toThrow(message);
    expect(read(body)).toThrow(WireValueError);
  });

  test('when an enum is a number or unknown then it is refused', () => {
    const type = operationNamed('SupportsAdvancedSearch').parameters['ErpActorType'] as WireType;
    expect(readJson(type, 'Customer', 'x', 'strict')).toBe('Customer');
    expect(() => readJson(type, 1, 'x', 'strict')).toThrow('x: 1 is not a ErpActorType');
    expect(() => readJson(type, 'toString', 'x', 'strict')).toThrow('is not a ErpActorType');
  });
});

describe('a lenient reader', () => {
  const { result } = operationNamed('GetConnection');

  test('when members are unknown, null or in another case then the known ones are read', () => {
    const answer = {
      erpConnectionId: 1,
      DisplayName: null,
      Newer: {},
      TableRight: null,
      FieldProperties: { a: 1 },
    };
    expect(readJson(result, answer, 'answer', 'lenient')).toEqual({ ErpConnectionId: 1 });
  });

  test('when an enum is newer or a number then it is kept as text', () => {
    const type = operationNamed('GetCrmActorType').result;
    expect(['Newer', 2, 77].map((value) => readJson(type, value, 'x', 'lenient'))).toEqual([
      'Newer',
      'Person',
      '77',
    ]);
  });

  test('when a member has another type then its place is named', () => {
    expect(() => readJson(result, { Active: 'yes' }, 'answer', 'lenient')).toThrow(
      'answer.Active: "yes" where true or false is due',
    );
  });
});

test.each([int32, int16])('when a number of %o is at its ends then it is read, beyond them not', (type) => {
  expect([type.min, type.max].map((value) => readJson(type, value, 'x', 'strict'))).toEqual([
    type.min,
    type.max,
  ]);
  for (const value of [type.min - 1, type.max + 1])
    expect(() => readJson(type, value, 'x', 'lenient')).toThrow('is outside');
});

test('when a value is long then a message shows only a glimpse of it', () => {
  expect(() => readJson(int32, 'x'.repeat(1_000), 'p', 'strict')).toThrow(
    /^p: "x{39}\.\.\. where a whole number/,
  );
});

describe('durations', () => {
  test.each([
    ['00:15:00', '00:15:00', 'PT15M'],
    ['0:15', '00:15:00', 'PT15M'],
    ['PT15M', '00:15:00', 'PT15M'],
    ['PT26H30S', '1.02:00:30', 'P1DT2H30S'],
    ['1.02:00:30', '1.02:00:30', 'P1DT2H30S'],
  ])('when %s is given then it is written in the form that was asked for', (Interval, clock, iso) => {
    const bodyIn = (...form: ('clock' | 'iso')[]) =>
      encodeJsonRequest('ChangeEngineInterval', { Interval }, ...form).body;
    expect([bodyIn(), bodyIn('clock'), bodyIn('iso')]).toEqual(
      [clock, clock, iso].map((written) => JSON.stringify({ Interval: written })),
    );
  });

  test.each(['15', '15m', '', 'PT', '00:60:00', null, 900])(
    'when %j is given then it is refused',
    (Interval) => {
      expect(() => encode('ChangeEngineInterval', { Interval })).toThrow(
        new WireValueError(
          'ChangeEngineInterval.Interval',
          `${JSON.stringify(Interval)} is no duration, such as 00:15:00 or PT15M`,
        ),
      );
    },
  );

  test.each(['00:15:00', 'PT15M', '0:15'])('when a server answers %s then it stays as it is', (Interval) => {
    const { result } = operationNamed('GetEngineStatus');
    expect(readJson(result, { Interval }, 'answer', 'lenient')).toEqual({ Interval });
  });

  test('when a server answers what cannot be read then it is told', () => {
    const { result } = operationNamed('GetEngineStatus');
    expect(() => readJson(result, { Interval: 'soon' }, 'answer', 'lenient')).toThrow(
      'answer.Interval: "soon" is no duration',
    );
  });
});
