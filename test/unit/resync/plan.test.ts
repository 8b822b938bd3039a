import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  argumentsOf,
  direction,
  planResync,
  type ResyncTarget,
  sourceInWords,
} from '../../../src/resync/plan.ts';
import { everyRecord, planOf, source } from './run-fixture.ts';

const anyPlan = fc
  .record({ keys: fc.integer({ min: 1, max: 500 }), chunkSize: fc.integer({ min: 1, max: 600 }) })
  .map(({ keys, chunkSize }) => planOf(keys, chunkSize));

describe('requests', () => {
  test('when keys are cut into requests then these hold each key once, in order', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const sent = plan.requests.flatMap(({ keys }) => Array.from(keys ?? []));
        expect(plan.target).toMatchObject({ list: { keys: Int32Array.from(sent) } });
      }),
    );
  });

  test('when keys are cut into requests then none is empty, and all but the last are full', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const sizes = plan.requests.map(({ keys }) => keys?.length ?? 0);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(plan.chunkSize);
        expect(sizes.slice(0, -1).every((size) => size === plan.chunkSize)).toBe(true);
      }),
    );
  });

  test('when keys are cut into requests then these are numbered from 0', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expect(plan.requests.map(({ index }) => index)).toEqual([...plan.requests.keys()]);
      }),
    );
  });

  test('when there is no key then there is no plan, since it would mean every record', () => {
    const target: ResyncTarget = {
      kind: 'keys',
      list: { keys: new Int32Array(), given: 0, duplicates: 0 },
    };
    expect(() => planResync(source, target, 10)).toThrow(expect.objectContaining({ code: 'internal' }));
  });

  test('when every record is meant then there is one request without keys', () => {
    expect(everyRecord.requests).toEqual([{ index: 0, keys: null }]);
  });
});

describe('argumentsOf', () => {
  test('when a request has keys then its list is never empty', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        for (const request of plan.requests) {
          const { ErpConnectionId, InternalKeyIds } = argumentsOf(plan, request);
          expect(ErpConnectionId).toBe(124);
          expect(InternalKeyIds).toEqual(Array.from(request.keys ?? []));
          expect(InternalKeyIds).not.toEqual([]);
        }
      }),
    );
  });

  test('when every record is meant then the list is empty', () => {
    expect(everyRecord.requests.map((request) => argumentsOf(everyRecord, request))).toEqual([
      { ErpConnectionId: 124, InternalKeyIds: [] },
    ]);
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
