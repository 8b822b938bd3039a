import { describe, expect, test } from 'vitest';
import {
  agentOf,
  agents,
  batch,
  erpSync,
  type Operation,
  operationNamed,
} from '../../../src/agent/contract.ts';
import type { AnyWireType } from '../../../src/agent/wire-types.ts';

const operations: readonly (readonly [string, Operation])[] = Object.entries({ ...erpSync, ...batch });

function namesWhere(
  known: Readonly<Record<string, Operation>>,
  is: (operation: Operation) => boolean,
): string[] {
  return Object.entries(known)
    .filter(([, operation]) => is(operation))
    .map(([name]) => name)
    .sort();
}

describe('operations', () => {
  test('when they are counted then the ErpSync agent has 49 and the Batch agent 15', () => {
    expect([Object.keys(erpSync).length, Object.keys(batch).length, operations.length]).toEqual([49, 15, 64]);
  });

  test('when the services are 86 then the ErpSync agent has 44 and the Batch agent 11', () => {
    const old = (known: Readonly<Record<string, Operation>>) =>
      namesWhere(known, ({ since }) => since === undefined);
    expect([old(erpSync).length, old(batch).length]).toEqual([44, 11]);
    expect(namesWhere(erpSync, ({ since }) => since === 88)).toEqual([
      'ForceResyncExternalNoBlankValues',
      'ForceResyncNoBlankValues',
      'GetAllConnections',
      'GetAllConnectors',
      'TryConnectActor',
    ]);
  });

  test('when one is looked up then its agent is known', () => {
    expect([agentOf('ForceResync'), agentOf('StopBatchJob')]).toEqual(['ErpSync', 'Batch']);
    expect([agentOf('GetArchiveListByColumns2'), agentOf('GetSystemInfo')]).toEqual([
      'Archive',
      'SoPrincipal',
    ]);
    expect(Object.keys(agents)).toEqual(['ErpSync', 'Batch', 'Archive', 'SoPrincipal']);
    expect(operationNamed('GetConnection')).toBe(erpSync.GetConnection);
  });
});

describe('effects', () => {
  test('when an operation removes something then it is marked so', () => {
    const destroying = namesWhere({ ...erpSync, ...batch }, ({ effect }) => effect === 'destroy');
    expect(destroying).toEqual([
      'BreakActorLink',
      'DeleteBatchTask',
      'DeleteBatchTasks',
      'DeleteConnection',
      'DeleteErpSyncConnectorEntity',
    ]);
  });

  test('when an operation is marked read then its name says that it changes nothing', () => {
    const reading = namesWhere({ ...erpSync, ...batch }, ({ effect }) => effect === 'read');
    const harmless = /^(Get|Test|Supports|CanDelete)/;
    expect(reading.filter((name) => !harmless.test(name))).toEqual(['CreateDefaultErpSyncConnectorEntity']);
    expect(
      operations.filter(([name]) => harmless.test(name)).every(([, { effect }]) => effect === 'read'),
    ).toBe(true);
    expect(reading).toHaveLength(33);
  });

  test('when an empty list means every record then the operation is a write and has that list', () => {
    const dangerous = operations.filter(([, { emptyMeansAll }]) => emptyMeansAll !== undefined);
    expect(dangerous.map(([name]) => name)).toEqual([
      'ForceResync',
      'ForceResyncNoBlankValues',
      'ForceResyncBatchTask',
      'ForceResyncExternal',
      'ForceResyncExternalNoBlankValues',
    ]);
    for (const [, { effect, emptyMeansAll = '', parameters }] of dangerous) {
      expect([effect, parameters[emptyMeansAll]?.kind]).toEqual(['write', 'list']);
    }
  });
});

describe('parameters', () => {
  test.each<[string, string[]]>([
    ['ForceResyncBatchTask', ['ErpConnectionId', 'InternalKeyIds']],
    ['ForceResyncExternal', ['ErpConnectionId', 'ErpActorType', 'ExternalKeys']],
    [
      'ConnectActor',
      ['ErpConnectionId', 'CrmRecordId', 'CrmActorType', 'ErpKey', 'ErpActorType', 'FieldValues'],
    ],
    [
      'CreateErpActorFromCrm',
      ['ConnectionId', 'CrmEntityId', 'ErpActorType', 'CrmActorType', 'ErpFieldKeyValues'],
    ],
    ['MoveErpFieldItem', ['ErpFieldId', 'Direction', 'ErpConnectionId', 'ErpActorType']],
  ])('when %s is called then they stand in wire order', (name, parameters) => {
    const [, operation] = operations.find(([each]) => each === name) ?? [];
    expect(Object.keys(operation?.parameters ?? {})).toEqual(parameters);
  });

  test('when REST carries them in the query or bare then there is exactly one', () => {
    const peculiar = operations.filter(([, { rest }]) => rest !== undefined);
    expect(peculiar.map(([name, { rest }]) => `${name} ${rest}`).sort()).toEqual([
      'DeleteErpSyncConnectorEntity query',
      'GetErpSyncConnectorEntity query',
      'SaveErpSyncConnectorEntity bare',
    ]);
    for (const [, { parameters }] of peculiar) expect(Object.keys(parameters)).toHaveLength(1);
  });

  test('when types are followed then all of them end', () => {
    const seen = new Set<string>();
    const follow = (type: AnyWireType): void => {
      if (type.kind === 'list') follow(type.element as AnyWireType);
      if (type.kind === 'lazy') follow(type.resolve());
      if (type.kind !== 'carrier' || seen.has(type.name)) return;
      seen.add(type.name);
      for (const field of Object.values(type.fields)) follow(field as AnyWireType);
    };
    for (const [, { parameters, result }] of operations) {
      for (const type of Object.values(parameters)) follow(type as AnyWireType);
      follow(result as AnyWireType);
    }
    expect([...seen]).toContain('BatchTaskInfo');
  });
});
