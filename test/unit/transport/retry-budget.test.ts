import { describe, expect, test } from 'vitest';
import { retryBudget } from '../../../src/transport/retry-budget.ts';

describe('retryBudget', () => {
  test('when all is spent then there is no further retry', () => {
    const budget = retryBudget(2);
    expect([budget.spend(), budget.spend(), budget.spend(), budget.spend()]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('when requests go through then ten of them earn one retry, never more than there were', () => {
    const budget = retryBudget(1);
    for (let request = 0; request < 100; request++) budget.earn();
    expect([budget.spend(), budget.spend()]).toEqual([true, false]);
    for (let request = 0; request < 9; request++) budget.earn();
    expect(budget.spend()).toBe(false);
    budget.earn();
    budget.earn();
    expect(budget.spend()).toBe(true);
  });
});
