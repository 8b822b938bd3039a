import { describe, expect, test } from 'vitest';
import { didYouMean, nearestName } from '../../src/nearest-name.ts';

describe('the nearest name', () => {
  test.each([
    ['bacth', ['batch', 'direct'], 'batch'],
    ['jsn', ['table', 'json', 'ndjson'], 'json'],
    ['cvs', ['lines', 'csv', 'tsv'], 'csv'],
    ['PROD', ['test', 'prod'], 'prod'],
    ['custommer', ['Customer', 'Supplier'], 'Customer'],
    ['xyzzy', ['batch', 'direct'], undefined],
    ['a', [], undefined],
    ['', ['batch'], undefined],
  ])('when %j is typed for one of %j then it is %j', (typed, known, nearest) => {
    expect(nearestName(typed, known)).toBe(nearest);
  });

  test('when it came from a server then it is quoted so that it cannot steer a terminal', () => {
    expect(didYouMean('ab\u001b', ['ab\u001b['])).toBe('did you mean "ab\\u001b["?');
  });
});
