import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  direction,
  planResync,
  type ResyncMode,
  type ResyncTarget,
  sourceInWords,
} from '../../../src/resync/plan.ts';
import { everyRecord, planOf, source } from './run-fixture.ts';

const anyPlan = fc
  .record({ keys: fc.integer({ min: 1, max: 500 }), chunkSize: fc.integer({ min: 1, max: 600 }) })
  .map(({ keys, chunkSize }) => ({ chunkSize, plan: planOf(keys, chunkSize) }));

describe('requests', () => {
  test('when keys are cut into requests then these hold each key once, in order', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan }) => {
        const sent = plan.requests.flatMap(({ keys }) =>
          Array.from<number | string, number>(keys ?? [], Number),
        );
        expect(plan.target).toMatchObject({ keys: Int32Array.from(sent) });
      }),
    );
  });

  test('when keys are cut into requests then none is empty, and all but the last are full', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan, chunkSize }) => {
        const sizes = plan.requests.map(({ keys }) => keys?.length ?? 0);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(chunkSize);
        expect(sizes.slice(0, -1).every((size) => size === chunkSize)).toBe(true);
      }),
    );
  });

  test('when keys are cut into requests then these are numbered from 0', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan }) => {
        expect(plan.requests.map(({ index }) => index)).toEqual([...plan.requests.keys()]);
      }),
    );
  });

  test('when there is no key then there is no plan, since it would mean every record', () => {
    const target: ResyncTarget = { kind: 'internal-keys', keys: new Int32Array(), given: 0 };
    expect(() => planResync(source, target, { mode: 'batch', keepNonBlank: false, chunkSize: 10 })).toThrow(
      expect.objectContaining({ code: 'internal' }),
    );
  });

  test('when every record is meant then there is one request without keys', () => {
    expect(everyRecord.requests).toEqual([{ index: 0, keys: null }]);
  });
});

describe('operations', () => {
  const internal: ResyncTarget = { kind: 'internal-keys', keys: Int32Array.of(1), given: 1 };
  const external: ResyncTarget = { kind: 'external-keys', keys: ['C1'], given: 1, actorType: 'Customer' };
  const operation = (target: ResyncTarget, mode: ResyncMode, keepNonBlank: boolean) =>
    planResync(source, target, { mode, keepNonBlank, chunkSize: 10 }).operation;

  test.each([
    [internal, 'batch', false, 'ForceResyncBatchTask'],
    [internal, 'direct', false, 'ForceResync'],
    [internal, 'direct', true, 'ForceResyncNoBlankValues'],
    [external, 'direct', false, 'ForceResyncExternal'],
    [external, 'direct', true, 'ForceResyncExternalNoBlankValues'],
  ] as const)('when %j goes %s (blank values kept out: %s) then it is %s', (target, mode, keep, expected) => {
    expect(operation(target, mode, keep)).toBe(expected);
  });

  test.each([
    [internal, true],
    [external, false],
  ] as const)('when the server has no batch form then there is no plan', (target, keep) => {
    expect(() => operation(target, 'batch', keep)).toThrow(expect.objectContaining({ code: 'internal' }));
  });
});

describe('words', () => {
  test.each([
    [source, 'from ERP connection 124 "Visma Net" to all other connections and SuperOffice'],
    [{ connectionId: 7, name: null }, 'from ERP connection 7 to all other connections and SuperOffice'],
    [{ connectionId: 0, name: null }, 'from SuperOffice CRM to all ERP connections'],
  ])('when the source is %j then the direction is told in full', (given, words) => {
    expect(direction(given)).toBe(words);
    expect(words).toContain(sourceInWords(given));
  });
});
