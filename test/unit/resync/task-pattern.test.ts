import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namePattern } from '../../../src/resync/task-pattern.ts';

describe('a pattern of names', () => {
  test.each([
    ['*erp*resync*', 'ErpForceResyncBatchPlugin', true],
    ['*erp*resync*', 'Resync of ERP', false],
    ['*erp*resync*', 'SR_BATCH_ERPFORCERESYNCBATCHPLUGIN_NAME', true],
    ['erp', 'ERP', true],
    ['erp', 'erp2', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*a*b', 'ab', true],
    ['a*b*c', 'abbc', true],
    ['a*bc*c', 'abc', false],
    ['*', '', true],
    ['a.c', 'abc', false],
  ])('when it is %j then that %j fits is %j', (pattern, name, fits) => {
    expect(namePattern(pattern)(name)).toBe(fits);
  });

  test('when any pattern meets any name then the answer is that of the same regular expression', () => {
    const few = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(few, fc.string({ unit: fc.constantFrom('a', 'b', 'A'), maxLength: 8 }), (pattern, name) => {
        const same = new RegExp(`^${pattern.split('*').join('.*')}$`, 'is');
        expect(namePattern(pattern)(name)).toBe(same.test(name));
      }),
      { numRuns: 1_000 },
    );
  });

  test('when a name nearly fits a pattern of many parts then the answer comes at once', () => {
    expect(namePattern(`${'*a'.repeat(5_000)}*b`)('a'.repeat(60_000))).toBe(false);
  });
});
