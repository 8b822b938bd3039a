/**
 * A tenant of many linked companies, for a sandbox in the test's own process: give it to `startSandbox` as
 * `surroundings: { begin: (now) => largeTenant(now, 100_000) }`.
 */
import type { Clock } from '../../src/sandbox/clock.ts';
import type { Tenant } from '../../src/sandbox/state.ts';
import { startingTenant } from '../../src/sandbox/tenant-data.ts';

/** The internal key of the first of the companies, whose ids are above 1000000; the others follow one by one. */
export const firstLargeKey = 100_001;

/**
 * The tenant of the sandbox's start with so many more companies: internal key 100001 is company 1000001 "Company
 * 1", C-100001 in connection 124, and every second one is a customer of connection 125 too.
 */
export function largeTenant(now: Clock, companies: number): Tenant {
  const tenant = startingTenant(now);
  const numbers = Array.from({ length: companies }, (_, index) => index);
  const externalKeys = (internalKey: number, index: number) => {
    const erpKey = `C-${internalKey}`;
    const first = { id: 1_000_001 + 2 * index, connectionId: 124, actorType: 'Customer', erpKey } as const;
    return index % 2 === 0 ? [first] : [first, { ...first, id: first.id + 1, connectionId: 125 }];
  };
  return {
    ...tenant,
    linkedRecords: [
      ...tenant.linkedRecords,
      ...numbers.map((index) => ({
        internalKey: firstLargeKey + index,
        tableId: 5,
        recordId: 1_000_001 + index,
        externalKeys: externalKeys(firstLargeKey + index, index),
      })),
    ],
    crmRecords: [
      ...tenant.crmRecords,
      ...numbers.map((index) => ({
        type: 'Contact' as const,
        id: 1_000_001 + index,
        values: { Name: `Company ${index + 1}` },
      })),
    ],
    nextIds: { ...tenant.nextIds, internalKey: firstLargeKey + companies, externalKey: 10_000_001 },
  };
}
